"""Supervision: who supervises whom from when to when, what is shared, and the supervisor's own marks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, aliased

from integration.store.keys import CallKey
from integration.store.people import PersonKind
from integration.store.schema import Call, Person, PersonRole
from integration.store.sharing_schema import Assignment, Comment, Mark, Marking, MentorHour, Share
from integration.store.visible import in_force

QUESTION, COMMENT = "share.question", "comment.text"


def assign(tx: Session, *, supervisor_id: int, coach_id: int, now_ms: int, accepted: bool) -> Assignment:
    """Bring the two together: at once (`accepted`), or as a question that the coach answers."""
    row = current(tx, supervisor_id, coach_id)
    if row is None:
        row = Assignment(supervisor_id=supervisor_id, coach_id=coach_id, asked_ms=now_ms)
        tx.add(row)
    if accepted and row.accepted_ms is None:
        row.accepted_ms = now_ms
    tx.flush()
    return row


def current(tx: Session, supervisor_id: int, coach_id: int) -> Assignment | None:
    """The assignment of the two that has not ended, asked or in force."""
    return tx.scalar(
        select(Assignment).where(
            Assignment.supervisor_id == supervisor_id, Assignment.coach_id == coach_id, Assignment.ended_ms.is_(None)
        )
    )


def end(tx: Session, assignment: Assignment, *, now_ms: int) -> None:
    """End the assignment, and with it every share between the two: nothing opens again with a later one."""
    assignment.ended_ms = now_ms
    tx.execute(
        update(Share)
        .where(
            Share.supervisor_id == assignment.supervisor_id,
            Share.ended_ms.is_(None),
            Share.call_id.in_(select(Call.id).where(Call.coach_id == assignment.coach_id)),
        )
        .values(ended_ms=now_ms)
    )


def assignments(
    tx: Session, *, supervisor_id: int | None = None, coach_id: int | None = None
) -> list[tuple[Assignment, Person, Person]]:
    """Assignments with supervisor and coach, newest first, ended ones among them."""
    supervisor, coach = aliased(Person), aliased(Person)
    wanted = (
        select(Assignment, supervisor, coach)
        .join(supervisor, supervisor.id == Assignment.supervisor_id)
        .join(coach, coach.id == Assignment.coach_id)
        .order_by(Assignment.id.desc())
    )
    if supervisor_id is not None:
        wanted = wanted.where(Assignment.supervisor_id == supervisor_id)
    if coach_id is not None:
        wanted = wanted.where(Assignment.coach_id == coach_id)
    return [(row[0], row[1], row[2]) for row in tx.execute(wanted)]


def supervisors_of(tx: Session, coach_id: int) -> Sequence[Person]:
    """Who supervises this coach now."""
    return tx.scalars(
        select(Person)
        .join(Assignment, Assignment.supervisor_id == Person.id)
        .where(Assignment.coach_id == coach_id, in_force(), Person.active.is_(True))
        .distinct()
        .order_by(Person.name, Person.email)
    ).all()


def people_of_kind(tx: Session, kind: PersonKind) -> Sequence[Person]:
    """Everybody active of one kind, by name."""
    return tx.scalars(
        select(Person)
        .join(PersonRole)
        .where(PersonRole.role == kind, Person.active.is_(True))
        .order_by(Person.name, Person.email)
    ).all()


def share(
    tx: Session, call_id: int, supervisor_id: int, *, purpose: str, question: bytes | None, now_ms: int
) -> Share:
    """Show the call to the supervisor; sharing it again changes purpose and question."""
    row = tx.scalar(
        select(Share).where(Share.call_id == call_id, Share.supervisor_id == supervisor_id, Share.ended_ms.is_(None))
    )
    if row is None:
        row = Share(call_id=call_id, supervisor_id=supervisor_id, purpose=purpose, from_ms=now_ms)
        tx.add(row)
    row.purpose, row.question_sealed = purpose, question
    tx.flush()
    return row


def shares_of(tx: Session, call_id: int) -> list[tuple[Share, Person]]:
    """With whom the call was ever shared, newest first."""
    rows = tx.execute(
        select(Share, Person)
        .join(Person, Person.id == Share.supervisor_id)
        .where(Share.call_id == call_id)
        .order_by(Share.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def end_shares(tx: Session, call_id: int, *, now_ms: int, supervisor_id: int | None = None) -> int:
    """Take the call back, from everybody or from one; how many shares that ended."""
    wanted = update(Share).where(Share.call_id == call_id, Share.ended_ms.is_(None))
    if supervisor_id is not None:
        wanted = wanted.where(Share.supervisor_id == supervisor_id)
    return len(tx.execute(wanted.values(ended_ms=now_ms).returning(Share.id)).all())


def marking_of(tx: Session, call_id: int, supervisor_id: int, rubric: str) -> Marking:
    """The supervisor's marking of the call, begun when there is none."""
    row = tx.scalar(select(Marking).where(Marking.call_id == call_id, Marking.supervisor_id == supervisor_id))
    if row is None:
        row = Marking(call_id=call_id, supervisor_id=supervisor_id, rubric=rubric)
        tx.add(row)
        tx.flush()
    return row


def marks_of(tx: Session, marking: Marking) -> dict[str, Mark]:
    """The marks so far, by marker."""
    return {mark.marker: mark for mark in tx.scalars(select(Mark).where(Mark.marking_id == marking.id))}


def keep_marks(tx: Session, marking: Marking, seen: dict[str, str]) -> None:
    """Note what the supervisor saw, instead of what was noted before."""
    tx.execute(delete(Mark).where(Mark.marking_id == marking.id))
    tx.add_all(Mark(marking_id=marking.id, marker=marker, seen=value) for marker, value in seen.items())
    tx.flush()


def add_comment(tx: Session, marking: Marking, at_ms: int, text: str, key: CallKey) -> None:
    """Note a remark at a time in the call."""
    tx.add(Comment(marking_id=marking.id, at_ms=at_ms, text_sealed=key.seal_text(text, COMMENT)))


def comments_of(tx: Session, call_id: int, key: CallKey, *, supervisor_id: int | None = None) -> list[tuple[int, str]]:
    """Remarks on the call as (time, text), in order of time."""
    wanted = select(Comment).join(Marking, Marking.id == Comment.marking_id).where(Marking.call_id == call_id)
    if supervisor_id is not None:
        wanted = wanted.where(Marking.supervisor_id == supervisor_id)
    rows = tx.scalars(wanted.order_by(Comment.at_ms, Comment.id))
    return [(row.at_ms, key.open_text(row.text_sealed, COMMENT)) for row in rows]


def forget_supervision(tx: Session, call_id: int, *, now_ms: int) -> tuple[int, int]:
    """End every share of the call, erase every mark and remark, untie mentor hours: how many shares, how many marks."""
    ended = end_shares(tx, call_id, now_ms=now_ms)
    markings = select(Marking.id).where(Marking.call_id == call_id)
    removed = 0
    for table in (Comment, Mark):
        rows = tx.execute(delete(table).where(table.marking_id.in_(markings)).returning(table.marking_id)).all()
        removed += len(rows)
    tx.execute(delete(Marking).where(Marking.call_id == call_id))
    tx.execute(update(MentorHour).where(MentorHour.call_id == call_id).values(call_id=None))
    return ended, removed
