"""The administrator's page: people, who supervises whom, whether the server works. No session opens from here."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from integration.store import audit, invitations, people, supervision
from integration.store.heartbeats import AWAKE
from integration.store.people import PersonKind
from integration.store.schema import Person
from integration.store.sharing_schema import Assignment
from integration.web.access import only
from integration.web.current import me, services
from integration.web.health import check
from integration.web.letters import letter_to
from integration.web.links import invitation_url

pages = Blueprint("administration", __name__)
INVITED = (PersonKind.COACH, PersonKind.SUPERVISOR, PersonKind.ADMINISTRATOR)


@pages.get("/administration")
@only(PersonKind.ADMINISTRATOR)
def overview() -> ResponseReturnValue:
    """People, ties and parts of the server. Clients are not listed: they belong to their coach's work, not to us."""
    with services().database.transaction() as tx:
        wanted = select(Person).options(selectinload(Person.roles)).order_by(Person.name, Person.email)
        known = [p for p in tx.scalars(wanted) if any(role.role != PersonKind.CLIENT for role in p.roles)]
        ties = supervision.assignments(tx)
        coaches = supervision.people_of_kind(tx, PersonKind.COACH)
        supervisors = supervision.people_of_kind(tx, PersonKind.SUPERVISOR)
        invited = invitations.not_here_yet(tx)
    return render_template(
        "administration.html",
        people=known,
        ties=ties,
        coaches=coaches,
        supervisors=supervisors,
        kinds=INVITED,
        invited=invited,
        checks=check(services()),
        asleep=AWAKE,
    )


@pages.post("/administration/people")
@only(PersonKind.ADMINISTRATOR)
def invite() -> ResponseReturnValue:
    """Add somebody, and send them a letter."""
    now, settings = services().now_ms(), services().settings
    address, name = request.form.get("address", "").strip(), request.form.get("name", "").strip()[:200]
    chosen = request.form.get("kind", "")
    if chosen not in INVITED or "@" not in address[1:-1] or any(c.isspace() for c in address):
        flash(_("Nobody was added: type one e-mail address and choose what they are."))
        return redirect(url_for(".overview"))
    kind = PersonKind(chosen)
    with services().database.transaction() as tx:
        person = people.add_person(tx, address, (kind,), now_ms=now, name=name)
        person.active = True
        _invitation, token = invitations.invite_person(tx, person, kind, now_ms=now)
        audit.note(tx, audit.Action.ADD_PERSON, audit.PERSON, person.id, actor_id=me().id, now_ms=now, detail=kind)
    text = render_template("mail/invitation.txt", link=invitation_url(settings, token), kind=kind)
    services().mailer.send(letter_to(address, _("You are invited to Partnering"), text, settings.mail.sender))
    flash(_("Added, and a letter is on its way."))
    return redirect(url_for(".overview"))


@pages.post("/administration/people/<int:person_id>")
@only(PersonKind.ADMINISTRATOR)
def open_or_close(person_id: int) -> ResponseReturnValue:
    """Close an account at once, everywhere it is signed in, or open it again."""
    now = services().now_ms()
    with services().database.transaction() as tx:
        person = tx.get(Person, person_id)
        if person is None or person.id == me().id:
            abort(404)
        person.active = request.form.get("do") == "open"
        for tie, _supervisor, _coach in [] if person.active else _ties_of(tx, person.id):
            supervision.end(tx, tie, now_ms=now)
        detail = "open" if person.active else "closed"
        audit.note(
            tx, audit.Action.CLOSE_ACCOUNT, audit.PERSON, person.id, actor_id=me().id, now_ms=now, detail=detail
        )
    return redirect(url_for(".overview"))


def _ties_of(tx: Session, person_id: int) -> list[tuple[Assignment, Person, Person]]:
    both = supervision.assignments(tx, coach_id=person_id) + supervision.assignments(tx, supervisor_id=person_id)
    return [row for row in both if row[0].ended_ms is None]


@pages.post("/administration/assignments")
@only(PersonKind.ADMINISTRATOR)
def assign() -> ResponseReturnValue:
    """Assign a supervisor to a coach."""
    now = services().now_ms()
    supervisor_id, coach_id = request.form.get("supervisor", type=int), request.form.get("coach", type=int)
    with services().database.transaction() as tx:
        supervisors = {p.id for p in supervision.people_of_kind(tx, PersonKind.SUPERVISOR)}
        coaches = {p.id for p in supervision.people_of_kind(tx, PersonKind.COACH)}
        if supervisor_id not in supervisors or coach_id not in coaches or supervisor_id == coach_id:
            flash(_("Nothing was changed: choose a supervisor and another person as coach."))
        else:
            supervision.assign(tx, supervisor_id=supervisor_id, coach_id=coach_id, now_ms=now, accepted=True)
            audit.note(tx, audit.Action.ASSIGN, audit.PERSON, coach_id, actor_id=me().id, now_ms=now)
    return redirect(url_for(".overview") + "#ties")


@pages.post("/administration/assignments/<int:assignment_id>")
@only(PersonKind.ADMINISTRATOR)
def end(assignment_id: int) -> ResponseReturnValue:
    """End an assignment; from now on its supervisor finds nothing of that coach."""
    now = services().now_ms()
    with services().database.transaction() as tx:
        tie = tx.get(Assignment, assignment_id)
        if tie is None or tie.ended_ms is not None:
            abort(404)
        supervision.end(tx, tie, now_ms=now)
        audit.note(tx, audit.Action.END_ASSIGNMENT, audit.PERSON, tie.coach_id, actor_id=me().id, now_ms=now)
    return redirect(url_for(".overview") + "#ties")
