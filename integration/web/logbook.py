"""Who looked: everything that was done with a coach's sessions, for that coach to read."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from integration.store import audit
from integration.store.people import PersonKind
from integration.store.schema import Call, Person
from integration.web import wording
from integration.web.access import only
from integration.web.current import me, services

pages = Blueprint("logbook", __name__)


@pages.get("/logbook")
@only(PersonKind.COACH)
def logbook() -> ResponseReturnValue:
    """The coach's audit log, newest first."""
    with services().database.transaction() as tx:
        lines = audit.lines_about_coach(tx, me().id)
        days = {c.id: c.started_ms for c in tx.scalars(select(Call).where(Call.coach_id == me().id))}
        names = {
            p.id: p.name or p.email
            for p in tx.scalars(select(Person).where(Person.id.in_({line.actor_id for line in lines})))
        }
        clients = set(tx.scalars(select(Call.client_id).where(Call.coach_id == me().id)))
    rows = [
        (
            line.at_ms,
            _who(line.actor_id, names, clients),
            wording.ACTIONS.get(line.action, line.action),
            days.get(line.object_id) if line.object_kind == audit.CALL else None,
        )
        for line in lines
    ]
    return render_template("logbook.html", rows=rows)


def _who(actor_id: int | None, names: dict[int, str], clients: set[int | None]) -> str:
    """The name of who did it; the client of a session is called so, never named."""
    if actor_id is None:
        return str(wording.SOFTWARE)
    if actor_id == me().id:
        return str(wording.YOU)
    if actor_id in clients:
        return str(wording.CLIENT)
    return names.get(actor_id, str(wording.GONE))
