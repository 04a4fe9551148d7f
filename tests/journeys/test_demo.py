"""The first journey: one command, and a signed webhook has become an e-mailed report."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.log_watch import WATCH

PARTNERING = Path(sys.executable).parent / "partnering"
ROOT = Path(__file__).parent.parent.parent

pytestmark = [pytest.mark.journey, pytest.mark.models]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder of a demo that ran, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    ended = subprocess.run(
        [PARTNERING, "demo"],
        env={**os.environ, "PARTNERING_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=1200,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    WATCH.read("the demo", ended.stdout + ended.stderr + (folder / "demo" / "log.jsonl").read_text(encoding="utf-8"))
    return folder / "demo", ended.stdout


def test_one_letter_reaches_the_coach(demo: tuple[Path, str]) -> None:
    """Exactly one message lies in the mail box, to the coach, with a link to the page and no name of the client."""
    (file,) = (demo[0] / "outbox").glob("*.eml")
    message = message_from_bytes(file.read_bytes())
    assert message["To"] == "dana.coach@example.com"
    assert "your notes are ready" in message["Subject"]
    texts = [part.get_payload(decode=True) for part in message.walk() if part.get_content_maintype() == "text"]
    assert len(texts) == 2
    assert not any(re.search(rb"\bTom\b", text) for text in texts)


def test_each_stage_is_told_with_its_time(demo: tuple[Path, str]) -> None:
    """Webhook and stages are printed in order, each with seconds, then where the results lie."""
    told = re.findall(r"^ *(\w[\w-]*)  (?: *[\d.]+ s)?", demo[1], flags=re.MULTILINE)
    assert told == [
        "started", "webhook", "fetch", "hear", "analyse", "deliver", "e-mail", "page", "findings", "link",
    ]  # fmt: skip


def test_the_hook_answered_in_time(demo: tuple[Path, str]) -> None:
    """The web app took the webhook within Zoom's three seconds."""
    seconds = re.search(r"webhook +([\d.]+) s .*answered 204", demo[1])
    assert seconds is not None
    assert float(seconds[1]) < 3


def test_the_findings_know_who_was_who(demo: tuple[Path, str]) -> None:
    """The call was read as coaching, with one coach and one client, and every partnering group looked for."""
    found = json.loads((demo[0] / "out" / "findings.json").read_text(encoding="utf-8"))
    assert found["call"]["is_coaching"] == "yes"
    assert sorted(p["role"] for p in found["participants"]) == ["client", "coach"]
    assert [c["id"] for c in found["coverage"]] == ["agreement", "check_in", "meaning", "action", "close"]


def test_no_audio_is_left(demo: tuple[Path, str]) -> None:
    """After hearing, no sealed media and no plain file of the recording remains."""
    kept = {path.name for path in (demo[0] / "vault").rglob("*") if path.is_file()}
    assert kept == {"words.json", "findings.json"}
    assert not list((demo[0] / "scratch").glob("*"))


def test_nothing_confidential_is_logged(demo: tuple[Path, str]) -> None:
    """The logs of all processes hold no run of three words of the call, no address, and no token."""
    log = (demo[0] / "log.jsonl").read_text(encoding="utf-8").lower()
    truth = json.loads((ROOT / "samples" / "sample_call" / "truth.json").read_text(encoding="utf-8"))
    words = [word["word"].lower() for word in truth["words"]]
    assert not any(" ".join(words[i : i + 3]) in log for i in range(len(words) - 2))
    assert "example.com" not in log
    assert "bearer" not in log


def test_no_process_is_left(demo: tuple[Path, str]) -> None:
    """Every part of the demo has ended."""
    for status in Path("/proc").glob("[0-9]*/environ"):
        try:
            environment = status.read_bytes()
        except OSError:
            continue
        if status.parent.name != str(os.getpid()):
            assert str(demo[0]).encode() not in environment
