"""Numbers with their parts, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from processor.model.people import Sure


class Unit(StrEnum):
    """What a number counts."""

    RATIO = "ratio"
    COUNT = "count"
    MILLISECONDS = "ms"
    WORDS = "words"
    PER_MINUTE = "per_minute"
    PER_TEN_MINUTES = "per_10_minutes"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number about the call.

    `value` = `numerator` / `denominator` where it is a ratio or a rate; elsewhere `denominator` is the
    number of cases it rests on. `low` and `high` bound it with 80 % certainty, from what was hard to hear
    and from how reliable its kind is. `evidence` are ids of utterances to listen to.
    """

    id: str
    value: float
    unit: Unit
    low: float
    high: float
    numerator: float
    denominator: float
    sure: Sure
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """The measure `id` could not be computed; `reason` is a code worded in reports."""

    id: str
    unit: Unit
    reason: str
