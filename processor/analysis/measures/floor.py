"""Coming in, interrupting and keeping the floor."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from processor.analysis.measures.reading import Meant, Reading, spread_of
from processor.analysis.measures.view import Found, Parts, share
from processor.analysis.thresholds import EIGHTY_PERCENT, FEWEST_CASES, KEEPS_FLOOR_MS
from processor.analysis.wording import says
from processor.model.catalogue import Reason
from processor.model.floor import FloorKind
from processor.model.people import Role
from processor.model.segment import covered_ms


def onsets(by: Role, *, backchannels: bool) -> Meant:
    """How often `by` starts while the other speaks, in ten minutes of the other's talk."""

    def measure(reading: Reading) -> Found:
        if reading.view.single_stream:
            return Reason.SINGLE_STREAM
        other = Role.CLIENT if by is Role.COACH else Role.COACH
        talk = reading.view.talk(other)
        starts = [
            p for p in reading.view.pieces
            if p.role is by and p.backchannel is backchannels
            and any(s.start_ms < p.segment.start_ms < s.end_ms for s in talk)
        ]  # fmt: skip
        return _per_ten(len(starts), sqrt(len(starts)) * 0.3, covered_ms(talk), [p.id for p in starts])

    return measure


def _per_ten(count: float, spread: float, talk_ms: int, evidence: Sequence[str]) -> Found:
    tens = talk_ms / 600_000
    return share(count, tens, spread=spread / tens if tens else 0.0, evidence=evidence)


def backchannel_rate(by: Role) -> Meant:
    """Backchannels of `by` in a minute of the other's talk."""

    def measure(reading: Reading) -> Found:
        other = Role.CLIENT if by is Role.COACH else Role.COACH
        count = sum(p.backchannel and p.role is by for p in reading.view.pieces)
        minutes = reading.view.talk_ms(other) / 60_000
        return share(count, minutes, spread=0.35 * sqrt(count) / minutes if minutes else 0.0)

    return measure


def interruption_chances(reading: Reading, by: Role) -> list[tuple[str, float]]:
    """Each coming-in of `by` with its probability of being an interruption, without announced ones and dual starts."""
    place = {line.number: i for i, line in enumerate(reading.script.lines)}
    found = []
    for moment in reading.moments:
        i = place[moment.coming.own]
        line = reading.script.lines[i]
        if line.role is by and not moment.coming.dual and not says(reading.lexicon, "announce_stop", line.plain):
            found.append((reading.ids[i], moment.chances[FloorKind.INTERRUPTION]))
    return found


def interruptions(by: Role) -> Meant:
    """Expected interruptions by `by` in ten minutes of the other's talk; evidence: those of probability 0.7 or more."""

    def measure(reading: Reading) -> Found:
        other = Role.CLIENT if by is Role.COACH else Role.COACH
        found = interruption_chances(reading, by)
        chances = [p for _, p in found]
        evidence = [name for name, p in found if p >= 0.7]
        wide = 1.5 if reading.view.single_stream else 1.0
        return _per_ten(sum(chances), wide * spread_of(chances), reading.view.talk_ms(other), evidence)

    return measure


def interruption_balance(reading: Reading) -> Found:
    """How many more times the coach interrupted than the client did; a reason when that may be chance."""
    coach, client = ([p for _, p in interruption_chances(reading, r)] for r in (Role.COACH, Role.CLIENT))
    difference, spread = sum(coach) - sum(client), spread_of([*coach, *client])
    if abs(difference) <= EIGHTY_PERCENT * spread or not coach + client:
        return Reason.COULD_BE_CHANCE
    return Parts(difference, 1.0, value=difference, spread=spread)


def dual_starts(reading: Reading) -> Found:
    """How often both started at once after a silence."""
    if reading.view.single_stream:
        return Reason.SINGLE_STREAM
    count = float(sum(m.coming.dual for m in reading.moments))
    return Parts(count, 1.0, value=count, spread=0.5 * sqrt(count))


def floor_kept(reading: Reading) -> Found:
    """Of the client's utterances on which the coach came in, the part in which the client went on for a second."""
    if reading.view.single_stream:
        return Reason.SINGLE_STREAM
    place = {line.number: line for line in reading.script.lines}
    on_client = [
        m.coming
        for m in reading.moments
        if not m.coming.dual
        and place[m.coming.own].role is Role.COACH
        and place[m.coming.over].role is Role.CLIENT
        and place[m.coming.own].stretch.segment.overlap_ms(place[m.coming.over].stretch.segment) > 0
    ]
    if len(on_client) < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    kept = sum(c.goes_on_ms >= KEEPS_FLOOR_MS for c in on_client)
    return share(kept, len(on_client), spread=0.05)
