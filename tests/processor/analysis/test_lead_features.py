"""What the course of the phases adds to a line."""

from __future__ import annotations

from math import exp

import pytest

from processor.analysis.lead_features import COURSE, lead_rows
from processor.model.reading import Phase

SURE_OPENING, SURE_CLOSING = (1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)


def course(rows: tuple[tuple[float, ...], ...], line: int) -> dict[str, float]:
    """What was added to a line's own features, of which there is one here."""
    return dict(zip(COURSE, rows[line][1:], strict=True))


def test_the_line_that_opens_a_phase_is_told_from_those_that_follow() -> None:
    """Opening, closing, closing: the second line opens a phase, the first stands before it, the third after it."""
    phases = (Phase.OPENING, Phase.CLOSING, Phase.CLOSING)
    rows = lead_rows([(7.0,)] * 3, (SURE_OPENING, SURE_CLOSING, SURE_CLOSING), phases)
    assert [course(rows, i)["opens_phase"] for i in range(3)] == [0.0, 1.0, 0.0]
    assert [course(rows, i)["before_opening"] for i in range(3)] == [1.0, 0.0, 0.0]
    assert [course(rows, i)["near_opening"] for i in range(3)] == [1.0, 1.0, pytest.approx(exp(-1 / 3))]
    assert course(rows, 1)["shift"] == 2.0
    assert course(rows, 2)[Phase.CLOSING] == 1.0


def test_the_features_of_a_line_stay_in_front() -> None:
    rows = lead_rows([(7.0, 8.0)], (SURE_OPENING,), (Phase.OPENING,))
    assert rows[0][:2] == (7.0, 8.0)
    assert len(rows[0]) == 2 + len(COURSE)
