"""The hearing keeps to what the machine has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from processor.errors import OutOfMemory
from processor.speech.diarise import VoiceModel
from processor.speech.hearing import Hearing, cores_allowed
from processor.speech.profiles import Embedded
from processor.speech.recording import Recording
from tests.sounds import noise, write_wav

HERE = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("limit", "cores"), [("100000 100000", 1), ("20000 100000", 1), ("6400000 100000", HERE), ("max 100000", HERE)]
)
def test_a_container_with_less_time_uses_fewer_cores(tmp_path: Path, limit: str, cores: int) -> None:
    """The time of one core, a fifth of one, 64, and no limit: at least one core, at most those there are."""
    file = tmp_path / "cpu.max"
    file.write_text(f"{limit}\n")
    assert cores_allowed(file) == cores


def test_without_a_container_all_cores_are_used(tmp_path: Path) -> None:
    """No file says how much time there is."""
    assert cores_allowed(tmp_path / "cpu.max") == HERE


class TooLarge(Embedded):
    """Models of which one wants a petabyte."""

    def voices(self) -> VoiceModel:
        import torch  # 3 s of imports

        raise AssertionError(torch.empty(1 << 50))


def test_torch_without_memory_is_the_machine_without_memory(tmp_path: Path) -> None:
    """What torch says of it is no bug: the recording is tried again."""
    path = write_wav(tmp_path / "a.wav", noise(31))
    with pytest.raises(OutOfMemory):
        Hearing(TooLarge(tmp_path, lanes=1), 1).listen(Recording(path, language=None))
