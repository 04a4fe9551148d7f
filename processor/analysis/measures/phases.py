"""How long each phase lasts, how quiet it is, and when the talk turns to next steps and to its end."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import median

from processor.analysis.measures.reading import Meant, Reading, asks
from processor.analysis.measures.view import Found, Parts, share
from processor.analysis.thresholds import CLOSING_PART, FEWEST_CASES, WIDEN
from processor.analysis.turns import followed
from processor.model.catalogue import Reason
from processor.model.people import Role
from processor.model.reading import Phase
from processor.model.segment import Segment, covered_ms, shared, without


def answer_latency(reading: Reading) -> Found:
    """How long the client takes to answer the coach's questions, in the middle case; negative = before their end."""
    lines = reading.script.lines
    place = {line.number: i for i, line in enumerate(lines)}
    waits = [
        answer.segment.start_ms - question.segment.end_ms
        for question, answer in followed(lines, lambda line: line.role, reading.view.gaps)
        if question.role is Role.COACH and answer.role is Role.CLIENT
        and place[answer.number] == place[question.number] + 1 and asks(reading, place[question.number])
    ]  # fmt: skip
    if len(waits) < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    middle = median(waits)
    off = median([abs(w - middle) for w in waits]) / sqrt(len(waits))
    return Parts(float(sum(waits)), float(len(waits)), value=float(middle), spread=1.5 * off)


def _recorded(reading: Reading, *phases: Phase) -> tuple[Segment, ...]:
    """The time that was recorded in any of `phases`."""
    return without((span.segment for span in reading.phases if span.phase in phases), reading.view.gaps)


def phase_share(phase: Phase) -> Meant:
    """The part of the call in a phase."""

    def measure(reading: Reading) -> Found:
        held, total = (covered_ms(_recorded(reading, *phases)) for phases in ((phase,), Phase))
        return share(held, total, spread=_phase_spread(reading, phase))

    return measure


def _phase_spread(reading: Reading, phase: Phase) -> float:
    """Lines whose phase is in doubt, weighted by their length; neighbours are in doubt together."""
    place = tuple(Phase).index(phase)
    lengths = [line.stretch.segment.length_ms for line in reading.script.lines]
    doubt = sum(
        (length * sqrt(c[place] * (1 - c[place]))) ** 2
        for length, c in zip(lengths, reading.phase_chances, strict=True)
    )
    return 2.0 * WIDEN * sqrt(doubt) / max(1, sum(lengths))


def phase_silence(phase: Phase) -> Meant:
    """The part of a phase in which nobody speaks."""

    def measure(reading: Reading) -> Found:
        spans = _recorded(reading, phase)
        if not spans:
            return Reason.PHASE_NOT_FOUND
        spoken = [*(s for _, s in reading.view.sounds), *(p.segment for p in reading.view.pieces)]
        total = covered_ms(spans)
        return share(total - covered_ms(shared(spans, spoken)), total)

    return measure


def first_action_at(reading: Reading) -> Found:
    """When the talk first turns to next steps."""
    starts = [span.segment.start_ms for span in reading.phases if span.phase is Phase.ACTION]
    if not starts:
        return Reason.PHASE_NOT_FOUND
    place = tuple(Phase).index(Phase.ACTION)
    doubted = [
        line.stretch.segment.length_ms * c[place] * (1 - c[place])
        for line, c in zip(reading.script.lines, reading.phase_chances, strict=True)
    ]
    return Parts(float(starts[0]), 1.0, value=float(starts[0]), spread=float(sum(doubted)))


def closing_in_last_part(reading: Reading) -> Found:
    """The part of the last 15 % of the call that is spent on closing."""
    call = _recorded(reading, *Phase)
    last = _last_of(call, round(CLOSING_PART * covered_ms(call)))
    closing = covered_ms(shared(last, _recorded(reading, Phase.CLOSING)))
    spread = _phase_spread(reading, Phase.CLOSING)
    return share(closing, covered_ms(last), spread=min(0.5, spread / CLOSING_PART))


def _last_of(segments: Sequence[Segment], length_ms: int) -> list[Segment]:
    """The last `length_ms` that the segments (in order, not touching) cover."""
    found: list[Segment] = []
    for segment in reversed(segments):
        left_ms = length_ms - covered_ms(found)
        if left_ms > 0:
            found.append(Segment(max(segment.start_ms, segment.end_ms - left_ms), segment.end_ms))
    return found
