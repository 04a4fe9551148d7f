"""A coach's own earlier sessions, for their own trend. Nothing here can hold another coach's session."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import select

from integration.errors import StoreFault
from integration.reflection import reflection_of
from integration.store.record import FINDINGS, Record
from integration.store.schema import Artefact, Call
from integration.wiring import Services
from reports.context import PastSession

LONGEST = 10
"""Sessions that a trend looks back on: a coach's work of about a season."""


def earlier_sessions(services: Services, record: Record) -> tuple[tuple[PastSession, ...], tuple[str, ...]]:
    """The coach's sessions before this one, oldest first, and the ids of the questions they chose to try."""
    with services.database.transaction() as tx:
        ids = tx.scalars(
            select(Call.id)
            .join(Artefact, Artefact.call_id == Call.id)
            .where(
                Call.coach_id == record.call.coach_id,
                Call.started_ms < record.call.started_ms,
                Call.wrapped_key.is_not(None),
                Artefact.name == FINDINGS,
            )
            .order_by(Call.started_ms.desc())
            .limit(LONGEST)
        ).all()
    records = [found for call_id in reversed(ids) if (found := _open(services, call_id)) is not None]
    sessions = [past for earlier in records if (past := _past(earlier)) is not None]
    tried = [choice for earlier in records if (choice := reflection_of(earlier).experiment)]
    return tuple(sessions), tuple(tried)


def _open(services: Services, call_id: int) -> Record | None:
    """The record; None when it was erased in this moment."""
    try:
        return services.record(call_id)
    except StoreFault:
        return None


def _past(record: Record) -> PastSession | None:
    """The measures of a call. They need no words, so they outlive the transcript."""
    text = record.text(FINDINGS)
    if text is None:
        return None
    root = json.loads(text)
    return PastSession(
        recorded_on=datetime.fromtimestamp(record.call.started_ms / 1000, tz=UTC).date(),
        fingerprint=root["pipeline"]["fingerprint"],
        values=tuple((m["id"], m["value"]) for m in root["measures"] if m["value"] is not None),
    )
