"""Figures of a whole practice, over clients who agreed. None of fewer than five people, and none of one coach.

There is deliberately no way to ask for one coach, to sort by coach, or to narrow a group down: the only
cut is the quarter of the year.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import func, select

from integration.errors import StoreFault
from integration.store.record import FINDINGS
from integration.store.schema import Artefact, Call, Consent
from integration.store.states import Purpose
from integration.wiring import Services

FEWEST = 5
"""Clients, and coaches, that a group must hold at least. # Source: a common limit of statistical disclosure
control; it holds for coaches too, since a figure of one coach could be set beside another's."""
PARTS = ("agreement", "check_in", "meaning", "action", "close")


@dataclass(frozen=True, slots=True)
class Told:
    """What one session adds: whose it is, its talk share, its questions in ten minutes, the parts that were heard."""

    client: int
    coach: int
    talk_share: float | None
    questions: float | None
    heard: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter: figures, or none because too few people are in it (`suppressed`)."""

    name: str
    suppressed: bool
    clients: int = 0
    talk_share: float | None = None
    questions: float | None = None
    covered: tuple[tuple[str, float], ...] = ()


def practice_figures(services: Services) -> list[Quarter]:
    """The practice's quarters, oldest first. Consent is looked up now, so a no counts at once."""
    by_quarter: dict[str, list[Told]] = {}
    for call in _agreed(services):
        told = _told(services, call)
        if told is not None:
            by_quarter.setdefault(quarter_of(call.started_ms), []).append(told)
    return [sum_up(name, by_quarter[name]) for name in sorted(by_quarter)]


def sum_up(name: str, told: Iterable[Told]) -> Quarter:
    """The figures of one quarter; suppressed when fewer than FEWEST clients or coaches are in it.

    Every client counts once, however many sessions they had, so that one voice cannot stand for five.
    """
    sessions = list(told)
    clients = {one.client for one in sessions}
    if len(clients) < FEWEST or len({one.coach for one in sessions}) < FEWEST:
        return Quarter(name, suppressed=True)
    latest = {one.client: one for one in sessions}
    people = list(latest.values())
    shares = [one.talk_share for one in people if one.talk_share is not None]
    questions = [one.questions for one in people if one.questions is not None]
    return Quarter(
        name,
        suppressed=False,
        clients=len(clients),
        talk_share=round(median(shares), 2) if len(shares) >= FEWEST else None,
        questions=round(median(questions), 1) if len(questions) >= FEWEST else None,
        covered=tuple((part, round(sum(part in one.heard for one in people) / len(people), 1)) for part in PARTS),
    )


def _agreed(services: Services) -> list[Call]:
    """The calls whose client said yes to this purpose, and has not taken it back."""
    latest = select(func.max(Consent.id)).where(Consent.purpose == Purpose.AGGREGATE).group_by(Consent.call_id)
    with services.database.transaction() as tx:
        return list(
            tx.scalars(
                select(Call)
                .join(Consent, Consent.call_id == Call.id)
                .join(Artefact, Artefact.call_id == Call.id)
                .where(
                    Consent.id.in_(latest),
                    Consent.granted.is_(True),
                    Artefact.name == FINDINGS,
                    Call.wrapped_key.is_not(None),
                    Call.client_id.is_not(None),
                    Call.coach_id.is_not(None),
                )
                .order_by(Call.started_ms)
            )
        )


def _told(services: Services, call: Call) -> Told | None:
    """What the call adds; None when it was erased in this moment. No word is looked at."""
    try:
        text = services.record(call.id).text(FINDINGS)
    except StoreFault:
        return None
    if text is None or call.client_id is None or call.coach_id is None:
        return None
    root = json.loads(text)
    measures = {m["id"]: m["value"] for m in root["measures"]}
    return Told(
        client=call.client_id,
        coach=call.coach_id,
        talk_share=measures.get("talk_share_coach"),
        questions=measures.get("questions_coach"),
        heard=frozenset(c["id"] for c in root["coverage"] if c["state"] in ("heard", "partly")),
    )


def quarter_of(at_ms: int) -> str:
    """The quarter of a moment, such as 2026 Q4."""
    day = datetime.fromtimestamp(at_ms / 1000, tz=UTC)
    return f"{day.year} Q{(day.month + 2) // 3}"
