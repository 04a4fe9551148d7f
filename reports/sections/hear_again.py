"""One window to hear again, with a question to it."""

from __future__ import annotations

from dataclasses import dataclass

from processor.model.floor import FloorKind, Turn
from processor.model.people import Role, Sure
from processor.model.reading import Phase, SignalId
from reports.audience import Audience
from reports.call import QUOTED_FROM, Call
from reports.phrases import clock
from reports.report import Moment, Place, Quote
from reports.sections.quotes import quotes, quotes_of_coming_in
from reports.wording import say, table, term

WINDOW_MS = 75_000
"""How much to hear again: long enough to get into it, short enough to do it today."""

BEFORE_MS = 20_000
"""How long before the moment the window opens, so that what led to it is heard too."""

LONG_TURN_WORDS = 40
"""A client's stretch of so many words is worth hearing for what made room for it. # Ours."""

_CUT_IN = "{Coach} came in at {at}. What became of what {client} was saying?"


@dataclass(frozen=True, slots=True)
class _Candidate:
    at_ms: int
    confidence: float
    ask: str
    quotes: tuple[Quote, ...]
    signal: SignalId | None = None


def hear_again(call: Call, audience: Audience) -> Moment | None:
    """The place that was heard most surely as led by the coach or cut into; else the client's longest stretch.

    The question names the time to listen for, since the window opens before it. None when nothing stands out.
    """
    candidates = [*_led_away(call, audience), *_cut_in(call, audience)]
    if not candidates:
        return _widest_room(call, audience)
    found = min(candidates, key=lambda c: (-c.confidence, c.at_ms))
    ask = say(found.ask, audience, at=clock(found.at_ms))
    sure = term("sure", call.sure_of(found.confidence, found.signal))
    return Moment(*_window(call, found.at_ms), "", sure, ask, found.quotes)


def _window(call: Call, at_ms: int) -> tuple[Place, Place]:
    start = max(0, at_ms - BEFORE_MS)
    return call.place(start), call.place(min(call.findings.duration_ms, start + WINDOW_MS))


def _led_away(call: Call, audience: Audience) -> list[_Candidate]:
    kinds = table("signals")
    return [
        _Candidate(
            call.utterance(r.utterance).segment.start_ms,
            s.confidence,
            kinds[s.id]["ask"],
            quotes(call, audience, r.utterance),
            s.id,
        )
        for r in call.findings.readings
        for s in r.signals
        if kinds[s.id]["kind"] == "leading"
        and s.confidence >= QUOTED_FROM
        and call.utterance(r.utterance).label == call.coach
    ]


def _cut_in(call: Call, audience: Audience) -> list[_Candidate]:
    return [
        _Candidate(
            event.segment.start_ms,
            event.confidence,
            _CUT_IN,
            quotes_of_coming_in(call, audience, event.utterance, event.over),
        )
        for event in call.findings.floor
        if event.kind is FloorKind.INTERRUPTION
        and event.confidence >= QUOTED_FROM
        and call.role(event.by) is Role.COACH
        and not event.announced
    ]


def _widest_room(call: Call, audience: Audience) -> Moment | None:
    """The client's longest stretch, after the opening if there is one: in the opening it is the story they bring."""
    long = [t for t in call.findings.turns if t.label == call.client and t.word_count >= LONG_TURN_WORDS]
    later = [turn for turn in long if not _in_opening(call, turn)]
    if not long:
        return None
    longest = max(later or long, key=call.held_ms)
    line = say("At {at} {client} began a long stretch.", audience, at=clock(longest.segment.start_ms))
    sure = term("sure", call.as_heard(Sure.SURE))
    return Moment(*_window(call, longest.segment.start_ms), line, sure, "What made room for it?")


def _in_opening(call: Call, turn: Turn) -> bool:
    return any(
        p.phase is Phase.OPENING and p.segment.start_ms <= turn.segment.start_ms < p.segment.end_ms
        for p in call.findings.phases
    )
