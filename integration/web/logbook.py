"""Who looked: everything that was done with a coach's sessions, for that coach to read."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from integration.store import audit
from integration.store.people import PersonKind
from integration.store.schema import AuditLine, Call, Person
from integration.web import wording
from integration.web.access import only
from integration.web.current import me, services

pages = Blueprint("logbook", __name__)
ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One line in words. `day_ms` None = it was not about one session."""

    id: int
    at_ms: int
    who: str
    action: str
    detail: str
    day_ms: int | None


@pages.get("/logbook")
@only(PersonKind.COACH)
def logbook() -> ResponseReturnValue:
    """The coach's audit log, newest first, a page at a time."""
    before = request.args.get("before", type=int)
    with services().database.transaction() as tx:
        lines = audit.lines_about_coach(tx, me().id, before=before, limit=ON_A_PAGE)
        names = _names(tx, {line.actor_id for line in lines if line.actor_id is not None})
        calls = {line.object_id for line in lines if line.object_kind == audit.CALL}
        days = {call.id: call.started_ms for call in tx.scalars(select(Call).where(Call.id.in_(calls)))}
    rows = [_entry(line, names, days) for line in lines]
    return render_template("logbook.html", rows=rows, more=len(rows) == ON_A_PAGE)


def _names(tx: Session, ids: set[int]) -> dict[int, str]:
    """What each of these people is called; who is nothing but a client is called so, never named."""
    found = tx.scalars(select(Person).where(Person.id.in_(ids)).options(selectinload(Person.roles)))
    return {
        person.id: str(wording.CLIENT)
        if {role.role for role in person.roles} == {PersonKind.CLIENT}
        else person.name or person.email
        for person in found
    }


def _entry(line: AuditLine, names: dict[int, str], days: dict[int, int]) -> Entry:
    detail = wording.DETAILS.get(line.action, {}).get(line.detail, "")
    return Entry(
        id=line.id,
        at_ms=line.at_ms,
        who=_who(line.actor_id, names),
        action=str(wording.ACTIONS.get(line.action, line.action)),
        detail=str(detail),
        day_ms=days.get(line.object_id) if line.object_kind == audit.CALL else None,
    )


def _who(actor_id: int | None, names: dict[int, str]) -> str:
    if actor_id is None:
        return str(wording.SOFTWARE)
    if actor_id == me().id:
        return str(wording.YOU)
    return names.get(actor_id, str(wording.GONE))
