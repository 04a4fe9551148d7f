"""Places where partnership worked: up to two, each with what was done and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from processor.model.floor import FloorKind, Turn, Utterance, UtteranceKind
from processor.model.people import Role
from processor.model.reading import SignalId
from reports.audience import Audience
from reports.call import LIKELY, QUOTED_FROM, Call
from reports.report import Moment
from reports.sections.quotes import quotes
from reports.wording import say, table, term

ANSWER_WORDS = 12
"""A moment worked when the client went on for at least so many words. # Ours: about five seconds of speech."""

SHORT_ANSWER_WORDS = 2
"""Enough after an acknowledgement or a correction, which ask for no answer."""

APART_MS = 90_000
"""Two moments are at least this far apart, so that they show two things."""

_MOST = 2
_NEEDS_NO_ANSWER = (SignalId.ACKNOWLEDGE, SignalId.ACCEPT_CORRECTION)
_ENDS_AN_ANSWER = (FloorKind.INTERRUPTION, FloorKind.COMPLETION)


@dataclass(frozen=True, slots=True)
class _Found:
    utterance: Utterance
    signal: SignalId
    confidence: float
    answer: Turn
    let_finish: bool
    weight: float


def partnering(call: Call, audience: Audience) -> tuple[Moment, ...]:
    """Up to two moments that worked: surely heard, answered by the client, of different kinds, apart in time.

    When every such answer was cut short by the coach, one is named for what the coach did, and nothing is
    said of what came after.
    """
    worked = _worked(call)
    whole = [found for found in worked if found.let_finish]
    chosen = _apart(whole, _MOST) or _apart(worked, 1)
    chosen.sort(key=lambda f: f.utterance.segment.start_ms)
    return tuple(_moment(call, audience, f) for f in chosen)


def _apart(worked: list[_Found], most: int) -> list[_Found]:
    chosen: list[_Found] = []
    for found in sorted(worked, key=lambda f: (-f.weight, f.utterance.segment.start_ms)):
        apart = all(
            abs(found.utterance.segment.start_ms - c.utterance.segment.start_ms) >= APART_MS
            and found.signal is not c.signal
            for c in chosen
        )
        if apart and len(chosen) < most:
            chosen.append(found)
    return chosen


def _worked(call: Call) -> list[_Found]:
    kinds = table("signals")
    seen: dict[SignalId, int] = {}
    found = []
    for reading in call.findings.readings:
        utterance = call.utterance(reading.utterance)
        answer = _answer(call, utterance)
        if answer is None or call.narrowed(reading.utterance):
            continue
        for signal in reading.signals:
            needed = SHORT_ANSWER_WORDS if signal.id in _NEEDS_NO_ANSWER else ANSWER_WORDS
            likely = call.confidence(reading.utterance, signal.id) >= QUOTED_FROM
            partnered = kinds[signal.id]["kind"] == "partnering" and likely
            if partnered and answer.word_count >= needed:
                seen[signal.id] = seen.get(signal.id, 0) + 1
                found.append((utterance, signal, answer))
    return [
        # What came seldom stands out more than what came often, and a long answer shows that it was used.
        _Found(
            u, s.id, s.confidence, answer, _let_finish(call, answer),
            weight=s.confidence * (0.5 + min(1.0, answer.word_count / 80)) / seen[s.id] ** 0.5,
        )
        for u, s, answer in found
    ]  # fmt: skip


def _answer(call: Call, utterance: Utterance) -> Turn | None:
    """The client's turn that follows a turn of the coach; None when this is not one, or nobody answered."""
    if utterance.label != call.coach or utterance.kind is UtteranceKind.BACKCHANNEL:
        return None
    answer = call.turn_after(utterance.id)
    return answer if answer is not None and answer.label == call.client else None


def _let_finish(call: Call, answer: Turn) -> bool:
    """Whether the coach did not, more likely than not, end this answer."""
    return not any(
        event.kind in _ENDS_AN_ANSWER
        and event.over in answer.utterances
        and event.confidence >= LIKELY
        and call.role(event.by) is Role.COACH
        for event in call.findings.floor
    )


def _moment(call: Call, audience: Audience, found: _Found) -> Moment:
    words = table("signals")[found.signal]
    then = words.get("then", "") if found.let_finish else ""
    return Moment(
        call.place(found.utterance.segment.start_ms),
        call.place(found.answer.segment.end_ms),
        say("; ".join(part for part in (words["did"], then) if part) + ".", audience),
        term("sure", call.sure_of(found.confidence, found.signal)),
        quotes=quotes(call, audience, found.utterance.id),
    )
