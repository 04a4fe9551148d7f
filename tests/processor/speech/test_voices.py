"""Stretches are given to voices by what they sound like."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.speech.voices import HOP_MS, WINDOW_MS, VoiceWindow, centres_of, cut_windows, tell_apart

A, B = (1.0, 0.0), (0.0, 1.0)
ALIKE = 0.85


def rows(*directions: tuple[float, float]) -> NDArray[np.float32]:
    made = np.array(directions, dtype=np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def call(course: str, alike: float) -> tuple[tuple[VoiceWindow, ...], NDArray[np.float32]]:
    """A window of 1.4 s for each sign of `course`: voices a and b with `alike` as cosine, sounds c and d like nobody.

    The first number is what the voices share, the next are what is each one's own; the rest varies from window to
    window, so that two windows of one voice have a cosine of about 0.9.
    """
    shared, voice = alike**0.5, (1 - alike) ** 0.5
    own = {"a": (shared, voice, 0, 0, 0), "b": (shared, 0, voice, 0, 0), "c": (0, 0, 0, 1, 0), "d": (0, 0, 0, 0, 1)}
    varied = np.random.default_rng(1).normal(0, 0.06, (len(course), 32))
    made = np.hstack([np.array([own[sign] for sign in course]), varied]).astype(np.float32)
    windows = cut_windows([Segment(n * 2000, n * 2000 + 1400) for n in range(len(course))])
    return windows, made / np.linalg.norm(made, axis=1, keepdims=True)


def test_a_short_stretch_is_one_window() -> None:
    """A second of speech is described as a whole."""
    assert [w.segment for w in cut_windows([Segment(0, 1000)])] == [Segment(0, 1000)]


def test_a_long_stretch_is_covered_to_its_end() -> None:
    """Four seconds have windows of 1.5 s no farther apart than the hop, from the start to the very end."""
    windows = [w.segment for w in cut_windows([Segment(0, 4000)])]
    assert windows[0].start_ms == 0
    assert windows[-1].end_ms == 4000
    assert all(w.length_ms == WINDOW_MS for w in windows)
    assert all(b.start_ms - a.start_ms <= HOP_MS for a, b in pairwise(windows))


def test_two_voices_are_told_apart() -> None:
    """Stretches that point the same way are one voice."""
    windows = cut_windows([Segment(n * 2000, n * 2000 + 1400) for n in range(4)])
    voices = tell_apart(windows, rows(A, (0.1, 1), (1, 0.1), B), 2, ALIKE)
    assert voices.label[0] == voices.label[2] != voices.label[1] == voices.label[3]
    assert voices.likeness < 0.3


def test_a_stretch_goes_to_one_voice_by_all_its_windows() -> None:
    """One doubtful window in a short stretch does not split it."""
    windows = cut_windows([Segment(0, 2400), Segment(5000, 6400)])
    assert len(windows) == 4  # three over the first stretch
    voices = tell_apart(windows, rows(A, (0.6, 0.8), A, B), 2, ALIKE)
    assert len(set(voices.label[:3].tolist())) == 1


def test_a_long_stretch_may_change_its_voice() -> None:
    """In six seconds without a pause the first three are one voice and the rest another."""
    windows = cut_windows([Segment(0, 6000)])
    half = len(windows) // 2
    voices = tell_apart(windows, rows(*[A] * half, *[B] * (len(windows) - half)), 2, ALIKE)
    assert len(set(voices.label[:half].tolist())) == 1
    assert len(set(voices.label[half:].tolist())) == 1
    assert voices.label[0] != voices.label[-1]


def test_one_odd_window_in_a_long_stretch_is_no_change() -> None:
    """Two changes of voice cost more than one window a little nearer to the other voice gains."""
    windows = cut_windows([Segment(0, 6000), Segment(9000, 10400)])
    middle = len(windows) // 2
    course = [A] * (len(windows) - 1) + [B]
    course[middle] = (0.6, 0.8)
    assert len(set(tell_apart(windows, rows(*course), 2, ALIKE).label[:-1].tolist())) == 1


def test_the_margin_says_how_clear_a_voice_was() -> None:
    """A window half-way between two voices has a margin of 0, one that is a voice the distance of the two."""
    windows = cut_windows([*(Segment(n * 2000, n * 2000 + 1400) for n in range(4)), Segment(8000, 8500)])
    voices = tell_apart(windows, rows(A, B, A, B, (1, 1)), 2, ALIKE)
    assert voices.margin.tolist() == pytest.approx([1.0, 1.0, 1.0, 1.0, 0.0], abs=1e-6)


def test_grouping_is_the_same_every_time() -> None:
    """No chance is involved: the same rows give the same middles."""
    many = rows(*[(1, 0.1 * n) for n in range(5)], *[(0.1 * n, 1) for n in range(5)])
    assert np.array_equal(centres_of(many, 2), centres_of(many, 2))


@pytest.mark.parametrize("alike", [0.5, 0.65, 0.8])
def test_one_odd_sound_does_not_make_two_voices_one(alike: float) -> None:
    """Sixty stretches of two voices in turn and one jingle: the voices stay two, and the jingle goes to one of them."""
    windows, made = call("ab" * 15 + "c" + "ab" * 15, alike)
    voices = tell_apart(windows, made, 2, ALIKE)
    others = np.delete(voices.label, 30).tolist()
    assert others == others[:2] * 30
    assert others[0] != others[1]
    assert voices.likeness == pytest.approx(alike, abs=0.05)


def test_two_odd_sounds_do_not_make_two_voices_one() -> None:
    """A jingle and a laugh, like nobody and not like each other, among sixty stretches."""
    windows, made = call("c" + "ab" * 15 + "d" + "ab" * 15, 0.65)
    voices = np.delete(tell_apart(windows, made, 2, ALIKE).label, [0, 31]).tolist()
    assert voices == voices[:2] * 30
    assert voices[0] != voices[1]


def test_somebody_who_says_little_is_no_odd_sound() -> None:
    """Two people were announced, and one says a single thing in sixty: that one is one, all the others the other."""
    windows, made = call("a" * 30 + "b" + "a" * 30, 0.65)
    voices = tell_apart(windows, made, 2, ALIKE)
    assert len(set(np.delete(voices.label, 30).tolist())) == 1
    assert voices.label[30] != voices.label[0]
