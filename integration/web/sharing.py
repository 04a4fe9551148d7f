"""The coach's side of supervision: whom they accept, what they show, for what, and taking it back."""

from __future__ import annotations

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from integration.store import audit, consents, supervision
from integration.store.people import PersonKind
from integration.store.record import FIGURES
from integration.store.schema import Person
from integration.store.sharing_schema import Assignment
from integration.store.states import Purpose
from integration.web.access import only
from integration.web.current import me, services
from integration.web.letters import letter_to
from integration.web.links import supervision_url
from integration.web.sessions import media_names, own_record
from processor.errors import ProductError
from reports.audience import Audience

pages = Blueprint("sharing", __name__)
PURPOSES = ("supervision", "mentoring", "credential")


@pages.get("/sessions/<token>/share")
@only(PersonKind.COACH)
def share(token: str) -> ResponseReturnValue:
    """With whom the session is shared, and with whom it could be."""
    record = own_record(token)
    with services().database.transaction() as tx:
        found = {
            "supervisors": supervision.supervisors_of(tx, me().id),
            "shares": supervision.shares_of(tx, record.call.id),
            "remarks": supervision.comments_of(tx, record.call.id, record.key),
            "client_agrees": consents.is_granted(tx, record.call.id, Purpose.SUPERVISOR),
        }
    return render_template(
        "share.html",
        token=token,
        started_ms=record.call.started_ms,
        purposes=PURPOSES,
        can_play=bool(media_names(record)),
        invites=services().settings.consent.clients_are_invited,
        **found,
    )


@pages.post("/sessions/<token>/share")
@only(PersonKind.COACH)
def show_to(token: str) -> ResponseReturnValue:
    """Show the session to one supervisor, if its client agreed to that."""
    record, now = own_record(token), services().now_ms()
    purpose, question = request.form.get("purpose", ""), request.form.get("question", "").strip()[:1000]
    with services().database.transaction() as tx:
        allowed = {str(person.id): person.id for person in supervision.supervisors_of(tx, me().id)}
        supervisor_id = allowed.get(request.form.get("supervisor", ""))
        if supervisor_id is None or purpose not in PURPOSES:
            abort(404)
        if not consents.is_granted(tx, record.call.id, Purpose.SUPERVISOR):
            flash(_("Not shared: your client has not agreed to it."))
            return redirect(url_for(".share", token=token))
        sealed = record.key.seal_text(question, supervision.QUESTION) if question else None
        supervision.share(tx, record.call.id, supervisor_id, purpose=purpose, question=sealed, now_ms=now)
        audit.note(tx, audit.Action.SHARE, audit.CALL, record.call.id, actor_id=me().id, now_ms=now, detail=purpose)
        address = tx.get_one(Person, supervisor_id).email
    _tell(address)
    flash(_("Shared. You can take it back at any time."))
    return redirect(url_for(".share", token=token))


def _tell(address: str) -> None:
    """Tell the supervisor that something waits for them. The letter names neither session nor client."""
    settings = services().settings
    text = render_template("mail/shared.txt", coach=me().name or me().email, link=supervision_url(settings))
    try:
        services().mailer.send(letter_to(address, _("A session is shared with you"), text, settings.mail.sender))
    except ProductError as fault:  # the session is shared all the same
        structlog.get_logger().warning("share_not_told", code=fault.code)


@pages.post("/sessions/<token>/take-back")
@only(PersonKind.COACH)
def take_back(token: str) -> ResponseReturnValue:
    """Take the session back from one supervisor, or from all of them."""
    record, now = own_record(token), services().now_ms()
    chosen = request.form.get("supervisor", "")
    with services().database.transaction() as tx:
        supervision.end_shares(
            tx, record.call.id, now_ms=now, supervisor_id=int(chosen) if chosen.isdigit() else None
        )
        audit.note(tx, audit.Action.TAKE_BACK, audit.CALL, record.call.id, actor_id=me().id, now_ms=now)
    record.drop(f"{FIGURES}-{Audience.SUPERVISOR}")
    flash(_("Taken back. Old links open nothing any more."))
    return redirect(url_for(".share", token=token))


@pages.get("/supervisors")
@only(PersonKind.COACH)
def supervisors() -> ResponseReturnValue:
    """Who supervises the coach, who asks to, and who did."""
    with services().database.transaction() as tx:
        ties = supervision.assignments(tx, coach_id=me().id)
    return render_template("supervisors.html", ties=ties)


@pages.post("/supervisors/<int:assignment_id>")
@only(PersonKind.COACH)
def answer(assignment_id: int) -> ResponseReturnValue:
    """Accept a supervisor who asked, or end the tie."""
    now = services().now_ms()
    with services().database.transaction() as tx:
        tie = tx.get(Assignment, assignment_id)
        if tie is None or tie.coach_id != me().id or tie.ended_ms is not None:
            abort(404)
        if request.form.get("do") == "accept":
            tie.accepted_ms = tie.accepted_ms or now
            action = audit.Action.ASSIGN
        else:
            supervision.end(tx, tie, now_ms=now)
            action = audit.Action.END_ASSIGNMENT
        audit.note(tx, action, audit.PERSON, me().id, actor_id=me().id, now_ms=now)
    return redirect(url_for(".supervisors"))
