"""Which files are one person's."""

from __future__ import annotations

import numpy as np

from processor.model.segment import Segment
from processor.speech.clocks import TrackClock
from processor.speech.samples import RATE, Samples
from processor.speech.tracks import TrackSound, Voice, people_of


def file(name: str | None, start_s: int, end_s: int) -> Voice:
    """A file of `name` that covers this part of the call, with speech from its first second to its last."""
    samples = Samples(np.zeros(((end_s - start_s) * RATE, 1), dtype=np.int16))
    speech = (Segment(1000 * start_s, 1000 * end_s),)
    return Voice(TrackSound(name, samples), TrackClock(1000.0 * start_s), speech)


def people(*files: Voice) -> list[list[tuple[str | None, int]]]:
    return [[(voice.sound.name, voice.covers.start_ms // 1000) for voice in voices] for voices in people_of(files)]


def test_somebody_who_came_back_is_one_person() -> None:
    """Two files of Tom, one after the other, are Tom."""
    assert people(file("Dana", 0, 60), file("Tom", 0, 20), file("Tom", 25, 60)) == [
        [("Tom", 0), ("Tom", 25)],
        [("Dana", 0)],
    ]


def test_two_people_may_have_one_name() -> None:
    """Two files of "Alex" that run at the same time are two people."""
    assert people(file("Alex", 0, 60), file("Alex", 0, 50)) == [[("Alex", 0)], [("Alex", 0)]]


def test_files_without_a_name_are_never_joined() -> None:
    """Nobody knows whose they are."""
    assert len(people(file(None, 0, 20), file(None, 30, 60))) == 2
