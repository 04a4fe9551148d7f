"""Several files laid one behind the other on one time line, so that their speech can be heard as that of one file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.speech.samples import RATE, Samples

GAP_MS = 2_000
"""Silence between two files: more than is ever left around speech or heard as one breath."""


class Tape:
    """`files` in their order, with GAP_MS of silence behind each."""

    def __init__(self, files: Sequence[Samples]) -> None:
        self._files = tuple(files)
        ends = np.cumsum([file.duration_ms + GAP_MS for file in self._files]).tolist()
        self._starts = [0, *ends[:-1]]
        self.duration_ms: int = ends[-1]

    def place(self, file: int, segment: Segment) -> Segment:
        """Where a segment of a file lies on the tape."""
        start = self._starts[file]
        return Segment(start + segment.start_ms, start + segment.end_ms)

    def source(self, segment: Segment) -> tuple[int, Segment]:
        """The file that holds the middle of a segment of the tape, and where in the file that segment lies."""
        file = bisect_right(self._starts, segment.middle_ms) - 1
        start = self._starts[file]
        return file, Segment(max(0, segment.start_ms - start), segment.end_ms - start)

    def between(self, start_ms: float, end_ms: float) -> NDArray[np.float32]:
        """The sound from `start_ms` to `end_ms`, silent where no file is; what lies outside the tape is left out."""
        first, last = max(0.0, start_ms), min(float(self.duration_ms), end_ms)
        sound = np.zeros(max(0, round((last - first) * RATE / 1000)), dtype=np.float32)
        for file, begin in zip(self._files, self._starts, strict=True):
            if begin < last and begin + file.duration_ms > first:
                part = file.between(first - begin, last - begin)
                at = round(max(0.0, begin - first) * RATE / 1000)
                sound[at : at + len(part)] = part[: len(sound) - at]
        return sound
