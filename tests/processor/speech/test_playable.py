"""Whether a file plays is found out at a few places."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from processor.speech.playable import plays
from tests.sounds import SAMPLE_CALL, as_m4a, silence, tone, write_pictures, write_wav


def encoded(folder: Path, seconds: float) -> Path:
    """A tone as an M4A."""
    path = folder / "tone.m4a"
    path.write_bytes(as_m4a(tone(seconds)))
    return path


def spoil(path: Path, share: float, filling: bytes) -> Path:
    """Overwrite the first `share` of the sound with `filling`, again and again; every box stays as long as it was."""
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat") + 4
    (size,) = struct.unpack(">I", content[start - 8 : start - 4])
    length = int((size - 8) * share)
    content[start : start + length] = (filling * (length // len(filling) + 1))[:length]
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["mix.m4a", "track_coach.m4a", "track_client.m4a"])
def test_a_call_plays(name: str) -> None:
    """The sample call's files, one of which is silence for half of its time."""
    assert plays(SAMPLE_CALL / name)


def test_silence_plays(tmp_path: Path) -> None:
    """A microphone that was off is no damage."""
    assert plays(write_wav(tmp_path / "silence.wav", silence(3)))


def test_a_name_with_a_colon_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the folder where it lies, "Ana: third call.wav" names a file and no protocol."""
    write_wav(tmp_path / "Ana: third call.wav", tone(1.0))
    monkeypatch.chdir(tmp_path)
    assert plays(Path("Ana: third call.wav"))


@pytest.mark.parametrize("filling", [b"\0", b"\xff", b"<html>", bytes(range(256))])
def test_sound_that_was_overwritten_does_not_play(tmp_path: Path, filling: bytes) -> None:
    """Zeros, ones, a web page or other bytes instead of the sound, inside whole boxes."""
    path = encoded(tmp_path, 20)
    assert plays(path)
    assert not plays(spoil(path, 1, filling))


def test_a_damaged_stretch_is_no_reason_to_refuse(tmp_path: Path) -> None:
    """A third spoilt still plays, two thirds do not."""
    assert plays(spoil(encoded(tmp_path, 20), 0.3, b"\0"))
    assert not plays(spoil(encoded(tmp_path, 20), 0.7, b"\0"))


def test_a_very_short_file_plays(tmp_path: Path) -> None:
    """A tenth of a second, in which all places are one."""
    assert plays(encoded(tmp_path, 0.1))


def test_pictures_alone_do_not_play(tmp_path: Path) -> None:
    """A film without sound, a text and a missing file are nothing to hear."""
    text = tmp_path / "words.m4a"
    text.write_text("no sound at all")
    assert not any(map(plays, (write_pictures(tmp_path / "film.mp4"), text, tmp_path / "missing.m4a")))
