"""Turns: what one voice says while no other voice takes the floor."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Protocol, TypeVar

from processor.model.segment import Segment


class Timed(Protocol):
    """Anything with a stretch of time."""

    @property
    def segment(self) -> Segment: ...


T = TypeVar("T", bound=Timed)


def unbroken(said: Iterable[T], voice: Callable[[T], Hashable]) -> list[list[T]]:
    """`said` (in order of start, without backchannels) as runs of one voice in which no other voice talks.

    A run ends when another voice starts, and when one that talked all along talks on after the run's last words:
    a word put in does not become one turn with what the same voice says when the other is done.
    """
    runs: list[list[T]] = []
    ends: dict[Hashable, int] = {}
    for item in said:
        mine = voice(item)
        others = max((end for who, end in ends.items() if who != mine), default=0)
        if runs and voice(runs[-1][-1]) == mine and others <= ends[mine]:
            runs[-1].append(item)
        else:
            runs.append([item])
        ends[mine] = max(ends.get(mine, 0), item.segment.end_ms)
    return runs


def followed(
    turns: Iterable[T], voice: Callable[[T], Hashable], gaps: Sequence[Segment] = ()
) -> list[tuple[T, T]]:
    """Each turn (in order of start) with the other voice's turn that it follows: of all that began before, the last to
    end. Where that is the same voice's own the floor did not pass, and over one of `gaps` nobody knows what did."""
    pairs: list[tuple[T, T]] = []
    last: T | None = None
    for turn in turns:
        if last is not None and voice(last) != voice(turn) and not touched(between(last, turn), gaps):
            pairs.append((last, turn))
        if last is None or turn.segment.end_ms >= last.segment.end_ms:
            last = turn
    return pairs


def between(before: Timed, after: Timed) -> Segment:
    """From the end of one to the start of the other; of no length where they overlap."""
    end = before.segment.end_ms
    return Segment(end, max(end, after.segment.start_ms))


def touched(segment: Segment, gaps: Iterable[Segment]) -> bool:
    """Whether a part of `segment` lies in one of `gaps`."""
    return any(segment.overlap(gap) for gap in gaps)
