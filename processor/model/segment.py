"""A stretch of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A stretch of the recording, half-open: it holds `start_ms` and ends before `end_ms`.

    Milliseconds are whole, so equal times are equal and nothing needs a tolerance. A segment of no
    length is allowed (a word whose end was not heard); one that ends before it starts is a ValueError.
    """

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if self.end_ms < self.start_ms:
            raise ValueError(f"a segment cannot end ({self.end_ms}) before it starts ({self.start_ms})")

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def middle_ms(self) -> int:
        return (self.start_ms + self.end_ms) // 2

    def overlap(self, other: Segment) -> Segment | None:
        """The time that both share, or None when they share none; touching is not sharing.

            self    |-------|
            other       |-------|
            overlap     |---|
        """
        start, end = max(self.start_ms, other.start_ms), min(self.end_ms, other.end_ms)
        return Segment(start, end) if start < end else None

    def overlap_ms(self, other: Segment) -> int:
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))

    def holds(self, at_ms: int) -> bool:
        return self.start_ms <= at_ms < self.end_ms


def union(segments: Iterable[Segment], *, bridge_ms: int = 0) -> tuple[Segment, ...]:
    """The time that any of `segments` covers, in order, as segments that do not touch.

    Gaps of at most `bridge_ms` are closed.
    """
    joined: list[Segment] = []
    for segment in sorted(segments):
        if joined and segment.start_ms <= joined[-1].end_ms + bridge_ms:
            joined[-1] = Segment(joined[-1].start_ms, max(joined[-1].end_ms, segment.end_ms))
        else:
            joined.append(segment)
    return tuple(joined)


def covered_ms(segments: Iterable[Segment]) -> int:
    """How many milliseconds any of `segments` covers; time covered twice counts once."""
    return sum(segment.length_ms for segment in union(segments))


def shared(left: Iterable[Segment], right: Iterable[Segment]) -> tuple[Segment, ...]:
    """The time that both sides cover, in order."""
    mine, theirs = union(left), union(right)
    found: list[Segment] = []
    i = j = 0
    while i < len(mine) and j < len(theirs):
        both = mine[i].overlap(theirs[j])
        if both is not None:
            found.append(both)
        if mine[i].end_ms <= theirs[j].end_ms:
            i += 1
        else:
            j += 1
    return tuple(found)


def without(left: Iterable[Segment], right: Iterable[Segment]) -> tuple[Segment, ...]:
    """The time that the left side covers and the right does not, in order."""
    gone = union(right)
    found: list[Segment] = []
    for segment in union(left):
        start = segment.start_ms
        for part in filter(segment.overlap, gone):
            if start < part.start_ms:
                found.append(Segment(start, part.start_ms))
            start = part.end_ms
        if start < segment.end_ms:
            found.append(Segment(start, segment.end_ms))
    return tuple(found)
