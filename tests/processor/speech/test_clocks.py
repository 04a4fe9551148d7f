"""Tracks find their place on the call's time line."""

from __future__ import annotations

import numpy as np
import pytest

from processor.model.segment import Segment
from processor.speech.clocks import TrackClock, find_clock
from processor.speech.samples import RATE
from tests.sounds import Sound, noise, samples_of, silence


def talk(seconds: int, seed: int) -> Sound:
    """Noise in bursts like speech: each 0.2 s it sounds or it does not, by chance."""
    on = np.random.default_rng(seed).random(seconds * 5) < 0.5
    return noise(seconds, seed=seed) * np.repeat(on, RATE // 5).astype(np.float32)


def test_a_late_joiner_is_found_where_they_joined() -> None:
    """A track that starts 41.3 s into the call is found there, although it was said to start at 0."""
    track = talk(120, seed=2)
    mixed = talk(200, seed=3)
    start = round(41.3 * RATE)
    mixed[start : start + len(track)] += track
    clock = find_clock(samples_of(mixed), samples_of(track), given_ms=0)
    assert clock.offset_ms == pytest.approx(41_300, abs=20)
    assert clock.pace == 1.0


def test_a_track_may_begin_before_the_recording() -> None:
    """The first 2.5 s of the track are not in the mix."""
    track = talk(120, seed=4)
    clock = find_clock(samples_of(track[round(2.5 * RATE) :]), samples_of(track), given_ms=0)
    assert clock.offset_ms == pytest.approx(-2_500, abs=20)


def test_a_clock_that_runs_slow_is_set_right() -> None:
    """A recorder whose clock loses 200 ms in ten minutes (333 millionths) is followed to its end."""
    call = talk(600, seed=5)
    drifting = call[np.minimum((np.arange(len(call)) * (1 + 1 / 3000)).astype(int), len(call) - 1)]
    clock = find_clock(samples_of(call), samples_of(drifting), given_ms=0)
    end = clock.to_call(Segment(590_000, 590_000)).start_ms
    assert end == pytest.approx(590_000 * (1 + 1 / 3000), abs=25)


def test_sound_that_tells_nothing_keeps_what_was_said() -> None:
    """A track that is silent, or of another call, stays where it was said to start."""
    mixed = samples_of(talk(100, seed=6))
    assert find_clock(mixed, samples_of(silence(60)), given_ms=7_000) == TrackClock(7_000.0)
    assert find_clock(mixed, samples_of(talk(60, seed=7)), given_ms=7_000) == TrackClock(7_000.0)


def test_times_go_to_the_call_and_back() -> None:
    """One second into a track that starts at 5 s is the sixth second of the call."""
    clock = TrackClock(5_000.0, 1.0)
    assert clock.to_call(Segment(1_000, 2_000)) == Segment(6_000, 7_000)
    assert clock.to_track(Segment(6_000, 7_000)) == Segment(1_000, 2_000)
