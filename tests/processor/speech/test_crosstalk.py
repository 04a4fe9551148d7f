"""A voice that leaks into another's track is taken out; real overlaps stay."""

from __future__ import annotations

import numpy as np
import pytest

from processor.speech.crosstalk import levels, own_voice
from tests.sounds import noise, samples_of, silence, tone

FRAMES = 100


def speaking(*stretches: tuple[int, int]) -> np.ndarray:
    mask = np.zeros(FRAMES, dtype=np.bool_)
    for first, last in stretches:
        mask[first:last] = True
    return mask


def loud(at_db: float, *stretches: tuple[int, int]) -> np.ndarray:
    return np.where(speaking(*stretches), at_db, -70.0).astype(np.float32)


@pytest.mark.parametrize("leak_db", [-12, -20, -30])
def test_a_leaked_voice_is_not_ones_own(leak_db: int) -> None:
    """B's track shows A's speech, weaker by the leak, beside B's own; only B's own stays."""
    track_a = loud(-20, (0, 40))
    track_b = np.maximum(loud(-20 + leak_db, (0, 40)), loud(-22, (60, 90)))
    own, leaked = own_voice([speaking((0, 40)), speaking((0, 40), (60, 90))], [track_a, track_b])
    assert leaked
    assert own[0].tolist() == speaking((0, 40)).tolist()
    assert own[1].tolist() == speaking((60, 90)).tolist()


def test_a_real_overlap_stays_on_a_track_with_leaks() -> None:
    """Where B speaks well above what leaks, B speaks."""
    track_a = loud(-20, (0, 40))
    track_b = np.maximum(loud(-40, (0, 40)), loud(-22, (30, 60)))
    own, _ = own_voice([speaking((0, 40)), speaking((0, 60))], [track_a, track_b])
    assert own[1].tolist() == speaking((30, 60)).tolist()


def test_without_leaks_nothing_is_touched() -> None:
    """A soft "mm-hm" during the other's loud talk is kept when nothing leaks, however soft it is."""
    speech = [speaking((0, 50)), speaking((20, 24), (60, 90))]
    own, leaked = own_voice(speech, [loud(-15, (0, 50)), np.maximum(loud(-45, (20, 24)), loud(-20, (60, 90)))])
    assert not leaked
    assert [mask.tolist() for mask in own] == [mask.tolist() for mask in speech]


def test_levels_are_in_decibels_of_full_scale() -> None:
    """A tone of amplitude 0.3 has a power of 0.045: -13.5 dB; silence is at the floor."""
    found = levels(samples_of(np.concatenate([tone(2.0, loud=0.3), silence(2.0)])), 125)
    assert found[20:40] == pytest.approx(-13.47, abs=0.05)
    assert found[-20:].max() == -90


def test_levels_of_a_long_track_are_those_of_its_parts() -> None:
    """Six minutes are looked at in blocks, and the block's edge (320 s) cannot be seen."""
    found = levels(samples_of(noise(360, loud=0.1)), 360_000 // 32)
    assert np.abs(found[9_990:10_010] + 20).max() < 1.5
