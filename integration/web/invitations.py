"""Answering an invitation. Opening one changes nothing, because mail scanners open links; the button uses it up."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user
from sqlalchemy.orm import Session

from integration.privacy.retention import audio_days
from integration.store import invitations, people
from integration.store.people import PersonKind
from integration.store.schema import Call, Person
from integration.web.access import public
from integration.web.client import act_on_answers, answers, unanswered
from integration.web.current import services
from integration.web.members import Member

pages = Blueprint("invitations", __name__)


@pages.get("/invitations/<token>")
@public
def read(token: str) -> ResponseReturnValue:
    """What one is invited to."""
    with services().database.transaction() as tx:
        found = invitations.find(tx, token, now_ms=services().now_ms())
        call = tx.get(Call, found.call_id) if found is not None and found.call_id else None
        coach = _coach(call, tx)
    if found is None:
        return render_template("invitation_over.html"), 404
    if call is None:
        return render_template("invitation.html", kind=found.kind, token=token)
    return render_template(
        "consent.html",
        token=token,
        coach=coach.name or coach.email if coach else "",
        retention=services().settings.retention,
        audio_days=audio_days(services().settings.retention, call),
        version=services().settings.consent.text_version,
    )


@pages.post("/invitations/<token>")
@public
def accept(token: str) -> ResponseReturnValue:
    """Use the invitation up: as a client with the answers of the form, else as somebody with an account."""
    client = unanswered(token)
    with services().database.transaction() as tx:
        used = invitations.use(tx, token, now_ms=services().now_ms())
        if used is None:
            return render_template("invitation_over.html"), 404
        person_id = used.person_id
        if client is not None:
            person_id = _welcome_client(tx, *client)
            used.address_sealed = None
        person = tx.get(Person, person_id) if person_id is not None else None
        member = Member(person) if person is not None and person.active else None
    if member is None:
        return render_template("invitation_over.html"), 404
    login_user(member, authn_via=["invitation"])
    if client is None:
        return redirect(url_for("home.home"))
    call = client[0]
    return act_on_answers(call, member.id, answers()) or redirect(url_for("client.page", token=call.token))


def _welcome_client(tx: Session, call: Call, address: str) -> int:
    """The client's account, made when it is new, and their tie to this call."""
    person = people.add_person(tx, address, (PersonKind.CLIENT,), now_ms=services().now_ms())
    tx.get_one(Call, call.id).client_id = person.id
    return person.id


def _coach(call: Call | None, tx: Session) -> Person | None:
    return tx.get(Person, call.coach_id) if call is not None and call.coach_id is not None else None
