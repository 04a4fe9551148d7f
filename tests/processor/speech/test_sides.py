"""Stereo files with a voice a side are told from ordinary stereo."""

from __future__ import annotations

import numpy as np

from processor.speech.sides import voice_a_side
from tests.sounds import noise, samples_of, silence


def turns(first_speaks: bool) -> np.ndarray:  # noqa: FBT001  # which of two, in a test
    """A minute in which two people take turns of five seconds; one of them."""
    parts = [noise(5, seed=n) if (n % 2 == 0) == first_speaks else noise(5, loud=0.001, seed=n) for n in range(12)]
    return np.concatenate(parts)


def test_a_voice_a_side_is_seen() -> None:
    """Left speaks while right listens, and the other way round."""
    assert voice_a_side(samples_of(turns(first_speaks=True), turns(first_speaks=False)))


def test_the_same_sound_on_both_sides_is_one_track() -> None:
    """Both voices on both sides, one side a little softer."""
    both = turns(first_speaks=True) + turns(first_speaks=False)
    assert not voice_a_side(samples_of(both, 0.7 * both))


def test_one_side_alone_is_one_track() -> None:
    """Everything on the left and nothing on the right is not two people."""
    both = turns(first_speaks=True) + turns(first_speaks=False)
    assert not voice_a_side(samples_of(both, silence(60)))


def test_mono_has_no_sides() -> None:
    """One channel is one track."""
    assert not voice_a_side(samples_of(turns(first_speaks=True)))
