"""Places worth hearing: two where partnership worked, one to hear again."""

from __future__ import annotations

from dataclasses import dataclass

from processor.model.floor import FloorKind, Utterance, UtteranceKind
from processor.model.people import Role, Sure
from processor.model.reading import SignalId
from reports.audience import Audience
from reports.call import QUOTED_FROM, Call, sure_of
from reports.report import Moment, Quote
from reports.wording import persons, say, table, term

ANSWER_WORDS = 12
"""A moment worked when the client went on for at least so many words. # Ours: about five seconds of speech."""

SHORT_ANSWER_WORDS = 2
"""Enough after an acknowledgement or a correction, which ask for no answer."""

APART_MS = 90_000
"""Two moments are at least this far apart, so that they show two things."""

WINDOW_MS = 75_000
"""How much to hear again: long enough to get into it, short enough to do it today."""

BEFORE_MS = 20_000
"""How long before the moment the window opens, so that what led to it is heard too."""

QUOTED_WORDS = 32
"""Longer quotes are cut, with three dots."""

_NEEDS_NO_ANSWER = (SignalId.ACKNOWLEDGE, SignalId.ACCEPT_CORRECTION)


@dataclass(frozen=True, slots=True)
class _Found:
    utterance: Utterance
    signal: SignalId
    confidence: float
    weight: float


def partnering(call: Call, audience: Audience) -> tuple[Moment, ...]:
    """Up to two moments that worked: surely heard, answered by the client, of different kinds, apart in time."""
    chosen: list[_Found] = []
    for found in sorted(_worked(call), key=lambda f: (-f.weight, f.utterance.segment.start_ms)):
        apart = all(
            abs(found.utterance.segment.start_ms - c.utterance.segment.start_ms) >= APART_MS
            and found.signal is not c.signal
            for c in chosen
        )
        if apart:
            chosen.append(found)
        if len(chosen) == 2:
            break
    chosen.sort(key=lambda f: f.utterance.segment.start_ms)
    return tuple(_moment(call, audience, f) for f in chosen)


def hear_again(call: Call, audience: Audience) -> Moment | None:
    """One window with a question to it, chosen by what was heard most surely; None when nothing stands out."""
    candidates = [*_led_away(call), *_cut_in(call)]
    if not candidates:
        return _widest_room(call, audience)
    at_ms, confidence, question, utterance = min(candidates, key=lambda c: (-c[1], c[0]))
    start = max(0, at_ms - BEFORE_MS)
    until = min(call.findings.duration_ms, start + WINDOW_MS)
    return Moment(
        call.place(start),
        call.place(until),
        "",
        term("sure", sure_of(confidence)),
        say(question, audience),
        quotes(call, audience, utterance),
    )


def quotes(call: Call, audience: Audience, utterance: str) -> tuple[Quote, ...]:
    """What coach and client said there, as far as this reader may read it.

    The coach reads their own words; the client's only when the client agreed to be quoted. For a
    supervisor both need that: a coach who gives words back says the client's words.
    """
    may = call.context.may_quote_client
    found = []
    turn = call.turn_of(utterance)
    if turn is not None and (audience is Audience.COACH or may):
        found.append(Quote(persons(audience)["Coach"], _cut(call.text([utterance]))))
    answer = call.turn_after(utterance)
    if may and answer is not None and answer.label == call.client:
        found.append(Quote(persons(audience)["Client"], _cut(call.text(answer.utterances))))
    return tuple(quote for quote in found if quote.words)


def _worked(call: Call) -> list[_Found]:
    kinds = table("signals")
    seen: dict[SignalId, int] = {}
    found = []
    for reading in call.findings.readings:
        utterance = call.utterance(reading.utterance)
        if utterance.label != call.coach or utterance.kind is UtteranceKind.BACKCHANNEL:
            continue
        if any(s.confidence >= 0.5 and _narrows(s.id) for s in reading.signals):
            continue
        for signal in reading.signals:
            answer = _answer_words(call, utterance.id)
            needed = SHORT_ANSWER_WORDS if signal.id in _NEEDS_NO_ANSWER else ANSWER_WORDS
            if kinds[signal.id]["kind"] == "partnering" and signal.confidence >= QUOTED_FROM and answer >= needed:
                seen[signal.id] = seen.get(signal.id, 0) + 1
                found.append((utterance, signal, answer))
    return [
        # What came seldom stands out more than what came often, and a long answer shows that it was used.
        _Found(u, s.id, s.confidence, s.confidence * (0.5 + min(1.0, answer / 80)) / seen[s.id] ** 0.5)
        for u, s, answer in found
    ]


def _narrows(signal: SignalId) -> bool:
    """Whether an utterance with this signal leaves less room, whatever else it does: two options are no open way."""
    return signal is SignalId.CLOSED_QUESTION or table("signals")[signal]["kind"] == "leading"


def _answer_words(call: Call, utterance: str) -> int:
    answer = call.turn_after(utterance)
    return answer.word_count if answer is not None and answer.label == call.client else 0


def _moment(call: Call, audience: Audience, found: _Found) -> Moment:
    segment = found.utterance.segment
    answer = call.turn_after(found.utterance.id)
    return Moment(
        call.place(segment.start_ms),
        call.place(answer.segment.end_ms if answer else segment.end_ms),
        say(table("signals")[found.signal]["moment"], audience),
        term("sure", sure_of(found.confidence)),
        quotes=quotes(call, audience, found.utterance.id),
    )


_Candidate = tuple[int, float, str, str]


def _led_away(call: Call) -> list[_Candidate]:
    kinds = table("signals")
    return [
        (call.utterance(r.utterance).segment.start_ms, s.confidence, kinds[s.id]["ask"], r.utterance)
        for r in call.findings.readings
        for s in r.signals
        if kinds[s.id]["kind"] == "leading"
        and s.confidence >= QUOTED_FROM
        and call.utterance(r.utterance).label == call.coach
    ]


def _cut_in(call: Call) -> list[_Candidate]:
    return [
        (event.segment.start_ms, event.confidence, "What was {client} about to say here?", event.utterance)
        for event in call.findings.floor
        if event.kind is FloorKind.INTERRUPTION
        and event.confidence >= QUOTED_FROM
        and call.role(event.by) is Role.COACH
        and not event.announced
    ]


def _widest_room(call: Call, audience: Audience) -> Moment | None:
    """Where nothing calls for a second hearing: the client's longest stretch, and what made room for it."""
    stretches = [turn for turn in call.findings.turns if turn.label == call.client and turn.word_count >= 40]
    if not stretches:
        return None
    longest = max(stretches, key=lambda turn: turn.segment.length_ms)
    start = max(0, longest.segment.start_ms - BEFORE_MS)
    until = min(call.findings.duration_ms, start + WINDOW_MS)
    return Moment(
        call.place(start),
        call.place(until),
        say("{Clients} longest stretch begins here.", audience),
        term("sure", Sure.SURE),
        "What made room for it?",
    )


def _cut(text: str) -> str:
    words = text.split()
    return text if len(words) <= QUOTED_WORDS else " ".join(words[:QUOTED_WORDS]).rstrip(",;:.") + " …"
