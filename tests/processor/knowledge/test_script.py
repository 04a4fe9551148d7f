"""How a script is cut into windows and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.analysis.knowledge import Line
from processor.knowledge import load
from processor.knowledge.script import AFTER_TOKENS, BEFORE_TOKENS, CORE_TOKENS, batch_of, cut_windows, pooling
from processor.model.people import Role

LINES = [
    Line(Role.COACH, "What would you like to look at?"),
    Line(Role.CLIENT, "The board paper, and why I cannot sleep."),
    Line(Role.COACH, "What do you make of those two side by side?"),
    Line(Role.CLIENT, "Huh."),
]


@given(st.lists(st.integers(1, 121), max_size=80))
def test_every_line_is_read_once(lengths: list[int]) -> None:
    """The cores of the windows, one after another, are all lines."""
    covered = [i for w in cut_windows(lengths) for i in range(w.first, w.last)]
    assert covered == list(range(len(lengths)))


@given(st.lists(st.integers(1, 121), min_size=1, max_size=80))
def test_a_window_keeps_to_its_room(lengths: list[int]) -> None:
    """Core and context have no more tokens than they may, one line alone excepted."""
    for w in cut_windows(lengths):
        assert sum(lengths[w.first : w.last]) <= CORE_TOKENS or w.last == w.first + 1
        assert sum(lengths[w.start : w.first]) <= BEFORE_TOKENS
        assert sum(lengths[w.last : w.end]) <= AFTER_TOKENS


def test_a_batch_knows_whose_tokens_are_whose() -> None:
    """Start token, two tokens of line 0 (coach), one of line 1; the shorter window is filled up."""
    batch = batch_of([[([7, 8], True), ([9], False)], [([5], False)]], 101)
    assert batch.ids.tolist() == [[101, 7, 8, 9], [101, 5, 0, 0]]
    assert batch.voice.tolist() == [[0, 1, 1, 0], [0, 0, 0, 0]]
    assert batch.line.tolist() == [[-1, 0, 0, 1], [-1, 0, -1, -1]]
    assert pooling(batch.line, 2)[0].tolist() == [[0, 0.5, 0.5, 0], [0, 0, 0, 1]]


def test_the_same_lines_give_the_same_scores() -> None:
    """Reading is repeatable to the last bit."""
    model = load("en").script
    assert model.read(LINES) == model.read(LINES)


def test_a_question_looks_like_one() -> None:
    """The coach's two questions get higher odds of an open question than nothing at all."""
    scores = load("en").script.read(LINES)
    place = 9  # open_question is the tenth of SignalId
    assert scores[0].signals[place] > 0
    assert scores[2].signals[place] > 0


def test_no_lines_have_no_scores() -> None:
    assert load("en").script.read([]) == ()


@pytest.mark.parametrize("text", ["", "\u2026", "?" * 2000, "word " * 3000])
def test_odd_lines_are_read(text: str) -> None:
    """Nothing said, only marks, or far too much: still one score a line."""
    assert len(load("en").script.read([Line(Role.CLIENT, text), LINES[0]])) == 2
