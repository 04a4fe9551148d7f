"""One run of the real models for all tests that need them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from processor.speech.samples import RATE, decode
from tests.sounds import SAMPLE_CALL, noise, write_wav

ROOT = Path(__file__).parents[3]
CUT_MS = (0, 44_000)
"""Eight turns of the sample call; a backchannel at 9.7 s lies inside the client's turn."""
LATER_MS = ((52_500, 58_500), (167_400, 173_600))
"""Two more turns, which stand behind the mix for somebody who has no track."""


def cut(folder: Path) -> None:
    """The recordings that are heard, cut from the sample call."""
    names = ("mix", "track_coach", "track_client")
    sounds = {name: decode(SAMPLE_CALL / f"{name}.m4a").between(*CUT_MS) for name in names}
    for name, sound in sounds.items():
        write_wav(folder / f"{name}.wav", sound)
    write_wav(folder / "late_client.wav", sounds["track_client"][4 * RATE :])
    write_wav(folder / "client_first.wav", sounds["track_client"][: 21 * RATE])
    write_wav(folder / "client_second.wav", sounds["track_client"][21 * RATE :])
    client = decode(SAMPLE_CALL / "track_client.m4a")
    write_wav(folder / "third.wav", np.concatenate([sounds["mix"], *(client.between(*turn) for turn in LATER_MS)]))
    length = min(len(sounds["track_coach"]), len(sounds["track_client"]))
    write_wav(folder / "stereo.wav", sounds["track_coach"][:length], sounds["track_client"][:length])
    write_wav(folder / "silent.wav", noise(40, loud=0.001))
    write_wav(folder / "short.wav", sounds["mix"][: 29 * RATE])


@pytest.fixture(scope="session")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `hear_in_private.py` tells of these cuts."""
    folder = tmp_path_factory.mktemp("cuts")
    cut(folder)
    script = Path(__file__).with_name("hear_in_private.py")
    run = subprocess.run(
        [sys.executable, str(script), str(folder)],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-4000:]
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    found["left_in_temporary"] = [path.name for path in (folder / "temporary").rglob("*")]
    found["stderr"] = run.stderr
    found["stdout_lines"] = len(run.stdout.splitlines())
    return found


@pytest.fixture(scope="session")
def true_words() -> list[dict[str, Any]]:
    """The words that were really said in the cut, in order of time."""
    words = json.loads((SAMPLE_CALL / "truth.json").read_text())["words"]
    return sorted((w for w in words if w["end"] * 1000 < CUT_MS[1]), key=lambda w: float(w["start"]))


@pytest.fixture(scope="session")
def true_speech() -> list[tuple[str, float, float]]:
    """Who really spoke when in the cut: speaker, start and end in seconds."""
    lines = [line.split() for line in (SAMPLE_CALL / "truth.rttm").read_text().splitlines()]
    spans = [(line[7], float(line[3]), float(line[3]) + float(line[4])) for line in lines]
    return [span for span in spans if span[2] * 1000 < CUT_MS[1]]


