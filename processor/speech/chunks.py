"""Speech packed into windows for the recogniser, and the way back to the recording's time.

Whisper looks at thirty seconds at a time and takes as long for a half-empty window as for a full one. So
stretches of speech are laid one after the other, long silences are left out, and a window ends at a pause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment, union
from processor.speech.samples import Sound

WINDOW_MS = 29_500
"""What fits into one window of Whisper (30 s), less a little for rounding."""

LONG_PAUSE_MS = 600
"""A window may end at a pause of this length at no cost; ending it at a shorter one may break a sentence."""

SHORT_PAUSE_COST = 0.3
"""What ending a window without any pause costs, in windows."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Stretches of the recording, in order, that are heard in one go as if nothing lay between them."""

    spans: tuple[Segment, ...]

    @property
    def length_ms(self) -> int:
        return sum(span.length_ms for span in self.spans)

    def sound(self, samples: Sound) -> NDArray[np.float32]:
        return np.concatenate([samples.between(span.start_ms, span.end_ms) for span in self.spans])

    def source(self, start_ms: float, end_ms: float) -> Segment:
        """Where in the recording the time from `start_ms` to `end_ms` of this chunk lies.

        What reaches over a cut stays on the side where its middle is.
        """
        middle = (start_ms + end_ms) / 2
        before = 0
        for index, span in enumerate(self.spans):
            if middle < before + span.length_ms or index == len(self.spans) - 1:
                start = span.start_ms + min(max(start_ms - before, 0), span.length_ms)
                end = span.start_ms + min(max(end_ms - before, 0), span.length_ms)
                return Segment(round(start), max(round(start), round(end)))
            before += span.length_ms
        raise ValueError("a chunk without spans has no time")


def pack(
    speech: Iterable[Segment], *, pad_ms: int, join_ms: int, duration_ms: int, quietest: Callable[[Segment], int]
) -> tuple[Chunk, ...]:
    """`speech` in as few chunks as it fits into, ending at long pauses where that costs no extra chunk.

    Each stretch is widened by `pad_ms` on both sides; pauses of at most `join_ms` stay in. Speech without a
    pause for longer than a window is cut where `quietest` says.
    """
    padded = (Segment(max(0, s.start_ms - pad_ms), min(duration_ms, s.end_ms + pad_ms)) for s in speech)
    spans = [part for span in union(padded, bridge_ms=join_ms) for part in _cut(span, quietest)]
    return tuple(Chunk(tuple(spans[first:last])) for first, last in _breaks(spans))


def _cut(span: Segment, quietest: Callable[[Segment], int]) -> list[Segment]:
    parts: list[Segment] = []
    while span.length_ms > WINDOW_MS:
        at = quietest(Segment(span.start_ms + WINDOW_MS // 2, span.start_ms + WINDOW_MS))
        parts.append(Segment(span.start_ms, at))
        span = Segment(at, span.end_ms)
    return [*parts, span]


def _breaks(spans: Sequence[Segment]) -> list[tuple[int, int]]:
    """The cheapest way to cut the row of spans into chunks (dynamic programming over where the last one starts)."""
    cost: list[float] = [0.0]
    begin: list[int] = [0]
    for last in range(1, len(spans) + 1):
        best, length = (float("inf"), last - 1), 0
        for first in range(last - 1, -1, -1):
            length += spans[first].length_ms
            if length > WINDOW_MS and first < last - 1:
                break
            best = min(best, (cost[first] + 1 + _break_cost(spans, first), first))
        cost.append(best[0])
        begin.append(best[1])
    found, last = [], len(spans)
    while last:
        found.append((begin[last], last))
        last = begin[last]
    return found[::-1]


def _break_cost(spans: Sequence[Segment], first: int) -> float:
    if first == 0:
        return 0.0
    pause = spans[first].start_ms - spans[first - 1].end_ms
    return SHORT_PAUSE_COST * max(0.0, 1 - pause / LONG_PAUSE_MS)
