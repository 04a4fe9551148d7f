"""Which calls a person may see. Every page finds its call here, so that a call of somebody else is never found.

A call that was erased stays as a line without content: its coach sees that it was there and is gone.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session, selectinload

from integration.store import calls
from integration.store.record import FINDINGS
from integration.store.schema import Call, Consent, Person
from integration.store.sharing_schema import Assignment, Share
from integration.store.states import Purpose, State


def calls_of_coach(tx: Session, coach_id: int, *, after: str = "", limit: int = 50) -> Sequence[Call]:
    """The coach's own calls, newest first, erased ones among them; those that come after the call with token `after`.

    From the newest on when the coach has no such call. Of calls that began at once the one that came in last is first.
    """
    wanted = _with_files(_own(coach_id))
    found = select(Call.started_ms, Call.id).where(Call.coach_id == coach_id, Call.token == after)
    if (last := tx.execute(found).first()) is not None:
        wanted = wanted.where(tuple_(Call.started_ms, Call.id) < tuple_(last.started_ms, last.id))
    return tx.scalars(wanted.order_by(Call.started_ms.desc(), Call.id.desc()).limit(limit)).all()


def call_of_coach(tx: Session, coach_id: int, token: str) -> Call | None:
    """The coach's own call with this token; None when it is not theirs or was erased."""
    return tx.scalar(_with_files(_own(coach_id)).where(Call.token == token, Call.wrapped_key.is_not(None)))


def call_of_client(tx: Session, client_id: int, token: str) -> Call | None:
    """The call in which this person was the client; None when it is not theirs or was erased."""
    return tx.scalar(
        select(Call).where(Call.client_id == client_id, Call.token == token, Call.wrapped_key.is_not(None))
    )


def calls_of_client(tx: Session, client_id: int) -> Sequence[Call]:
    """The calls in which this person was the client, newest first."""
    return tx.scalars(
        select(Call)
        .where(Call.client_id == client_id, Call.wrapped_key.is_not(None))
        .order_by(Call.started_ms.desc())
    ).all()


def shared_call(tx: Session, supervisor_id: int, token: str) -> tuple[Call, Share] | None:
    """A call that its coach shares with this supervisor, the two being assigned and the client's last answer a yes.

    None at once when any of these does not hold.
    """
    row = tx.execute(_shared(supervisor_id).where(Call.token == token)).first()
    return None if row is None else (row[0], row[1])


def shared_calls(tx: Session, supervisor_id: int, coach_id: int | None = None) -> list[tuple[Call, Share, Person]]:
    """What is shared with this supervisor now, newest first; with `coach_id` of that coach only."""
    wanted = _shared(supervisor_id)
    if coach_id is not None:
        wanted = wanted.where(Call.coach_id == coach_id)
    with_coach = wanted.add_columns(Person).join(Person, Person.id == Call.coach_id)
    return [(row[0], row[1], row[2]) for row in tx.execute(with_coach.order_by(Call.started_ms.desc()))]


def in_force() -> ColumnElement[bool]:
    """That an assignment was accepted and has not ended."""
    return and_(Assignment.accepted_ms.is_not(None), Assignment.ended_ms.is_(None))


def is_unsent(tx: Session, call: Call) -> bool:
    """Whether the call came as far as its report, and failed at the letter about it."""
    return State(call.state) is State.FAILED and FINDINGS in calls.artefact_names(tx, call.id)


def has_report(tx: Session, call: Call) -> bool:
    """Whether there is a report to be looked at, its letter sent or not."""
    return State(call.state) in (State.ANALYSED, State.DELIVERED) or is_unsent(tx, call)


def _own(coach_id: int) -> ColumnElement[bool]:
    return and_(Call.coach_id == coach_id, or_(Call.trashed.is_(False), Call.wrapped_key.is_(None)))


def _with_files(condition: ColumnElement[bool]) -> Select[Call]:
    return select(Call).where(condition).options(selectinload(Call.files))


def _shared(supervisor_id: int) -> Select[Call, Share]:
    answers = select(Consent.granted).where(Consent.call_id == Call.id, Consent.purpose == Purpose.SUPERVISOR)
    return (
        select(Call, Share)
        .join(Share, Share.call_id == Call.id)
        .join(
            Assignment,
            and_(Assignment.coach_id == Call.coach_id, Assignment.supervisor_id == Share.supervisor_id),
        )
        .where(
            Share.supervisor_id == supervisor_id,
            Share.ended_ms.is_(None),
            in_force(),
            Call.wrapped_key.is_not(None),
            Call.trashed.is_(False),
            answers.order_by(Consent.id.desc()).limit(1).scalar_subquery().is_(True),
        )
        .distinct()
    )
