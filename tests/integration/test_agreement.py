"""Agreement beyond chance."""

from __future__ import annotations

import pytest

from integration.agreement import Pair, kappa, wilson
from processor.model.measures import Measure, NotMeasured


def pairs(both: int, only_seen: int, only_heard: int, neither: int) -> list[Pair]:
    """So many sessions of each kind."""
    return (
        [Pair(seen=True, heard=True)] * both
        + [Pair(seen=True, heard=False)] * only_seen
        + [Pair(seen=False, heard=True)] * only_heard
        + [Pair(seen=False, heard=False)] * neither
    )


def test_kappa_as_worked_by_hand() -> None:
    """20, 5, 10, 15 of 50: observed 35/50 = 0.7, by chance 0.5 · 0.6 + 0.5 · 0.4 = 0.5, so (0.7 - 0.5) / 0.5 = 0.4."""
    found = kappa("x", pairs(20, 5, 10, 15))
    assert isinstance(found, Measure)
    assert found.value == pytest.approx(0.4)
    assert (found.numerator, found.denominator) == (35, 50)


def test_the_bounds_are_wilsons() -> None:
    """Of 35 in 50: middle (0.7 + 3.8416/100) / 1.076832 = 0.68573; half 1.96 sqrt(0.21/50 + 3.8416/10000) / 1.076832
    = 1.96 · 0.067707 / 1.076832 = 0.12324. So the share lies in 0.5625 to 0.8090, kappa in 0.125 to 0.618."""
    low, high = wilson(35, 50)
    assert (low, high) == (pytest.approx(0.5625, abs=5e-4), pytest.approx(0.8090, abs=5e-4))
    found = kappa("x", pairs(20, 5, 10, 15))
    assert isinstance(found, Measure)
    assert (found.low, found.high) == (pytest.approx(0.125, abs=1e-3), pytest.approx(0.618, abs=1e-3))


def test_five_sessions_of_one_opinion_are_no_certainty() -> None:
    """Three seen and two not, always agreed: kappa 1, and the range says how little that is yet."""
    found = kappa("x", pairs(3, 0, 0, 2))
    assert isinstance(found, Measure)
    assert found.value == 1
    assert found.low < 0.3


def test_four_sessions_are_too_few() -> None:
    """Below five there is no figure at all."""
    found = kappa("x", pairs(2, 0, 0, 2))
    assert isinstance(found, NotMeasured)
    assert found.reason == "too_few_cases"


def test_where_both_always_say_the_same_chance_explains_it() -> None:
    """Always seen and always heard: agreement beyond chance cannot be told."""
    assert isinstance(kappa("x", pairs(9, 0, 0, 0)), NotMeasured)
