"""Speech is packed into windows and every time finds its way back."""

from __future__ import annotations

import pytest

from processor.model.segment import Segment
from processor.speech.chunks import WINDOW_MS, Chunk, pack

HOUR = 3_600_000


def packed(*speech: tuple[int, int], pad_ms: int = 0, join_ms: int = 0) -> list[list[tuple[int, int]]]:
    chunks = pack(
        [Segment(*span) for span in speech],
        pad_ms=pad_ms,
        join_ms=join_ms,
        duration_ms=HOUR,
        quietest=lambda segment: segment.middle_ms,
    )
    return [[(span.start_ms, span.end_ms) for span in chunk.spans] for chunk in chunks]


def test_no_speech_is_no_chunk() -> None:
    """Nothing to hear costs nothing."""
    assert packed() == []


def test_speech_that_fits_is_one_chunk_without_its_silence() -> None:
    """Two sentences a minute apart are heard in one go."""
    assert packed((0, 5_000), (65_000, 70_000)) == [[(0, 5_000), (65_000, 70_000)]]


def test_speech_is_widened_and_joined() -> None:
    """Each stretch grows by the padding; what then lies within the bridge is one stretch."""
    assert packed((1_000, 2_000), (2_300, 3_000), pad_ms=100, join_ms=100) == [[(900, 3_100)]]
    assert packed((1_000, 2_000), (2_301, 3_000), pad_ms=100, join_ms=100) == [[(900, 2_100), (2_201, 3_100)]]


def test_a_chunk_ends_at_the_long_pause() -> None:
    """Where three sentences need two chunks, the cut falls into the long pause and not the short one."""
    assert packed((0, 14_000), (14_200, 24_000), (25_000, 35_000)) == [
        [(0, 14_000), (14_200, 24_000)],
        [(25_000, 35_000)],
    ]
    assert packed((0, 14_000), (15_000, 24_000), (24_200, 34_000)) == [
        [(0, 14_000)],
        [(15_000, 24_000), (24_200, 34_000)],
    ]


def test_speech_without_a_pause_is_cut_where_it_is_quietest() -> None:
    """A minute without a pause is cut at the place asked for, in the second half of the window."""
    middle = WINDOW_MS // 2 + WINDOW_MS // 4
    assert packed((0, 40_000))[0] == [(0, middle)]
    assert sum(end - start for chunk in packed((0, 40_000)) for start, end in chunk) == 40_000


def test_no_chunk_is_longer_than_the_window() -> None:
    """A long talk with short pauses never overfills the recogniser's window."""
    speech = [(start, start + 2_900) for start in range(0, 600_000, 3_000)]
    chunks = packed(*speech)
    assert max(sum(end - start for start, end in chunk) for chunk in chunks) <= WINDOW_MS
    assert [span for chunk in chunks for span in chunk] == speech


@pytest.mark.parametrize(
    ("heard", "lies_at"),
    [
        ((0, 500), (10_000, 10_500)),
        ((1_500, 2_400), (11_500, 12_000)),  # reaches 400 ms over the cut, but its middle (1950) lies before it
        ((2_000, 2_600), (30_000, 30_600)),
        ((2_900, 3_400), (30_900, 31_000)),
    ],
)
def test_times_find_their_way_back(heard: tuple[int, int], lies_at: tuple[int, int]) -> None:
    """A time in the chunk is a time in the recording; what reaches over a cut stays on its middle's side."""
    chunk = Chunk((Segment(10_000, 12_000), Segment(30_000, 31_000)))
    assert chunk.source(*heard) == Segment(*lies_at)
