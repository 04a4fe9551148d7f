"""Where a track lies on the call's time line: found by laying its loudness over that of the mixed file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.speech.samples import RATE, Samples

STEP_MS = 10
BLOCK_MS = 60_000
SURE = 0.35
"""A correlation of loudness below this finds nothing; a track against its own mix comes to 0.6 and more."""

NEAR_MS = 1_000
"""Parts of a track are looked for this near to where the whole was found: a clock drifts, it does not jump."""

LEAST_DRIFT = 20e-6
"""Clocks that differ by less than this (72 ms an hour) are taken as equal: it cannot be told from noise."""

_Levels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TrackClock:
    """The call's time = `offset_ms` + `pace` * the track's own time; `by_sound` = found by sound, not just given."""

    offset_ms: float = 0.0
    pace: float = 1.0
    by_sound: bool = False

    def to_call(self, segment: Segment) -> Segment:
        start, end = (round(self.offset_ms + self.pace * ms) for ms in (segment.start_ms, segment.end_ms))
        return Segment(max(0, start), max(0, end))

    def to_track(self, segment: Segment) -> Segment:
        start, end = (round((ms - self.offset_ms) / self.pace) for ms in (segment.start_ms, segment.end_ms))
        return Segment(max(0, start), max(0, end))


def find_clock(mixed: Samples, track: Samples, given_ms: int) -> TrackClock:
    """Where `track` lies on `mixed`; at `given_ms` when the sound does not tell."""
    whole, part = _loudness(mixed), _loudness(track)
    lag, sure = _best_lag(whole, part)
    if sure < SURE:
        return TrackClock(float(given_ms))
    offset = lag * STEP_MS
    points = _drift_points(whole, part, lag)
    if len(points) < 3:
        return TrackClock(float(offset), by_sound=True)
    at, moved = np.array(points, dtype=np.float64).T
    slope, start = np.polyfit(at, moved, 1)
    if abs(slope) < LEAST_DRIFT or np.abs(moved - (start + slope * at)).max() > 3 * STEP_MS:
        return TrackClock(float(np.median(moved)), by_sound=True)
    return TrackClock(float(start), 1.0 + float(slope), by_sound=True)


def _drift_points(whole: _Levels, part: _Levels, lag: int) -> list[tuple[float, float]]:
    """For each minute of the track that can be found: its middle, and by how much it lies later in the call (ms)."""
    size, points = BLOCK_MS // STEP_MS, []
    for first in range(0, len(part) - size // 2, size):
        block = part[first : first + size]
        begin = max(0, lag + first - NEAR_MS // STEP_MS)
        found, sure = _best_lag(whole[begin : lag + first + len(block) + NEAR_MS // STEP_MS], block)
        if sure >= SURE:
            points.append(((first + len(block) / 2) * STEP_MS, float((begin + found - first) * STEP_MS)))
    return points


def _best_lag(whole: _Levels, part: _Levels) -> tuple[int, float]:
    """How many steps into `whole` the `part` starts (it may be before), and the correlation there."""
    if len(whole) == 0:
        return 0, 0.0
    size = 1 << (len(whole) + len(part)).bit_length()
    a, b = whole - whole.mean(), part - part.mean()
    correlation = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    lags = np.arange(size)
    lags[lags > len(whole)] -= size
    allowed = (lags > -len(part)) & (lags < len(whole))
    best = int(np.where(allowed, correlation, -np.inf).argmax())
    lag = int(lags[best])
    overlap = a[max(0, lag) : max(0, lag + len(part))]
    against = b[max(0, -lag) : max(0, -lag) + len(overlap)]
    scale = float(np.linalg.norm(overlap[: len(against)]) * np.linalg.norm(against))
    return lag, float(overlap[: len(against)] @ against) / scale if scale > 0 else 0.0


def _loudness(samples: Samples) -> _Levels:
    """The loudness of every STEP_MS, as a square root so that loud and soft speech both count."""
    size = STEP_MS * RATE // 1000
    parts = []
    for _, sound in samples.blocks(BLOCK_MS):
        whole = sound[: len(sound) // size * size].reshape(-1, size)
        parts.append(np.sqrt(np.sqrt(np.square(whole).mean(axis=1))))
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros(1, dtype=np.float32)
