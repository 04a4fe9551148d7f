"""The audit log: who did what to which object, and when. Lines are only added, and hold nothing that was said."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from integration.store.schema import AuditLine, Call


class Action(StrEnum):
    """What can be done to somebody's data."""

    VIEW = "view"
    LISTEN = "listen"
    EXPORT = "export"
    SHARE = "share"
    TAKE_BACK = "take_back"
    CORRECT = "correct"
    MARK = "mark"
    ASSIGN = "assign"
    END_ASSIGNMENT = "end_assignment"
    INVITE = "invite"
    CONSENT = "consent"
    WITHDRAW = "withdraw"
    ERASE = "erase"
    RETENTION = "retention"
    ADD_PERSON = "add_person"
    CLOSE_ACCOUNT = "close_account"
    SIGN = "sign"
    CONNECT_ZOOM = "connect_zoom"
    DISCONNECT_ZOOM = "disconnect_zoom"
    DEAUTHORIZE_ZOOM = "deauthorize_zoom"


CALL, PERSON = "call", "person"
NOBODY, NO_CLIENT = -1, -2
"""In place of an empty actor or client: equal to no person, and not to each other."""


def note(
    tx: Session, action: Action, kind: str, object_id: int, *, actor_id: int | None, now_ms: int, detail: str = ""
) -> None:
    """Add a line. `actor_id` None = the software itself. `detail` is a code or a count, never a name or words."""
    tx.add(
        AuditLine(
            at_ms=now_ms, actor_id=actor_id, action=action, object_kind=kind, object_id=object_id, detail=detail[:200]
        )
    )


def latest(tx: Session, action: Action, kind: str, object_id: int, *, actor_id: int) -> AuditLine | None:
    """The last line of this person doing this to this object; None when there is none."""
    return tx.scalar(
        select(AuditLine)
        .where(
            AuditLine.object_kind == kind,
            AuditLine.object_id == object_id,
            AuditLine.actor_id == actor_id,
            AuditLine.action == action,
        )
        .order_by(AuditLine.id.desc())
        .limit(1)
    )


def lines_about_coach(
    tx: Session, coach_id: int, *, before: int | None = None, limit: int = 100
) -> Sequence[AuditLine]:
    """What others and the coach did with the coach's calls and ties, newest first; `before` = lines older than this id.

    What a client does on their own page is theirs: a coach is not told whether a client looked.
    """
    own = select(Call.id).where(Call.coach_id == coach_id)
    of_calls = and_(AuditLine.object_kind == CALL, AuditLine.object_id.in_(own))
    of_coach = and_(AuditLine.object_kind == PERSON, AuditLine.object_id == coach_id)
    clients_own = and_(
        AuditLine.action.in_([Action.VIEW, Action.EXPORT]),
        func.coalesce(AuditLine.actor_id, NOBODY)
        == func.coalesce(select(Call.client_id).where(Call.id == AuditLine.object_id).scalar_subquery(), NO_CLIENT),
    )
    wanted = select(AuditLine).where(or_(and_(of_calls, ~clients_own), of_coach))
    if before is not None:
        wanted = wanted.where(AuditLine.id < before)
    return tx.scalars(wanted.order_by(AuditLine.id.desc()).limit(limit)).all()
