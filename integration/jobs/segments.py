"""A recording that was stopped and restarted becomes one file again, on one time line."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.speech.recording import Track
from processor.speech.samples import RATE, Samples, decode

BLOCK = 60 * RATE
PER_MS = RATE // 1000


def join(parts: Sequence[Track], out: Path) -> tuple[Segment, ...]:
    """Write `parts` into one WAV at `out`, each at its offset; where nothing was recorded, in between.

    A part that begins before the one before it has ended is cut by what both hold. RecordingUnusable when a
    part cannot be decoded.
    """
    gaps: list[Segment] = []
    written = 0
    with wave.open(str(out), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        for part in sorted(parts, key=lambda part: part.offset_ms):
            begin, samples = part.offset_ms * PER_MS, decode(part.path)
            if begin > written:
                gaps.append(Segment(written // PER_MS, part.offset_ms))
                _silence(sound, begin - written)
                written = begin
            elif begin < written:
                structlog.get_logger().warning("segments_overlap", seconds=(written - begin) // RATE)
            for block in _blocks(samples, written - begin):
                sound.writeframesraw(block.tobytes())
                written += len(block)
    return tuple(gap for gap in gaps if gap.length_ms)


def _silence(sound: wave.Wave_write, count: int) -> None:
    for start in range(0, count, BLOCK):
        sound.writeframesraw(bytes(2 * min(BLOCK, count - start)))


def _blocks(samples: Samples, skip: int) -> Iterator[NDArray[np.int16]]:
    """The sound as one channel, from sample `skip` on."""
    for start in range(skip, len(samples.frames), BLOCK):
        block = samples.frames[start : start + BLOCK]
        yield block[:, 0] if samples.channels == 1 else block.mean(axis=1).astype(np.int16)
