"""What voices are like stays in the worker's memory: one call through a real worker, with real models and Redis."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from processor.speech.samples import decode
from tests.sounds import SAMPLE_CALL, write_wav

pytestmark = pytest.mark.models

ROOT = Path(__file__).parents[3]
CUT_MS = 40_000


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> dict[str, Any]:
    """What `hear_a_call.py` tells."""
    folder = tmp_path_factory.mktemp("job")
    media = write_wav(folder / "call.wav", decode(SAMPLE_CALL / "mix.m4a").between(0, CUT_MS))
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("hear_a_call.py")), str(media)],
        cwd=folder,
        env={
            "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder), "TMPDIR": str(folder),
            "REDIS_URL": redis_url, "PARTNERING_DATA_DIR": str(folder / "var"), "DATABASE_URL": "",
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-4000:]
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def test_the_call_was_heard_and_read(looked: dict[str, Any]) -> None:
    """The worker told voices apart, kept parts on the way, and left traces of its jobs in Redis."""
    assert looked["runs"] == ["hear", "analyse"]
    assert looked["voice_rows"] > 10
    assert looked["parts"] >= 2
    assert looked["redis_values"] > 0


def test_a_voice_would_be_found(looked: dict[str, Any]) -> None:
    """The search is no blind one: what voices are like, put into the vault for a moment, is found there."""
    assert looked["planted"] == ["planted"]


@pytest.mark.parametrize("place", ["on_disk", "opened", "in_parts", "in_redis"])
def test_no_voice_is_kept(looked: dict[str, Any], place: str) -> None:
    """No file (the database is one), nothing unsealed from the vault, no finished part, no value in Redis holds it."""
    assert looked[place] == []
