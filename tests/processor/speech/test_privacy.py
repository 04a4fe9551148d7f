"""What is heard stays in this process: no network, no telemetry, no voice on the disk (real models)."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

Heard = dict[str, Any]


@pytest.mark.models
def test_nothing_is_looked_up(heard: Heard) -> None:
    """With every address but loopback refused the calls are heard, and nobody even tried."""
    assert "words_json" in heard["mixed"]
    assert heard["looked_up"] == []


@pytest.mark.models
def test_telemetry_is_off(heard: Heard) -> None:
    """pyannote.audio itself says that it reports nothing."""
    assert heard["telemetry_on"] is False


@pytest.mark.models
def test_no_voice_is_written_down(heard: Heard) -> None:
    """What voices are like is in no temporary file and in no kept part (looked for by its bytes)."""
    assert heard["voice_rows"] > 20
    assert heard["voices_on_disk"] == []


@pytest.mark.models
def test_no_temporary_file_is_left(heard: Heard) -> None:
    """After seventeen hearings, five of them refused and one broken off, the temporary folder is empty."""
    assert heard["left_in_temporary"] == []


@pytest.mark.models
def test_a_job_that_ended_goes_on_where_it_was(heard: Heard) -> None:
    """The finished parts of the first try are kept, its words are not heard again, and the session is the same."""
    resumed = heard["resumed"]
    assert any("-activity-" in part for part in resumed["parts"])
    assert any("-words-" in part for part in resumed["parts"])
    assert resumed["again"]["words_json"] == heard["mixed"]["words_json"]
    assert resumed["again"]["seconds"]["words"] < heard["mixed"]["seconds"]["words"]


@pytest.mark.models
def test_nothing_that_was_said_is_printed(heard: Heard) -> None:
    """Neither output nor errors hold a word of the call; the models' libraries are kept from chatting."""
    assert heard["stdout_lines"] == 1
    assert "scattered" in heard["mixed"]["words_json"]
    assert "scattered" not in heard["stderr"]


def test_the_models_libraries_wait_until_they_are_needed() -> None:
    """Importing the hearing loads none of them, so that a command can fail at once."""
    code = (
        "import sys, processor.speech.hearing, processor.speech.recording; "
        "sys.exit(bool({'torch', 'whisperx', 'pyannote', 'ctranslate2', 'onnxruntime', 'av'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
