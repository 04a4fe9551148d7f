"""How many voices sound in each frame of a call, from windows that know no voice beyond their own end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment


@dataclass(frozen=True, slots=True)
class FrameClock:
    """Where frames lie in time: the middle of the first, the distance between two, and windows' distance, in ms."""

    first_ms: float
    step_ms: float
    window_step_ms: int

    def start_of(self, frame: int) -> int:
        """When `frame` begins; also when the one before it ends."""
        return max(0, round(self.first_ms + (frame - 0.5) * self.step_ms))

    def window_start(self, window: int) -> int:
        """The first frame of a window."""
        return round(window * self.window_step_ms / self.step_ms)


@dataclass(frozen=True, slots=True, eq=False)
class FrameActivity:
    """`count` voices sound in each frame; at a `change` one voice hands over to another without a pause."""

    count: NDArray[np.int8]
    change: NDArray[np.bool_]
    clock: FrameClock

    def runs(self, mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
        """Stretches of frames in which `mask` holds, as (first, one past the last)."""
        edges = np.diff(np.concatenate(([0], mask.astype(np.int8), [0])))
        return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))

    def segment(self, run: tuple[int, int]) -> Segment:
        return Segment(self.clock.start_of(run[0]), self.clock.start_of(run[1]))

    def speech(self) -> tuple[Segment, ...]:
        """When anybody speaks."""
        return tuple(self.segment(run) for run in self.runs(self.count > 0))

    def solo_runs(self) -> list[tuple[int, int]]:
        """Stretches with one voice, cut where the voice changes: each holds one person, as far as can be told."""
        found: list[tuple[int, int]] = []
        for first, last in self.runs(self.count == 1):
            cuts = [first, *(np.flatnonzero(self.change[first + 1 : last]) + first + 1).tolist(), last]
            found.extend(pairwise(cuts))
        return found

    def overlap_runs(self) -> list[tuple[int, int]]:
        return self.runs(self.count > 1)


def join_windows(windows: NDArray[np.int8], clock: FrameClock) -> FrameActivity:
    """One activity from overlapping windows of shape (windows, frames, voices in the window).

    A frame's count is the mean of what the windows over it say, rounded. A change of voice is marked where
    any window sees one: a cut too many only makes a stretch shorter, a missed one mixes two people.
    """
    frames = windows.shape[1]
    length = clock.window_start(len(windows) - 1) + frames if len(windows) else 0
    total, votes = np.zeros(length), np.zeros(length)
    change = np.zeros(length, dtype=np.bool_)
    for index, window in enumerate(windows):
        start = clock.window_start(index)
        active = window.sum(axis=1)
        total[start : start + frames] += active
        votes[start : start + frames] += 1
        voice = window.argmax(axis=1)
        single = active == 1
        handed = single[1:] & single[:-1] & (voice[1:] != voice[:-1])
        change[start + 1 : start + frames] |= handed
    count = np.rint(total / np.maximum(votes, 1)).astype(np.int8)
    return FrameActivity(count, change, clock)
