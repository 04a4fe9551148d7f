"""A media file as samples that need not fit in memory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from processor.errors import NoRoom, RecordingUnusable

RATE = 16_000
"""Samples a second that every model here was trained on."""

MISSING_MS = 100
"""A jump of the file's own clock by more than this is sound that was not recorded, at the beginning too; it becomes
silence."""

MOST_MISSING_MS = 6 * 3_600_000
"""A longer jump is a damaged clock and no silence: the sound goes on where it was."""


class Sound(Protocol):
    """What can be listened to: a file, or several as one."""

    @property
    def duration_ms(self) -> int: ...

    def between(self, start_ms: float, end_ms: float) -> NDArray[np.float32]:
        """The sound from `start_ms` to `end_ms` as one channel from -1 to 1; what lies outside is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Sound at RATE, one column a channel.

    `frames` is int16 of shape (samples, channels), usually mapped from a file that has no name any more,
    so that nothing is left behind however the process ends. `source_rate` is the rate the file came in.
    """

    frames: NDArray[np.int16]
    source_rate: int = RATE

    @property
    def channels(self) -> int:
        return int(self.frames.shape[1])

    @property
    def duration_ms(self) -> int:
        return len(self.frames) * 1000 // RATE

    def channel(self, index: int) -> Samples:
        """One channel alone; it shares the stored sound."""
        return Samples(self.frames[:, index : index + 1], self.source_rate)

    def between(self, start_ms: float, end_ms: float) -> NDArray[np.float32]:
        """The sound from `start_ms` to `end_ms` as one channel from -1 to 1; what lies outside the file is left out."""
        first, last = max(0, round(start_ms * RATE / 1000)), max(0, round(end_ms * RATE / 1000))
        part = self.frames[first:last]
        sound = part.astype(np.float32)
        one: NDArray[np.float32] = sound[:, 0] if self.channels == 1 else sound.mean(axis=1, dtype=np.float32)
        return one * np.float32(1 / 32768)

    def blocks(self, length_ms: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """The whole sound in stretches of `length_ms`, each with its start in milliseconds."""
        for start in range(0, self.duration_ms, length_ms):
            yield start, self.between(start, start + length_ms)


def decode(path: Path) -> Samples:
    """The sound of a media file from where the file begins, at RATE, one or two channels as the file has them.

    Raises RecordingUnusable with code AUDIO_UNREADABLE when the file cannot be opened or holds nothing
    that decodes, and NO_AUDIO when it has pictures only; NoRoom, which is to be tried
    again, when there is no room for the sound. A damaged stretch inside the file is skipped.
    """
    try:
        with tempfile.TemporaryFile(prefix="partnering-") as stored:  # the map below outlives the file's handle
            channels, rate = _read(path, stored)
            length = stored.tell() // (2 * channels)
            if length == 0:
                raise _unreadable()
            stored.flush()
            return Samples(np.memmap(stored, dtype=np.int16, mode="r", shape=(length, channels)), rate)
    except OSError as fault:
        raise NoRoom(
            "the sound cannot be stored while it is heard; make room in the temporary folder (TMPDIR)"
        ) from fault


def _read(path: Path, stored: IO[bytes]) -> tuple[int, int]:
    """Decodes the file's sound into `stored`: its channels, and the rate it came in."""
    import av  # noqa: PLC0415  # a native library; values in this module are used without it

    try:
        # The path is made absolute because "Ana: third call.m4a" alone would name a protocol.
        with av.open(str(path.absolute()), mode="r", metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise RecordingUnusable("the file has no audio stream; give the recording's audio", code="NO_AUDIO")
            return _store(container, stored)
    except av.error.FFmpegError as fault:
        raise _unreadable() from fault


def _unreadable() -> RecordingUnusable:
    return RecordingUnusable(
        "the file is missing or is no media that can be decoded; check it in a player", code="AUDIO_UNREADABLE"
    )


def _store(container: Any, stored: IO[bytes]) -> tuple[int, int]:
    """Decodes the first audio stream into `stored`: its channels, and the rate it came in."""
    import av  # noqa: PLC0415  # as in _read

    stream = container.streams.audio[0]
    if stream.codec_context is None:  # a codec that this decoder does not know
        raise _unreadable()
    channels = 1 if stream.codec_context.channels == 1 else 2
    written = 0
    first = None if container.start_time is None else container.start_time / av.time_base
    for _, part in groupby(_frames(container, stream), key=_form):
        resampler = av.AudioResampler(format="s16", layout="mono" if channels == 1 else "stereo", rate=RATE)
        for frame in part:
            if frame.time is not None:
                first = frame.time if first is None else first
                missing = round((frame.time - first) * RATE) - written
                if missing > MOST_MISSING_MS * RATE // 1000:
                    first = frame.time - written / RATE
                elif missing > MISSING_MS * RATE // 1000:
                    stored.seek(2 * channels * missing, os.SEEK_CUR)  # a hole in the file reads as silence
                    written += missing
            frame.pts = None
            written += _append(stored, resampler.resample(frame), channels)
        written += _append(stored, resampler.resample(None), channels)
    return channels, int(stream.codec_context.sample_rate or RATE)


def _form(frame: Any) -> tuple[str, str, int]:
    """What a resampler is made for; files that were joined change it in the middle."""
    return frame.format.name, frame.layout.name, frame.sample_rate


def _append(stored: IO[bytes], pieces: Sequence[Any], channels: int) -> int:
    """Stores `pieces`; how many samples of each channel they are."""
    sounds = [piece.to_ndarray() for piece in pieces]
    for sound in sounds:
        stored.write(sound.tobytes())
    return sum(int(sound.size) for sound in sounds) // channels


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    """Every frame that decodes; a damaged packet costs only itself."""
    import av  # noqa: PLC0415  # as in _read

    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue
