"""Times, lengths and shares as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from processor.model.measures import Measure, Unit
from processor.model.people import Sure
from reports.phrases import Part, about, amount, bounds, clock, count, full_day, joined, length, parts


@pytest.mark.parametrize(
    ("ms", "said"), [(0, "0:00"), (425_999, "7:05"), (3_599_999, "59:59"), (3_725_000, "1:02:05")]
)
def test_a_clock_counts_hours_from_the_first_one_on(ms: int, said: str) -> None:
    """Whole seconds, cut and not rounded, so that a place is never named before it begins to play."""
    assert clock(ms) == said


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (20, "0 s"), (240, "0.2 s"), (9_949, "9.9 s"), (12_400, "12 s"), (185_000, "3 min 5 s"),
        (180_000, "3 min"), (2_830_000, "47 min"), (3_720_000, "1 h 2 min"), (7_200_000, "2 h"),
    ],
)  # fmt: skip
def test_a_length_has_no_digit_that_nobody_would_say(ms: int, said: str) -> None:
    """Tenths under ten seconds, seconds under half an hour, then minutes."""
    assert length(ms) == said


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "0"), (0.3, "hardly any"), (1.4, "1"), (13.6, "14"), (-2.2, "\u22122")]
)
def test_a_sum_of_chances_is_a_whole_number_or_hardly_any(value: float, said: str) -> None:
    """0.3 of an interruption is neither none nor one."""
    assert count(value) == said


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (0.361, 0.404, Unit.RATIO, "36 to 40%"),
        (0.361, 0.363, Unit.RATIO, ""),
        (0.364, 0.366, Unit.RATIO, ""),
        (-100, 700, Unit.MILLISECONDS, "0.1 s of overlap to 0.7 s"),
        (0.0, 0.6, Unit.PER_TEN_MINUTES, "0 to 0.6"),
        (9.2, 13.9, Unit.PER_TEN_MINUTES, "9.2 to 14"),
        (900, 1500, Unit.MILLISECONDS, "0.9 to 1.5 s"),
        (55_000, 65_000, Unit.MILLISECONDS, "55 s to 1 min 5 s"),
        (1.0, 2.5, Unit.PER_TEN_MINUTES, "1.0 to 2.5"),
        (12, 19, Unit.WORDS, "12 to 19 words"),
        (3.6, 7.2, Unit.COUNT, "4 to 7"),
    ],
)
def test_bounds_say_the_unit_once_and_nothing_when_both_ends_read_nearly_the_same(
    low: float, high: float, unit: Unit, said: str
) -> None:
    """A range that shows one figure twice tells a reader nothing, and one of a point is rounding."""
    assert bounds(low, high, unit) == said


def test_amounts_carry_their_unit() -> None:
    """One word is one word, a rate of ten and more has no tenths, and a pause below zero is an overlap."""
    assert [amount(1, Unit.WORDS), amount(2.25, Unit.PER_MINUTE), amount(0.5, Unit.RATIO)] == [
        "1 word", "2.2 a minute", "50%",
    ]
    assert amount(30.1, Unit.PER_TEN_MINUTES) == "30 in 10 minutes"
    assert [amount(ms, Unit.MILLISECONDS) for ms in (-350, -20)] == ["0.3 s of overlap", "0 s"]


def test_dates_do_not_change_with_the_machine() -> None:
    """English months, day first."""
    assert full_day(date(2026, 3, 4)) == "4 March 2026"


def test_lists_are_joined_as_in_speech() -> None:
    """One, two, three."""
    assert [joined("a"), joined("ab"), joined("abc")] == ["a", "a and b", "a, b and c"]


@pytest.mark.parametrize(("value", "said"), [(0.0, "none"), (0.3, "hardly any"), (2.6, "about 3")])
def test_inside_a_sentence_a_sum_of_chances_is_about_so_many(value: float, said: str) -> None:
    """Never "about hardly any"."""
    assert about(value) == said
    assert f"{Part(value, Unit.COUNT):about}" == said


def test_a_bare_one_has_no_plural() -> None:
    """1 turn, 11 turns."""
    measures = [Measure("x", 1, Unit.COUNT, 1, 1, n, 1, Sure.SURE) for n in (1, 11)]
    said = [parts("{n} turns, {n} stretches in {d:minutes}", measure, {}) for measure in measures]
    assert said == ["1 turn, 1 stretch in 1 min", "11 turns, 11 stretches in 1 min"]
