"""The table of cases in docs/zoom-app.md is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
ROWS = {int(case): files.split(", ") for case, _, files in ROW.findall((ROOT / "docs" / "zoom-app.md").read_text())}


def test_every_case_has_a_row() -> None:
    """Cases 1 to 52 are all in the table."""
    assert sorted(set(range(1, 53)) - set(ROWS)) == []


@pytest.mark.parametrize("case", sorted(ROWS))
def test_every_row_has_its_tests(case: int) -> None:
    """Each file that a row names holds a test that begins with the row's number."""
    for name in ROWS[case]:
        source = (ROOT / "tests" / "integration" / name).read_text()
        assert re.search(rf"^def test_{case}_", source, re.MULTILINE), f"{name} has no test of case {case}"
