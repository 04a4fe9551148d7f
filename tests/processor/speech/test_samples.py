"""Media files become samples, or say why they cannot."""

from __future__ import annotations

import resource
from pathlib import Path

import av
import numpy as np
import pytest

from processor.errors import NoRoom, RecordingUnusable
from processor.speech.samples import RATE, decode
from tests.sounds import Sound, noise, samples_of, silence, tone, write_pictures, write_wav


def test_a_wave_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """Sound at the models' own rate is not changed by decoding (to one step of 16 bits)."""
    sound = tone(2.0)
    decoded = decode(write_wav(tmp_path / "a.wav", sound))
    assert decoded.duration_ms == 2000
    assert np.abs(decoded.between(0, 2000) - sound).max() < 2 / 32768


def test_another_rate_keeps_its_length(tmp_path: Path) -> None:
    """Eight seconds at 8 kHz are eight seconds at 16 kHz, and the source's rate is remembered."""
    decoded = decode(write_wav(tmp_path / "a.wav", tone(4.0), rate=8000))  # 64 000 samples at 8 kHz: 8 s
    assert abs(decoded.duration_ms - 8000) <= 5
    assert decoded.source_rate == 8000


def test_two_channels_stay_two(tmp_path: Path) -> None:
    """A stereo file keeps its sides apart; heard as one, it is their mean."""
    decoded = decode(write_wav(tmp_path / "a.wav", tone(1.0, loud=0.4), silence(1.0)))
    assert decoded.channels == 2
    assert np.abs(decoded.channel(1).between(0, 1000)).max() == 0
    assert np.abs(decoded.between(0, 1000)).max() == pytest.approx(0.2, abs=0.001)


def test_what_lies_outside_the_file_is_left_out() -> None:
    """Asking for more than there is gives what there is."""
    samples = samples_of(tone(1.0))
    assert len(samples.between(-500, 250)) == RATE // 4
    assert len(samples.between(900, 5000)) == RATE // 10


def test_blocks_are_the_whole_sound() -> None:
    """Blocks laid side by side are the sound, each with its start."""
    samples = samples_of(tone(2.5))
    blocks = list(samples.blocks(1000))
    assert [start for start, _ in blocks] == [0, 1000, 2000]
    assert np.array_equal(np.concatenate([sound for _, sound in blocks]), samples.between(0, 2500))


@pytest.mark.parametrize("content", [b"", b"this is no media file at all" * 100])
def test_what_is_no_media_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty or foreign file is AUDIO_UNREADABLE, and the message names no file."""
    path = tmp_path / "secret-name.mp4"
    path.write_bytes(content)
    with pytest.raises(RecordingUnusable) as refused:
        decode(path)
    assert refused.value.code == "AUDIO_UNREADABLE"
    assert "secret" not in refused.value.message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that is not there is AUDIO_UNREADABLE."""
    with pytest.raises(RecordingUnusable) as refused:
        decode(tmp_path / "nothing.wav")
    assert refused.value.code == "AUDIO_UNREADABLE"


def test_pictures_without_sound_are_refused(tmp_path: Path) -> None:
    """A film without an audio stream is NO_AUDIO."""
    with pytest.raises(RecordingUnusable) as refused:
        decode(write_pictures(tmp_path / "film.mp4"))
    assert refused.value.code == "NO_AUDIO"


def test_a_file_cut_off_in_the_middle_gives_what_it_has(tmp_path: Path) -> None:
    """A wave file whose second half is missing decodes to its first half."""
    path = write_wav(tmp_path / "a.wav", tone(4.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert abs(decode(path).duration_ms - 2000) < 100


def test_decoding_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stored sound has no name: nothing lies in the temporary folder while it is used or after."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    samples = decode(write_wav(tmp_path / "a.wav", tone(1.0)))
    assert list(folder.iterdir()) == []
    assert samples.duration_ms == 1000


def as_mp3(folder: Path, sound: Sound, rate: int) -> bytes:
    """`sound` as an MP3 that plays at `rate`, so that it lasts RATE / `rate` as long."""
    path = folder / "part.mp3"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mp3", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray((sound * 32767).astype(np.int16)[None], format="s16p", layout="mono")
        frame.sample_rate = rate
        for packet in (*stream.encode(frame), *stream.encode()):
            container.mux(packet)
    return path.read_bytes()


def test_files_that_were_joined_are_heard_to_their_end(tmp_path: Path) -> None:
    """A jingle of 2 s at 32 kHz before 4 s at 16 kHz, laid one behind the other as bytes: 6 s, the tone in the end."""
    jingle, call = as_mp3(tmp_path, noise(4.0), 2 * RATE), as_mp3(tmp_path, tone(4.0), RATE)
    path = tmp_path / "joined.mp3"
    path.write_bytes(jingle + call)
    decoded = decode(path)
    assert abs(decoded.duration_ms - 6000) < 200
    assert np.abs(decoded.between(3000, 5500)).max() == pytest.approx(0.3, abs=0.03)


def test_sound_that_begins_late_keeps_its_time(tmp_path: Path) -> None:
    """Pictures from the start, a tone from 4 s on: four seconds of silence, then the tone."""
    path = tmp_path / "late.mkv"
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("mpeg4", rate=10)
        sound = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        pictures.width = pictures.height = 64
        pictures.pix_fmt = "yuv420p"
        black = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), dtype=np.uint8), "rgb24")
        frame = av.AudioFrame.from_ndarray((tone(2.0) * 32767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, 4 * RATE
        for packet in (*pictures.encode(black), *pictures.encode(), *sound.encode(frame), *sound.encode()):
            container.mux(packet)
    decoded = decode(path)
    assert decoded.duration_ms == 6000
    assert np.abs(decoded.between(0, 4000)).max() == 0
    assert np.abs(decoded.between(4000, 4100)).max() == pytest.approx(0.3, abs=0.01)


def test_a_name_with_a_colon_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the folder where it lies, "Ana: third call.wav" names a file and no protocol."""
    write_wav(tmp_path / "Ana: third call.wav", tone(1.0))
    monkeypatch.chdir(tmp_path)
    assert decode(Path("Ana: third call.wav")).duration_ms == 1000


def test_no_room_for_the_sound_is_not_the_recordings_fault(tmp_path: Path) -> None:
    """Where no file may be longer than 64 KB, 4 s of sound (128 KB) cannot be stored; later there may be room."""
    path = write_wav(tmp_path / "a.wav", tone(4.0))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, hard))
    try:
        with pytest.raises(NoRoom) as full:
            decode(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (full.value.code, full.value.permanent) == ("STORE_BUSY", False)
    assert "make room" in full.value.message
