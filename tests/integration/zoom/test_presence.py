"""From when to when two people were there. A move is written as who (. = everybody), +/- and minute: "a+0"."""

from __future__ import annotations

import pytest

from integration.zoom.presence import MARGIN_MS, Move, time_together


def moves(notes: str) -> list[Move]:
    return [Move(note[0].strip("."), int(float(note[2:]) * 60_000), note[1] == "+") for note in notes.split()]


@pytest.mark.parametrize(
    ("notes", "first", "last"),
    [
        ("a+0 b+5 b-50 a-51", 5, 50),
        ("a+0 b+5 a-50 b-51", 5, 50),
        ("a+0 b+5", 5, None),
        ("a+0 b+5 b-20 b+21 b-50 a-50", 5, 50),
        ("a+0 b+5 c+10 b-40 c-45 a-50", 5, 45),
        ("b+5 a+0 a-51 b-50", 5, 50),
        ("a+0 a+0 b+5 b-50", 5, 50),
        ("a+0 b+5 .-50", 5, 50),
        ("a+0 b+5 b-40 .-50", 5, 40),
        ("a+0 b+5 .-50 a-50 b-51", 5, 50),
    ],
)
def test_the_time_together(notes: str, first: int, last: int | None) -> None:
    """From the second person's coming to the last time that two were there, at the latest to the meeting's end;
    dropping out in between ends nothing."""
    end = None if last is None else last * 60_000 + MARGIN_MS
    assert time_together(moves(notes)) == (first * 60_000 - MARGIN_MS, end)


@pytest.mark.parametrize("notes", ["", "a+0", "a+0 a-50", "b-50 a-51", "a+0 a-10 b+20 b-50"])
def test_without_two_at_once_nothing_is_concluded(notes: str) -> None:
    """Moves that never show two people: some were not told."""
    assert time_together(moves(notes)) is None


def test_a_leaving_without_a_coming_means_that_some_were_not_told() -> None:
    """b drops out at 20, and is told to leave at 50 again: the coming back was lost, so nothing is left out."""
    assert time_together(moves("a+0 b+5 b-20 b-50 a-51")) is None
