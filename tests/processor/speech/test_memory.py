"""A long call needs no more memory than a short one: its sound lies in a file that is looked at piece by piece."""

from __future__ import annotations

import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from processor.speech.samples import RATE

HOUR_S = 3600
ALLOWED_MB = 64
"""An hour of sound is 115 MB as it is stored and 230 MB as numbers for the models."""

DECODE_AND_LOOK = """
import resource, sys
from pathlib import Path
import numpy as np
from processor.speech.crosstalk import levels
from processor.speech.samples import decode
from processor.speech.voice_activity import FRAME_MS

def listen(path):
    sound = decode(Path(path))
    levels(sound, sound.duration_ms // FRAME_MS)
    return sound.duration_ms

short, long, allowed, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
listen(short)  # what is loaded once is loaded now
status = Path("/proc/self/status").read_text()
now = 1024 * int(status.split("VmData:")[1].split()[0])
resource.setrlimit(resource.RLIMIT_DATA, (now + allowed, now + allowed))
np.ones(wanted, dtype=np.int8)
print(listen(long))
"""


def recording(path: Path, seconds: int) -> Path:
    """A tone that is written second by second."""
    second = (8000 * np.sin(np.arange(RATE) / 9)).astype(np.int16).tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for _ in range(seconds):
            file.writeframesraw(second)
    return path


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A minute and an hour."""
    folder = tmp_path_factory.mktemp("long")
    return recording(folder / "short.wav", 60), recording(folder / "long.wav", HOUR_S)


def heard_within(recordings: tuple[Path, Path], wanted_mb: int) -> subprocess.CompletedProcess[str]:
    """The hour decoded and looked at by a process that may take ALLOWED_MB more and first takes `wanted_mb`."""
    short, long = recordings
    numbers = [str(ALLOWED_MB * 2**20), str(wanted_mb * 2**20)]
    return subprocess.run(
        [sys.executable, "-c", DECODE_AND_LOOK, str(short), str(long), *numbers],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_an_hour_is_decoded_and_looked_at_in_little_memory(recordings: tuple[Path, Path]) -> None:
    """64 MB are enough where the sound alone is 115 MB."""
    run = heard_within(recordings, 0)
    assert run.returncode == 0, run.stderr[-2000:]
    assert int(run.stdout) == HOUR_S * 1000


def test_the_limit_holds(recordings: tuple[Path, Path]) -> None:
    """Whoever takes 115 MB at once meets the limit of the test above."""
    run = heard_within(recordings, 115)
    assert run.returncode == 1
    assert "MemoryError" in run.stderr
