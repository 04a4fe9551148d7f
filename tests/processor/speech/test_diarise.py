"""Voices become who spoke when."""

from __future__ import annotations

import numpy as np
import pytest

from processor.model.segment import Segment
from processor.speech.diarise import count_voices, solo_windows, who_spoke
from processor.speech.frames import FrameActivity, FrameClock, join_windows
from processor.speech.voices import cut_windows

ALIKE = 0.85
CLOCK = FrameClock(first_ms=50, step_ms=100, window_step_ms=100_000)
VOICES = {"a": (1.0, 0.0, 0.0), "b": (0.0, 1.0, 0.0), "c": (0.0, 0.0, 1.0), "d": (0.99, 0.1, 0.0)}


def activity(*voices: str) -> FrameActivity:
    """One row a voice, one sign a tenth of a second; "x" = it sounds."""
    window = [[int(row[frame] == "x") for row in voices] for frame in range(len(voices[0]))]
    return join_windows(np.array([window], dtype=np.int8), CLOCK)


def heard(seen: FrameActivity, sounds: str, speakers: int) -> list[tuple[str, int, int]]:
    """Who spoke when, when the stretches sound like the voices named in `sounds`, one a window."""
    stretches, windows = solo_windows(seen)
    rows = np.array([VOICES[name] for name in sounds], dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    spans = who_spoke(seen, stretches, windows, rows, speakers, alike=ALIKE).speech.spans
    return [(span.label, span.segment.start_ms, span.segment.end_ms) for span in spans]


def test_labels_follow_the_order_in_which_voices_are_heard() -> None:
    """The first voice is SPEAKER_00, whatever it is like, and it is itself again when it comes back."""
    seen = activity("xxxxxxxxxx..........xxxxxxxxxx", "...........xxxxxxx............")
    assert heard(seen, "bab", 2) == [("SPEAKER_00", 0, 1000), ("SPEAKER_01", 1100, 1800), ("SPEAKER_00", 2000, 3000)]


def test_both_speak_in_an_overlap() -> None:
    """With two people an overlap is both of them.

        A  |----------------|
        B            |---------------|
    """
    seen = activity("xxxxxxxxxxxxxxx.........", "..........xxxxxxxxxxxxxx")
    assert heard(seen, "ab", 2) == [("SPEAKER_00", 0, 1500), ("SPEAKER_01", 1000, 2400)]


def test_an_overlap_of_three_people_is_the_two_beside_it() -> None:
    """The third person, who spoke long before, is not in it."""
    seen = activity("xxxxxxxx...........................", "..........xxxxxxxxxx...............",
                    "..................xxxxxxxxx........")
    assert heard(seen, "cab", 3) == [("SPEAKER_00", 0, 800), ("SPEAKER_01", 1000, 2000), ("SPEAKER_02", 1800, 2700)]


@pytest.mark.parametrize(
    ("sounds", "people"),
    [("aaaaaaaa", 1), ("adadadad", 1), ("abababab", 2), ("abcabcab", 3)],
)
def test_people_are_counted_by_their_voices(sounds: str, people: int) -> None:
    """One voice is one person even when it varies; two and three that differ are two and three."""
    windows = cut_windows([Segment(n * 2000, n * 2000 + 1400) for n in range(len(sounds))])
    rows = np.array([VOICES[name] for name in sounds], dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert count_voices(windows, rows, ALIKE) == people


@pytest.mark.parametrize("alike", [0.5, 0.65, 0.8])
def test_a_single_odd_sound_is_not_a_person(alike: float) -> None:
    """A laugh that is 2 % of the speech and like nobody adds no speaker, and takes none away.

    The two voices have a cosine as real ones have; the first number is what they share.
    """
    shared, own = alike**0.5, (1 - alike) ** 0.5
    voices = {"a": (shared, own, 0, 0), "b": (shared, 0, own, 0), "c": (0, 0, 0, 1)}
    windows = cut_windows([Segment(n * 2000, n * 2000 + 1400) for n in range(50)])
    rows = np.array([voices["abc"[n % 2 if n else 2]] for n in range(50)], dtype=np.float32)
    assert count_voices(windows, rows, ALIKE) == 2


def test_the_share_that_may_be_confused_grows_as_voices_come_near() -> None:
    """Clear voices: nearly none. Every stretch half-way between two voices: half of them a guess."""
    seen = activity("xxxxxxxxxxxxxx.xxxxxxxxxxxxxx.xxxxxxxxxxxxxx.xxxxxxxxxxxxxx")
    stretches, windows = solo_windows(seen)
    clear = np.array([VOICES["a"], VOICES["b"]] * 2, dtype=np.float32)
    assert who_spoke(seen, stretches, windows, clear, 2, alike=ALIKE).confusion_share < 0.001
    same = np.array([VOICES["a"]] * 4, dtype=np.float32)
    assert who_spoke(seen, stretches, windows, same, 2, alike=ALIKE).confusion_share == pytest.approx(0.5, abs=0.01)
