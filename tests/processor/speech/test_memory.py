"""How much memory a long recording takes, measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import wave
from pathlib import Path

ROOT = Path(__file__).parents[3]
HOUR_S, RATE = 3600, 16_000
MOST_GROWTH_MB = 40
MEASURE = """
import sys
from pathlib import Path
from processor.speech.samples import decode

def anonymous_mb():
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024

decode(Path(sys.argv[1]))  # whatever is loaded with the first use
before = anonymous_mb()
samples = decode(Path(sys.argv[2]))
print(samples.duration_ms, anonymous_mb() - before)
"""


def write_silence(path: Path, seconds: int) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        for _ in range(seconds // 60):
            sound.writeframesraw(bytes(2 * RATE * 60))
    return path


def test_a_long_recording_lies_in_a_file(tmp_path: Path) -> None:
    """An hour of sound is 115 MB; of these hardly any are memory, so that six hours need no more."""
    short, long = write_silence(tmp_path / "short.wav", 60), write_silence(tmp_path / "long.wav", HOUR_S)
    command = [sys.executable, "-W", "ignore", "-c", MEASURE, short, long]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    duration_ms, grown_mb = done.stdout.split()
    assert int(duration_ms) == HOUR_S * 1000
    assert float(grown_mb) < MOST_GROWTH_MB
