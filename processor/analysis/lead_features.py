"""What the course of the phases adds to a line's features when the question is whether it sets the course."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import exp

from processor.model.reading import Phase

FADE_LINES = 3.0
"""Lines over which the start of a phase fades: a phase is opened once, and what follows belongs to it. Ours."""
COURSE = ("opens_phase", "near_opening", "before_opening", "shift", "near_opening_of_closing", *Phase)
"""Whether a line opens a phase, how near it is to the line that did, whether the next one does, how far the chances of
the phases moved, and the phase it is in."""


def lead_rows(
    rows: Sequence[Sequence[float]], chances: Sequence[Sequence[float]], phases: Sequence[Phase]
) -> tuple[tuple[float, ...], ...]:
    """`rows` with COURSE added: `chances` = for each line the probability of each phase, `phases` = the likeliest."""
    return tuple((*row, *added) for row, added in zip(rows, _course(chances, phases), strict=True))


def _course(chances: Sequence[Sequence[float]], phases: Sequence[Phase]) -> list[tuple[float, ...]]:
    opens = [False, *(a is not b for a, b in pairwise(phases))]
    shifts = [0.0, *(sum(abs(p - q) for p, q in zip(a, b, strict=True)) for a, b in pairwise(chances))]
    found, since = [], 0
    for i, phase in enumerate(phases):
        since = 0 if opens[i] or i == 0 else since + 1
        near = exp(-since / FADE_LINES)
        found.append((
            float(opens[i]),
            near,
            float(i + 1 < len(phases) and opens[i + 1]),
            shifts[i],
            near if phase is Phase.CLOSING else 0.0,
            *(float(phase is p) for p in Phase),
        ))
    return found
