"""How far a supervisor and the software agree on a behaviour, beyond what chance would give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from processor.model.measures import Measure, NotMeasured, Unit
from processor.model.people import Sure

FEWEST = 5
"""With fewer sessions an interval says nothing. Ours."""
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Pair:
    """One behaviour in one session: whether the supervisor saw it, and whether the software heard it."""

    seen: bool
    heard: bool


def kappa(name: str, pairs: Iterable[Pair]) -> Measure | NotMeasured:
    """Cohen's kappa of the pairs, bounded with 95 % certainty: 1 = always one opinion, 0 = as chance would have it.

    NotMeasured with too few sessions, or when both always said the same one thing (then chance alone
    explains it). `numerator` = sessions with one opinion, `denominator` = sessions.
    # Source: Cohen 1960. Departure: the bounds are Wilson's (1927) for the share of one opinion, carried
    # over to kappa, because the usual standard error promises certainty from five sessions of one opinion.
    """
    cases = list(pairs)
    count = len(cases)
    if count < FEWEST:
        return NotMeasured(name, Unit.RATIO, "too_few_cases")
    same = sum(pair.seen == pair.heard for pair in cases)
    seen, heard = sum(pair.seen for pair in cases) / count, sum(pair.heard for pair in cases) / count
    by_chance = seen * heard + (1 - seen) * (1 - heard)
    if by_chance == 1:
        return NotMeasured(name, Unit.RATIO, "no_cases")
    low, high = wilson(same, count)
    return Measure(
        id=name,
        value=(same / count - by_chance) / (1 - by_chance),
        unit=Unit.RATIO,
        low=(low - by_chance) / (1 - by_chance),
        high=(high - by_chance) / (1 - by_chance),
        numerator=same,
        denominator=count,
        sure=Sure.FAIR,
    )


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The bounds of a share with 95 % certainty; `count` is at least 1."""
    share, z = hits / count, Z_95
    middle = share + z**2 / (2 * count)
    half = z * sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    whole = 1 + z**2 / count
    return (middle - half) / whole, (middle + half) / whole
