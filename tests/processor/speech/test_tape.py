"""Several files are heard as one, and what was heard finds its file again."""

from __future__ import annotations

import numpy as np

from processor.model.segment import Segment
from processor.speech.tape import GAP_MS, Tape
from tests.sounds import samples_of, tone

FIRST, SECOND = samples_of(tone(3.0, loud=0.1)), samples_of(tone(2.0, loud=0.4))
SECOND_STARTS = 3_000 + GAP_MS


def test_each_file_has_its_place() -> None:
    """The second file begins a gap after the end of the first."""
    tape = Tape([FIRST, SECOND])
    assert tape.place(0, Segment(500, 900)) == Segment(500, 900)
    assert tape.place(1, Segment(500, 900)) == Segment(SECOND_STARTS + 500, SECOND_STARTS + 900)
    assert tape.duration_ms == SECOND_STARTS + 2_000 + GAP_MS


def test_the_sound_is_that_of_the_file() -> None:
    """What lies on the tape where a file's segment was placed sounds as the file does there."""
    tape = Tape([FIRST, SECOND])
    placed = tape.place(1, Segment(500, 900))
    assert np.array_equal(tape.between(placed.start_ms, placed.end_ms), SECOND.between(500, 900))


def test_between_files_there_is_silence() -> None:
    """From half a second before the end of the first to half a second into the second: sound, silence, sound."""
    heard = np.abs(Tape([FIRST, SECOND]).between(2_500, SECOND_STARTS + 500)).reshape(-1, 8_000).max(axis=1)
    assert [round(float(loud), 1) for loud in heard] == [0.1, 0.0, 0.0, 0.0, 0.0, 0.4]


def test_what_lies_outside_is_left_out() -> None:
    """Asking for a second before the tape begins gives what comes after it."""
    assert np.array_equal(Tape([FIRST]).between(-1_000, 1_000), FIRST.between(0, 1_000))


def test_what_was_heard_goes_back_to_its_file() -> None:
    """A word of the second file, and one that seems to begin a little before it: the start of the file, then."""
    tape = Tape([FIRST, SECOND])
    assert tape.source(Segment(SECOND_STARTS + 500, SECOND_STARTS + 900)) == (1, Segment(500, 900))
    assert tape.source(Segment(SECOND_STARTS - 60, SECOND_STARTS + 300)) == (1, Segment(0, 300))
