"""The command as a user meets it: what it writes, how it ends, what it never says."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from email import message_from_bytes
from pathlib import Path

import pytest

PARTNERING = Path(sys.executable).parent / "partnering"
SAMPLE = Path(__file__).parent.parent.parent / "samples" / "sample_call"
OUTPUTS = {
    "words.json",
    "speakers.rttm",
    "findings.json",
    "report.html",
    "report.txt",
    "report.eml",
    "report.pdf",
    "transcript.vtt",
    "transcript.docx",
}
CANARY = "canary"


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PARTNERING, *arguments], capture_output=True, text=True, cwd=cwd, check=False, timeout=600)


def words_of_the_sample(folder: Path, **changes: object) -> Path:
    """A words.json made from the truth of the sample call."""
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    words = [
        {
            "text": word["word"],
            "start_ms": round(1000 * word["start"]),
            "end_ms": round(1000 * word["end"]),
            "label": word["speaker"],
            "score": 1,
        }
        for word in truth["words"]
    ]
    root = {
        "version": 1,
        "language": "en",
        "duration_ms": max(w["end_ms"] for w in words) + 1000,
        "source": "given",
        "participants": [],
        "words": words,
    }
    path = folder / "words.json"
    path.write_text(json.dumps(root | changes), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def read_twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, subprocess.CompletedProcess[str]]:
    """The truth of the sample call, read twice."""
    folder = tmp_path_factory.mktemp("read")
    words = words_of_the_sample(folder)
    first = run("read", words, "--out", folder / "first", cwd=folder)
    run("read", words, "--out", folder / "second", cwd=folder)
    return folder / "first", folder / "second", first


def test_reading_writes_every_file(read_twice: tuple[Path, Path, subprocess.CompletedProcess[str]]) -> None:
    """`read` ends with 0 and leaves each file of the contract, and nothing else."""
    first, _, ended = read_twice
    assert ended.returncode == 0, ended.stderr
    assert {path.name for path in first.iterdir()} == OUTPUTS
    assert all(path.stat().st_size for path in first.iterdir())


def test_a_pipe_stays_silent(read_twice: tuple[Path, Path, subprocess.CompletedProcess[str]]) -> None:
    """Without a terminal nothing is printed."""
    assert (read_twice[2].stdout, read_twice[2].stderr) == ("", "")


def test_the_same_words_give_the_same_findings(
    read_twice: tuple[Path, Path, subprocess.CompletedProcess[str]],
) -> None:
    """Two readings of the same words agree byte for byte."""
    first, second, _ = read_twice
    for name in ("findings.json", "words.json", "speakers.rttm", "report.txt", "report.html", "transcript.vtt"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_findings_hold_no_word(read_twice: tuple[Path, Path, subprocess.CompletedProcess[str]]) -> None:
    """No run of four words of the call stands in findings.json."""
    first, _, _ = read_twice
    words = [w["text"] for w in json.loads((first / "words.json").read_text(encoding="utf-8"))["words"]]
    found = (first / "findings.json").read_text(encoding="utf-8")
    assert not any(" ".join(words[i : i + 4]) in found for i in range(len(words) - 3))


def test_the_letter_is_a_letter(read_twice: tuple[Path, Path, subprocess.CompletedProcess[str]]) -> None:
    """report.eml is a message with a text and an HTML part, and a subject without names."""
    message = message_from_bytes((read_twice[0] / "report.eml").read_bytes())
    kinds = {part.get_content_type() for part in message.walk()}
    assert {"text/plain", "text/html"} <= kinds
    assert "your notes are ready" in str(message["Subject"])


def silent_wave(path: Path, seconds: int) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(bytes(2 * 16_000 * seconds))
    return path


def faulty_files(folder: Path) -> dict[str, list[str | Path]]:
    (folder / "garbage.m4a").write_bytes(CANARY.encode() * 1000)
    (folder / "empty.m4a").write_bytes(b"")
    (folder / "not.json").write_text(f"{{{CANARY}", encoding="utf-8")
    (folder / "old.json").write_text('{"version": 0}', encoding="utf-8")
    (folder / "latin.json").write_bytes("é".encode("latin-1"))
    return {
        "no such recording": ["process", folder / "absent.m4a"],
        "unreadable media": ["process", folder / "garbage.m4a"],
        "an empty file": ["process", folder / "empty.m4a"],
        "a folder": ["process", folder],
        "no input": ["process"],
        "a track without a name": ["process", "--track", "=x.m4a"],
        "a track that is not there": ["process", "--track", "Dana=absent.m4a"],
        "two seconds": ["process", silent_wave(folder / "short.wav", 2)],
        "no such words": ["read", folder / "absent.json"],
        "no JSON": ["read", folder / "not.json"],
        "another version": ["read", folder / "old.json"],
        "no UTF-8": ["read", folder / "latin.json"],
        "an unknown option": ["read", folder / "old.json", "--loud"],
        "an unknown command": ["listen"],
    }


CASES = (
    "a folder",
    "a track that is not there",
    "a track without a name",
    "an empty file",
    "an unknown command",
    "an unknown option",
    "another version",
    "no JSON",
    "no UTF-8",
    "no input",
    "no such recording",
    "no such words",
    "two seconds",
    "unreadable media",
)


@pytest.mark.parametrize("case", CASES)
def test_bad_input_ends_with_2_and_one_line(tmp_path: Path, case: str) -> None:
    """What cannot be used is said in one line, without a traceback or a word, and nothing is written."""
    arguments = faulty_files(tmp_path)[case]
    out = [] if case == "an unknown command" else ["--out", tmp_path / "out"]
    ended = run(*arguments, *out, cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("error[")
    assert ended.stderr.count("\n") == 1
    assert "Traceback" not in ended.stderr
    assert CANARY not in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_instead_of_a_recording_is_called_one(tmp_path: Path) -> None:
    """The file is in it: it is not said to be absent."""
    assert "this is a folder" in run("process", tmp_path, "--out", tmp_path / "out", cwd=tmp_path).stderr


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """An --out that is a file ends with 2 and leaves the file as it was."""
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    ended = run("read", words_of_the_sample(tmp_path), "--out", tmp_path / "out", cwd=tmp_path)
    assert (ended.returncode, (tmp_path / "out").read_text(encoding="utf-8")) == (2, "mine")


def test_what_is_due_is_told_and_left(tmp_path: Path) -> None:
    """A new store holds nothing, so in each class nothing is due."""
    ended = run("clock", "--dry-run", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    classes = ("audio", "transcripts", "reports", "withdrawn", "leftovers")
    nothing: dict[str, list[int] | int] = {name: [] for name in classes}
    assert json.loads(ended.stdout) == nothing | {"webhooks": 0}


def test_who_was_added_is_told_the_way_in(tmp_path: Path) -> None:
    """Where to sign in, and, with no mail server set, in which folder the letter with the code lies."""
    ended = run("add-person", "ada@practice.example", "--as", "administrator", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "They sign in at http://127.0.0.1:8000/sign-in" in ended.stdout
    assert "var/outbox" in ended.stdout


@pytest.mark.parametrize(
    "command",
    ["process", "read", "demo", "serve", "worker", "clock", "migrate", "check-config", "erase", "add-person",
     "rotate-keys", "doctor", "bench"],
)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    """--help of each command says what it is for."""
    ended = run(command, "--help", cwd=tmp_path)
    assert ended.returncode == 0
    assert "Usage: partnering" in ended.stdout
