"""Windows of segmentation become one activity."""

from __future__ import annotations

import numpy as np

from processor.model.segment import Segment
from processor.speech.frames import FrameActivity, FrameClock, join_windows

CLOCK = FrameClock(first_ms=5, step_ms=10, window_step_ms=40)  # frame n lies from 10 n to 10 n + 10 ms


def window(*voices: str) -> list[list[int]]:
    """A window from one row of "x" and "." for each of its voices."""
    return [[int(row[frame] == "x") for row in voices] for frame in range(len(voices[0]))]


def joined(*windows: list[list[int]]) -> FrameActivity:
    return join_windows(np.array(windows, dtype=np.int8), CLOCK)


def test_frames_lie_where_their_middle_says() -> None:
    """Frame 3 begins at 30 ms; windows lie 40 ms apart, so that the third begins at 80 ms, with frame 8."""
    assert CLOCK.start_of(3) == 30
    assert CLOCK.window_start(2) == 8


def test_the_count_is_what_most_windows_say() -> None:
    """Where two windows say two voices and one says one, there are two (5 / 3 rounds to 2)."""
    clock = FrameClock(5, 10, 10)
    windows = np.array([window("..x", "..x"), window(".x.", ".x."), window("x..", "...")], dtype=np.int8)
    assert join_windows(windows, clock).count.tolist() == [0, 0, 2, 0, 0]


def test_speech_is_where_anybody_sounds() -> None:
    """Frames 2 to 5 with a voice are speech from 20 to 60 ms."""
    assert joined(window("..xx....", "...xxx..")).speech() == (Segment(20, 60),)


def test_a_change_of_voice_cuts_a_stretch() -> None:
    """One voice that hands over to another without a pause gives two stretches."""
    activity = joined(window("xxxx....", "....xxxx"))
    assert activity.solo_runs() == [(0, 4), (4, 8)]


def test_an_overlap_is_no_stretch_of_one_voice() -> None:
    """Frames with two voices part the stretches beside them."""
    activity = joined(window("xxxxx...", "...xxxxx"))
    assert activity.overlap_runs() == [(3, 5)]
    assert activity.solo_runs() == [(0, 3), (5, 8)]


def test_a_change_that_one_window_sees_is_enough() -> None:
    """The second window takes both for one voice; the first saw the change."""
    assert joined(window("xxxxxx..", "......xx"), window("xxxxxxxx", "........")).solo_runs() == [(0, 6), (6, 12)]
