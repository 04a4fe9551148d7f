"""All that was read of a call, as the measures of meaning look at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from processor.analysis.floor import Moment
from processor.analysis.knowledge import Lexicon
from processor.analysis.measures.view import Found, Parts, View, share
from processor.analysis.script import Script
from processor.analysis.signals import Chances, any_of
from processor.analysis.thresholds import WIDEN
from processor.model.catalogue import Reason
from processor.model.people import Role
from processor.model.reading import Move, PhaseSpan, SignalId

QUESTIONS = (SignalId.OPEN_QUESTION, SignalId.CLOSED_QUESTION, SignalId.LEADING_QUESTION)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read, as the measures of meaning look at it. `phase_chances` is by line, Phase in order."""

    view: View
    script: Script
    ids: tuple[str, ...]
    signals: Chances
    moments: tuple[Moment, ...]
    phases: tuple[PhaseSpan, ...]
    phase_chances: tuple[tuple[float, ...], ...]
    moves: tuple[Move, ...]
    lexicon: Lexicon

    def coach_lines(self) -> list[int]:
        return [i for i, line in enumerate(self.script.lines) if line.role is Role.COACH]


Meant = Callable[[Reading], Found]


def spread_of(chances: Sequence[float]) -> float:
    """The standard deviation of a sum of uncertain cases, widened because readers err in runs."""
    return WIDEN * sqrt(sum(p * (1.0 - p) for p in chances))


def expected(chances: Sequence[float], count: float) -> Found:
    """The expected part of `count` cases for which something holds."""
    return share(sum(chances), count, spread=spread_of(chances) / count) if count else Reason.NO_CASES


def told(part: int, whole: int, right: float, *, evidence: Sequence[str] = ()) -> Found:
    """`part` of `whole` cases, each of them told right with the probability `right`."""
    return share(part, whole, spread=spread_of([right] * whole) / max(1, whole), evidence=evidence)


def counted(names: Sequence[str], right: float) -> Found:
    """How many there are of what was found at `names`, each of them right with the probability `right`."""
    count = float(len(names))
    return Parts(count, 1.0, value=count, spread=spread_of([right] * len(names)), evidence=tuple(names))


def asking_chance(reading: Reading, i: int) -> float:
    """How likely line `i` asks: by the coach's signals; for others 1 or 0, by its question mark."""
    if reading.signals[i]:
        return any_of(reading.signals[i], QUESTIONS)
    return float(reading.script.lines[i].stretch.text.rstrip().endswith("?"))


def asks(reading: Reading, i: int) -> bool:
    """Whether line `i` likelier asks than not."""
    return asking_chance(reading, i) >= 0.5
