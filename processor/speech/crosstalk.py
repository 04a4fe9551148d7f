"""The other's voice on a track: found by level, and taken out of who spoke when.

A microphone beside a loudspeaker records the other person too, always by about the same amount weaker. Where a
track is no louder than that, its sound is the other's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from processor.speech.samples import RATE, Samples
from processor.speech.voice_activity import FRAME_MS

SMOOTH_FRAMES = 6
"""Levels are compared over about 200 ms, which evens out that one voice reaches two microphones at two times."""

LEAKS = 0.4
"""When a track shows speech during more than this share of another's, the other's voice leaks into it: two people
who do not leak talk at once for a few percent of the time."""

ABOVE_DB = 6.0
"""How far above the leaked level a track must be to hold a voice of its own."""

QUIET_DB = -90.0

_Levels = NDArray[np.float32]


def levels(samples: Samples, frames: int) -> _Levels:
    """The loudness of each frame of FRAME_MS in dB of full scale, smoothed over about 200 ms."""
    size = FRAME_MS * RATE // 1000
    power = np.zeros(frames, dtype=np.float64)
    for start_ms, sound in samples.blocks(FRAME_MS * 2_000):
        first = start_ms // FRAME_MS
        whole = np.pad(sound, (0, -len(sound) % size))
        block = np.square(whole, dtype=np.float64).reshape(-1, size).mean(axis=1)
        power[first : first + len(block)] = block[: max(0, frames - first)]
    smooth = np.convolve(power, np.ones(SMOOTH_FRAMES) / SMOOTH_FRAMES, mode="same")
    loud: _Levels = np.maximum(10 * np.log10(smooth + 1e-12), QUIET_DB).astype(np.float32)
    return loud


def own_voice(speech: Sequence[NDArray[np.bool_]], loud: Sequence[_Levels]) -> tuple[list[NDArray[np.bool_]], bool]:
    """For each track the frames in which its own person speaks, and whether any voice leaked.

    `speech` says for each track in which frames there is speech, `loud` how loud it is; all on one clock.
    A track into which nothing leaks keeps every frame, so that real overlaps stay whole.
    """
    own = [frames.copy() for frames in speech]
    leaked = False
    for mine in range(len(speech)):
        for other in range(len(speech)):
            leak = None if mine == other else _leak(speech, loud, mine, other)
            if leak is not None:
                leaked = True
                own[mine] &= ~(speech[other] & (loud[mine] < loud[other] + leak + ABOVE_DB))
    return own, leaked


def _leak(
    speech: Sequence[NDArray[np.bool_]], loud: Sequence[_Levels], mine: int, other: int
) -> float | None:
    """By how many dB the other's voice is changed on my track; None when it does not reach it."""
    theirs = speech[other] & (loud[other] > loud[mine])
    if theirs.sum() == 0 or (theirs & speech[mine]).sum() < LEAKS * theirs.sum():
        return None
    return float(np.median((loud[mine] - loud[other])[theirs]))
