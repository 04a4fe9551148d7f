"""The tables of docs/faults.md are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and "held in" not in line]
STAGES = ("door", "fetch", "hear", "analyse", "deliver")


def named(row: list[str]) -> list[tuple[str, str]]:
    """File and test, for each test that a row names; the test is empty where a whole file holds the rule."""
    return [(file, test) for file, _, test in (name.partition("::") for name in row[2].split(", "))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}, {row[1]}"[:60])
def test_every_row_names_tests_that_exist(row: list[str]) -> None:
    """A test that was renamed or dropped is noticed here."""
    for file, test in named(row):
        source = (ROOT / "tests" / file).read_text(encoding="utf-8")
        sought = rf"def {test}\(" if test else "def test_"
        assert re.search(f"^{sought}", source, re.MULTILINE), f"{file} has no {test}"


@pytest.mark.parametrize("fault", ["kill -9 of the job", "everything at once, Redis too"])
def test_deaths_are_shown_at_every_stage(fault: str) -> None:
    """The job and all processes die at each stage (the door has no job)."""
    shown = {row[1].split(",")[0] for row in ROWS if row[0] == fault}
    assert shown >= set(STAGES[1:] if "job" in fault else STAGES)


def test_every_case_has_a_row() -> None:
    """Cases 53 to 80 and 102 to 108."""
    cases: set[int] = set()
    for row in ROWS:
        if numbers := re.fullmatch(r"(\d+)(?:-(\d+))?", row[0]):
            cases |= set(range(int(numbers[1]), int(numbers[2] or numbers[1]) + 1))
    assert set(range(53, 81)) | set(range(102, 109)) <= cases


def test_the_threat_model_names_tests_that_exist() -> None:
    """Every file that SECURITY.md says holds an answer is there."""
    rows = [line for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")}
    named = [name for row in rows for name in re.findall(r"`((?:tests/)?[\w/]*test_\w+\.py)`", row)]
    assert len(named) > 15
    assert [name for name in named if not any(file.endswith(name) for file in files)] == []
