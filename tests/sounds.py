"""Sound made for tests: voices that are tones or noise at known times, written as media files."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from processor.speech.samples import RATE, Samples

SAMPLE_CALL = Path(__file__).parent.parent / "samples" / "sample_call"

Sound = NDArray[np.float32]


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def tone(seconds: float, hertz: float = 440, loud: float = 0.3) -> Sound:
    return (loud * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def noise(seconds: float, loud: float = 0.1, seed: int = 1) -> Sound:
    """Noise that is the same for the same seed."""
    made = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return (loud * made).astype(np.float32)


def samples_of(*channels: Sound, source_rate: int = RATE) -> Samples:
    """Samples in memory with these channels."""
    return Samples((np.stack(channels, axis=1).clip(-1, 1) * 32767).astype(np.int16), source_rate)


def write_wav(path: Path, *channels: Sound, rate: int = RATE) -> Path:
    """A wave file with one column a channel."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.stack(channels, axis=1).clip(-1, 1) * 32767).astype("<i2").tobytes())
    return path


def as_m4a(sound: Sound, rate: int = RATE) -> bytes:
    """The sound as an M4A in memory: its content in one box, its index last."""
    whole = io.BytesIO()
    with av.open(whole, "w", format="ipod") as container:
        stream = container.add_stream("aac", rate=rate, layout="mono")
        stream.bit_rate = rate
        samples = (sound.clip(-1, 1) * 32767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = rate
        for packet in (*stream.encode(frame), *stream.encode()):
            container.mux(packet)
    return whole.getvalue()


def write_pictures(path: Path) -> Path:
    """A film of one black second without any sound."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for _ in range(10):
            for packet in stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), dtype=np.uint8), "rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def beginning(source: Path, seconds: float, target: Path) -> bytes:
    """The first seconds of a recording in a file of their own, its sound copied as it is."""
    with av.open(str(source)) as whole, av.open(str(target), "w", format="mp4") as cut:
        sound = whole.streams.audio[0]
        copy = cut.add_stream_from_template(sound)
        for packet in whole.demux(sound):
            if packet.pts is None or packet.pts * sound.time_base > seconds:
                break
            packet.stream = copy
            cut.mux(packet)
    return target.read_bytes()
