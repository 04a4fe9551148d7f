"""Coming in, interrupting and keeping the floor."""

from __future__ import annotations

from bisect import bisect_left

from processor.analysis.measures.reading import Meant, Reading, spread_of, told
from processor.analysis.measures.view import Found, Parts, Piece, View, rate
from processor.analysis.thresholds import (
    BACKCHANNEL_RIGHT,
    DUAL_CONFIDENCE,
    EIGHTY_PERCENT,
    FEWEST_CASES,
    KEEPS_FLOOR_MS,
    KEPT_RIGHT,
)
from processor.analysis.wording import says
from processor.model.catalogue import Reason
from processor.model.floor import FloorKind
from processor.model.people import Role
from processor.model.segment import covered_ms

OTHER_OF = {Role.COACH: Role.CLIENT, Role.CLIENT: Role.COACH}
"""Of the two that the measures are about, the other one."""


def onsets(by: Role, *, backchannels: bool) -> Meant:
    """How often `by` starts while the other speaks, in ten minutes of the other's talk."""

    def measure(reading: Reading) -> Found:
        if reading.view.single_stream:
            return Reason.SINGLE_STREAM
        talk = reading.view.talk(OTHER_OF[by])
        begun = [s.start_ms for s in talk]
        starts = []
        for piece in reading.view.pieces:
            before = bisect_left(begun, piece.segment.start_ms)
            inside = before > 0 and piece.segment.start_ms < talk[before - 1].end_ms
            if inside and piece.role is by and piece.backchannel is backchannels:
                starts.append(piece)
        spread = spread_of([BACKCHANNEL_RIGHT] * len(starts)) if backchannels else 0.0
        return rate(len(starts), 600_000, covered_ms(talk), evidence=[p.id for p in starts], spread=spread)

    return measure


def backchannel_rate(by: Role) -> Meant:
    """Backchannels of `by` in a minute of the other's talk; what a third person is listened to with is left out."""

    def measure(reading: Reading) -> Found:
        count = _backchannels(reading.view, by)
        spread = spread_of([BACKCHANNEL_RIGHT] * count)
        return rate(count, 60_000, reading.view.talk_ms(OTHER_OF[by]), spread=spread)

    return measure


def _backchannels(view: View, by: Role) -> int:
    """How many backchannels of `by` there are, but for those where a third person is the last of the others to end."""
    count = 0
    last: Piece | None = None
    for piece in view.pieces:
        if piece.role is by:
            count += piece.backchannel and (last is None or last.role is not Role.OTHER)
        elif not piece.backchannel and (last is None or piece.segment.end_ms >= last.segment.end_ms):
            last = piece
    return count


def interruption_chances(reading: Reading, by: Role) -> list[tuple[str, float]]:
    """Each coming-in of `by` on the other of the two, with its probability of being an interruption.

    Announced ones, dual starts and whatever third persons have to do with are left out.
    """
    lines = {line.number: line for line in reading.script.lines}
    ids = dict(zip(lines, reading.ids, strict=True))
    found = []
    for moment in reading.moments:
        own, over = lines[moment.coming.own], lines[moment.coming.over]
        announced = says(reading.lexicon, "announce_stop", own.plain)
        if own.role is by and over.role is OTHER_OF[by] and not moment.coming.dual and not announced:
            found.append((ids[own.number], moment.chances[FloorKind.INTERRUPTION]))
    return found


def interruptions(by: Role) -> Meant:
    """Expected interruptions by `by` in ten minutes of the other's talk; evidence: those of probability 0.7 or more."""

    def measure(reading: Reading) -> Found:
        found = interruption_chances(reading, by)
        chances = [p for _, p in found]
        evidence = [name for name, p in found if p >= 0.7]
        wide = 1.5 if reading.view.single_stream else 1.0
        talk_ms = reading.view.talk_ms(OTHER_OF[by])
        return rate(sum(chances), 600_000, talk_ms, spread=wide * spread_of(chances), evidence=evidence)

    return measure


def interruption_balance(reading: Reading) -> Found:
    """How many more times the coach interrupted than the client did; a reason when that may be chance."""
    coach, client = ([p for _, p in interruption_chances(reading, r)] for r in (Role.COACH, Role.CLIENT))
    difference, spread = sum(coach) - sum(client), spread_of([*coach, *client])
    if abs(difference) <= EIGHTY_PERCENT * spread or not coach + client:
        return Reason.COULD_BE_CHANCE
    return Parts(difference, 1.0, value=difference, spread=spread)


def dual_starts(reading: Reading) -> Found:
    """How often coach and client started at once after a silence."""
    if reading.view.single_stream:
        return Reason.SINGLE_STREAM
    if not reading.view.two_voices:
        return Reason.ONE_VOICE
    role = {line.number: line.role for line in reading.script.lines}
    both = [m for m in reading.moments if m.coming.dual and {role[m.coming.own], role[m.coming.over]} == {*OTHER_OF}]
    count = float(len(both))
    return Parts(count, 1.0, value=count, spread=spread_of([DUAL_CONFIDENCE] * len(both)))


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
    return told(kept, len(on_client), KEPT_RIGHT)
