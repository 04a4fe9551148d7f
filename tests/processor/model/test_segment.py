"""Stretches of time, half-open, in whole milliseconds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.model.segment import Segment, covered_ms, shared, union, without

SEGMENTS = st.builds(lambda start, length: Segment(start, start + length), st.integers(0, 200), st.integers(0, 40))


def milliseconds(segments: tuple[Segment, ...] | list[Segment]) -> set[int]:
    """Every millisecond that `segments` hold, counted one by one."""
    return {ms for s in segments for ms in range(s.start_ms, s.end_ms)}


def test_time_runs_forward() -> None:
    """A segment cannot end before it starts; one of no length may be."""
    with pytest.raises(ValueError, match="before it starts"):
        Segment(2, 1)
    assert Segment(2, 2).length_ms == 0


def test_the_end_is_not_inside() -> None:
    """A segment holds its start and not its end."""
    assert [Segment(1, 3).holds(at) for at in (0, 1, 2, 3)] == [False, True, True, False]


def test_touching_is_not_overlapping() -> None:
    """Two segments that touch share nothing; two that overlap share the stretch between."""
    assert Segment(0, 2).overlap(Segment(2, 4)) is None
    assert Segment(0, 3).overlap(Segment(2, 4)) == Segment(2, 3)
    assert Segment(0, 2).overlap_ms(Segment(2, 4)) == 0


def test_a_bridge_closes_short_gaps() -> None:
    """Gaps of at most the bridge are closed, longer ones stay."""
    parts = [Segment(0, 10), Segment(15, 20), Segment(26, 30)]
    assert union(parts, bridge_ms=5) == (Segment(0, 20), Segment(26, 30))


@given(st.lists(SEGMENTS))
def test_union_holds_each_millisecond_once(segments: list[Segment]) -> None:
    """The union holds exactly the milliseconds of its parts, in order and without touching."""
    joined = union(segments)
    assert milliseconds(joined) == milliseconds(segments)
    assert all(a.end_ms < b.start_ms for a, b in pairwise(joined))
    assert covered_ms(segments) == len(milliseconds(segments))


@given(st.lists(SEGMENTS), st.lists(SEGMENTS))
def test_shared_is_what_both_hold(left: list[Segment], right: list[Segment]) -> None:
    """The shared time of two lists is the set of milliseconds that both hold."""
    assert milliseconds(shared(left, right)) == milliseconds(left) & milliseconds(right)


@given(st.lists(SEGMENTS), st.lists(SEGMENTS))
def test_without_is_what_only_the_left_holds(left: list[Segment], right: list[Segment]) -> None:
    """The milliseconds of the left that the right does not hold, in order."""
    found = without(left, right)
    assert milliseconds(found) == milliseconds(left) - milliseconds(right)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(found))
