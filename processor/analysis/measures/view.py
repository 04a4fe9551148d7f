"""What the measures look at: utterances with roles and times, and the parts that a number is made of."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from processor.analysis.thresholds import LOST_WORD_MS, LOST_WORDS, SHAKE_COPIES, SHORTEST_FOR_RATES_MS
from processor.analysis.turns import unbroken
from processor.model.catalogue import Reason
from processor.model.floor import Utterance, UtteranceKind
from processor.model.people import Role
from processor.model.segment import Segment, covered_ms, union, without
from processor.model.session import Session


@dataclass(frozen=True, slots=True)
class Piece:
    """An utterance reduced to what times and counts need."""

    id: str
    role: Role
    segment: Segment
    words: int
    backchannel: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A turn: pieces by one role while no other role talks, backchannels left out.

    `held_ms` = how long it lasts without what was not recorded.
    """

    role: Role
    segment: Segment
    words: int
    held_ms: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A call as the times-only measures see it. `sounds` is all speech by role, sounds without words too.

    `gaps` were not recorded or were struck out (in order, not touching); `recorded_ms` is the rest.
    """

    pieces: tuple[Piece, ...]
    sounds: tuple[tuple[Role, Segment], ...]
    recorded_ms: int
    single_stream: bool
    gaps: tuple[Segment, ...] = ()

    @property
    def two_voices(self) -> bool:
        """Whether both coach and client say something."""
        return {Role.COACH, Role.CLIENT} <= {p.role for p in self.pieces}

    def talk(self, role: Role) -> tuple[Segment, ...]:
        """When somebody in `role` talks, backchannels left out."""
        return union(p.segment for p in self.pieces if p.role is role and not p.backchannel)

    def talk_ms(self, role: Role) -> int:
        return covered_ms(self.talk(role))

    def runs(self) -> tuple[Run, ...]:
        """The turns, in order of start."""
        said = (p for p in self.pieces if not p.backchannel)
        return tuple(_run(pieces, self.gaps) for pieces in unbroken(said, lambda piece: piece.role))

    def spoken_ms(self) -> int:
        """How long anybody makes a sound."""
        return covered_ms(without([*(s for _, s in self.sounds), *(p.segment for p in self.pieces)], self.gaps))


def _run(pieces: Sequence[Piece], gaps: Sequence[Segment]) -> Run:
    segment = Segment(pieces[0].segment.start_ms, max(p.segment.end_ms for p in pieces))
    held_ms = segment.length_ms - sum(segment.overlap_ms(gap) for gap in _near(segment, gaps))
    return Run(pieces[0].role, segment, sum(p.words for p in pieces), held_ms, tuple(pieces))


def _near(segment: Segment, gaps: Sequence[Segment]) -> Sequence[Segment]:
    """Those of `gaps` (in order, not touching) that may share time with `segment`: a call can have many."""
    first = bisect_right(gaps, segment.start_ms, key=lambda gap: gap.end_ms)
    last = bisect_left(gaps, segment.end_ms, key=lambda gap: gap.start_ms)
    return gaps[first:last]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a number is made of; `value` is given where it is not `numerator` / `denominator`.

    `spread` is the standard deviation that comes from the reading itself (0: none).
    """

    numerator: float
    denominator: float
    value: float | None = None
    spread: float = 0.0
    evidence: tuple[str, ...] = ()

    @property
    def number(self) -> float:
        return self.numerator / self.denominator if self.value is None else self.value


Found = Parts | Reason
"""A number's parts, or why there is none."""


def share(part: float, whole: float, *, evidence: Sequence[str] = (), spread: float = 0.0) -> Found:
    """`part` of `whole`; nothing to divide by is a reason."""
    return Parts(part, whole, evidence=tuple(evidence), spread=spread) if whole > 0 else Reason.NO_CASES


def rate(count: float, unit_ms: int, over_ms: int, *, evidence: Sequence[str] = (), spread: float = 0.0) -> Found:
    """`count` in each `unit_ms` of `over_ms`; `spread` is that of the count. Too little time is a reason."""
    if over_ms < SHORTEST_FOR_RATES_MS:
        return Reason.TOO_SHORT
    units = over_ms / unit_ms
    return Parts(count, units, evidence=tuple(evidence), spread=spread / units)


def view_of(session: Session, utterances: Sequence[Utterance], roles: dict[str, Role]) -> View:
    """The call as the times-only measures see it."""
    pieces = tuple(
        Piece(u.id, roles.get(u.label, Role.OTHER), u.segment, len(u.words), u.kind is UtteranceKind.BACKCHANNEL)
        for u in utterances
    )
    spoken = [(roles.get(span.label, Role.OTHER), span.segment) for span in session.speech.spans]
    recorded = covered_ms(without([Segment(0, session.duration_ms)], session.gaps))
    return View(pieces, tuple(spoken), recorded, session.single_stream, union(session.gaps))


_NORMAL = NormalDist()


def shaken(view: View, sd_ms: int, confusion: float, copy: int) -> View:
    """`view` with times shifted as a recogniser might, and a share `confusion` of short pieces given to the other.

    Not chance: the shifts follow a fixed sequence spread evenly over a normal distribution, so that the same call
    gives the same bounds.
    """
    pieces = []
    for i, piece in enumerate(view.pieces):
        missed = int(piece.words * LOST_WORDS * 2 * _even(5 * i + 1, copy) + _even(3 * i + 2, copy))
        moved = replace(piece, segment=_moved(piece.segment, 2 * i, copy, sd_ms), words=piece.words + missed)
        if confusion and _even(7 * i + 3, copy) < confusion and piece.role is not Role.OTHER:
            moved = replace(moved, role=Role.CLIENT if piece.role is Role.COACH else Role.COACH)
        pieces.append(moved)
    pieces.sort(key=lambda p: (p.segment, p.role))
    spoken = [
        (role, _moved(s, 2 * i, copy, sd_ms)) for i, (role, s) in enumerate(view.sounds) if s.length_ms > 8 * sd_ms
    ]
    short = [(role, s) for role, s in view.sounds if s.length_ms <= 8 * sd_ms]
    return replace(view, pieces=tuple(pieces), sounds=tuple(spoken + short))


def _moved(segment: Segment, i: int, copy: int, sd_ms: int) -> Segment:
    start = max(0, segment.start_ms + _shift(i, copy, sd_ms))
    return Segment(start, max(start + 1, segment.end_ms + _shift(i + 1, copy, sd_ms)))


def _even(i: int, copy: int) -> float:
    """The i-th of a sequence that fills 0 to 1 evenly, another sequence for each copy (multiples of golden ratios)."""
    return (0.5 + i * 0.6180339887498949 + copy * 0.7548776662466927 + i * copy * 0.5698402909980532) % 1.0


def _shift(i: int, copy: int, sd_ms: int) -> int:
    """A little to either side; now and then by a word that was lost at the edge."""
    if _even(11 * i + 4, copy) < 2 * LOST_WORDS:
        return LOST_WORD_MS if i % 2 else -LOST_WORD_MS
    return round(sd_ms * _NORMAL.inv_cdf(min(0.999, max(0.001, _even(i, copy)))))


def copies(view: View, sd_ms: int, confusion: float) -> tuple[View, ...]:
    """SHAKE_COPIES of `view`, each shaken in its own way."""
    return tuple(shaken(view, sd_ms, confusion, n) for n in range(1, SHAKE_COPIES + 1))
