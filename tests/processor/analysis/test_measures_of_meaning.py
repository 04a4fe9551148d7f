"""Measures of meaning from probabilities given by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from processor.analysis.measures.meaning import MEANT
from processor.analysis.measures.reading import Reading
from processor.analysis.measures.view import Parts
from processor.model.catalogue import Reason
from tests import builders
from tests.processor.analysis.hand_made import moment, reading

CALL = """
    0:01-0:03 coach: What about the garden?     [open_question 0.8, invite_meaning 0.5]
    0:04-0:10 client: The garden frightens me, it belongs to my mother.
    0:11-0:13 coach: Sell the house.             [advise 0.9]
    0:14-0:18 client: The house holds everything we planted.
    0:19-0:21 coach: You planted it.             [reflect 0.6]
    0:22-0:30 client: Yes, with my mother, before the storm.
"""


def parts(name: str, given: Reading | None = None) -> Parts:
    found = MEANT[name](given or reading(CALL))
    assert isinstance(found, Parts)
    return found


def test_a_count_is_a_sum_of_probabilities() -> None:
    """One line that is advice with 0.9 counts 0.9, not 1; it is sure enough to show."""
    found = parts("signal_count_advise")
    assert (found.number, found.evidence) == (pytest.approx(0.9), ("u003",))


def test_an_unsure_signal_is_counted_but_not_shown() -> None:
    """A reflection of 0.6 counts 0.6 and is no evidence: quoted is what is right 7 times in 10."""
    found = parts("signal_count_reflect")
    assert (found.number, found.evidence) == (pytest.approx(0.6), ())


def test_questions_in_ten_minutes() -> None:
    """0.8 questions in one minute are 8 in ten."""
    assert parts("questions_coach").number == pytest.approx(8.0)


def test_telling_share() -> None:
    """0.9 of three lines."""
    assert parts("telling_turn_share_coach").number == pytest.approx(0.3)


def test_reflections_for_each_question() -> None:
    """Three times over: (3 x 0.6 + 0.5) / (3 x 0.8 + 0.5)."""
    thrice = "".join(CALL.replace("0:", f"{minute}:") for minute in (0, 1, 2))
    assert parts("reflections_per_question_coach", reading(thrice)).number == pytest.approx(2.3 / 2.9)


def test_two_cases_make_no_rate() -> None:
    """0.6 reflections and 0.8 questions are too few for a rate."""
    assert MEANT["reflections_per_question_coach"](reading(CALL)) is Reason.TOO_FEW_CASES


def test_topic_words_go_to_who_says_them_first() -> None:
    """Coach: about is none, garden, sell, house; client: frighten, belong, mother, hold, plant, storm."""
    found = parts("topic_words_share_coach")
    assert (found.numerator, found.denominator) == (3, 9)


def test_echo_needs_a_word_that_the_coach_brought() -> None:
    """Two of three client lines use garden or house, which the coach brought in."""
    found = parts("echo_turn_share_client")
    assert (found.numerator, found.denominator, found.evidence) == (2, 3, ("u002", "u004"))


def test_uptake_is_the_clients_words_in_the_coachs() -> None:
    """Of the coach's topic words after a client line (sell, house; plant), plant was the client's."""
    found = parts("uptake_coach")
    assert (found.numerator, found.denominator) == (1, 3)


def test_moves_count_by_confidence() -> None:
    """The client's 0.8 + 0.6 of 2.0."""
    moves = (
        builders.move("u002", "client", confidence=0.8),
        builders.move("u003", "coach", confidence=0.6),
        builders.move("u004", "client", confidence=0.6),
    )
    assert parts("move_share_client", reading(CALL, moves=moves)).number == pytest.approx(1.4 / 2.0)


def test_two_moves_are_too_few_for_a_share() -> None:
    moves = (builders.move("u002", "client"),) * 2
    assert MEANT["move_share_client"](reading(CALL, moves=moves)) is Reason.TOO_FEW_CASES


def coming_in(*chances: float) -> Reading:
    """The coach comes in at 0:11 and at 0:19, interrupting with these probabilities."""
    return reading(CALL, moments=tuple(moment(own, own - 1, p) for own, p in zip((3, 5), chances, strict=True)))


@pytest.mark.parametrize("given", [reading(CALL), coming_in(0.5, 0.2)], ids=["nobody", "perhaps"])
def test_an_interruption_balance_that_may_be_chance_is_not_given(given: Reading) -> None:
    """Nobody came in; or 0.7 is expected and the bounds are 1.28 x 1.5 x root(0.5 x 0.5 + 0.2 x 0.8) = 1.23 wide."""
    assert MEANT["interruption_balance_coach"](given) is Reason.COULD_BE_CHANCE


def test_an_interruption_balance_beyond_chance_is_given() -> None:
    """0.9 + 0.9 = 1.8 leaves zero out: the bounds are 1.28 x 1.5 x root(2 x 0.9 x 0.1) = 0.82 wide."""
    assert parts("interruption_balance_coach", coming_in(0.9, 0.9)).number == pytest.approx(1.8)


@pytest.mark.parametrize(
    ("name", "cases"), [("topic_words_share_coach", 9), ("echo_turn_share_client", 3), ("uptake_coach", 3)]
)
def test_counted_words_are_as_sure_as_words_are_heard(name: str, cases: int) -> None:
    """Of so many cases each is right with 0.94: 1.5 x root(cases x 0.94 x 0.06), of the cases."""
    assert parts(name).spread == pytest.approx(1.5 * sqrt(cases * 0.94 * 0.06) / cases)


CONTROL = """
    0:00-0:02 coach: What about the garden?   [open_question 0.8]
    0:03-0:09 client: It frightens me.        # answers: the coach's
    0:10-0:14 client: The shed does too.
    0:15-0:18 coach: Sell the house.          [advise]
    0:19-0:24 client: Would that be wise?
    0:25-0:26 coach: It would.                # answers: the client's
"""


def test_an_answer_is_controlled_by_who_asked() -> None:
    """Client 4 + 5 + 1 s, coach 2 + 6 + 3. In doubt are the 6 s, whether 0:00 asks: 1.5 x 6 x root(0.8 x 0.2) of 21."""
    found = parts("control_time_share_client", reading(CONTROL))
    assert (found.numerator, found.denominator) == (10_000, 21_000)
    assert found.spread == pytest.approx(1.5 * 6 * sqrt(0.8 * 0.2) / 21)


ADVICE = """
    0:00 coach: May I offer something?
    0:03 client: Please do so now.
    0:06 coach: Sell the house.               [advise 1.0]
    0:09 client: The house was hers.
    0:12 coach: It was hers.                  [reflect]
    0:15 client: For forty years.
    0:18 coach: Forty years.                  [reflect]
    0:21 client: And then she died.
    0:24 coach: Sell the shed.                [advise 1.0]
"""


def test_leave_counts_for_two_lines_of_the_coach() -> None:
    """Leave was asked a line before the first advice and four before the second: 1 of 2."""
    found = parts("advice_with_permission_share_coach", reading(ADVICE))
    assert (found.numerator, found.denominator) == (1, 2)
    assert found.spread == pytest.approx(1.5 * sqrt(0.8 * 0.2) / sqrt(2))


def test_less_than_one_advice_has_no_share() -> None:
    script = ADVICE.replace("advise 1.0", "advise 0.4")
    assert MEANT["advice_with_permission_share_coach"](reading(script)) is Reason.TOO_FEW_CASES


STACKED = """
    0:00 coach: What about the garden? Or is it the house?  [open_question]
    0:05 client: The garden frightens me.
    0:08 coach: What is in it?                              [open_question]
    0:11 client: My mother.
    0:14 coach: Since when?                                 [open_question]
"""


def test_questions_on_top_of_each_other() -> None:
    """One of three lines that ask has two question marks; a mark is heard nine times in ten."""
    found = parts("stacked_question_share_coach", reading(STACKED))
    assert (found.numerator, found.denominator, found.evidence) == (1, 3, ("u001",))
    assert found.spread == pytest.approx(1.5 * sqrt(3 * 0.9 * 0.1) / 3)


def test_no_question_mark_at_all_is_no_sign_of_one_at_a_time() -> None:
    """A source that writes none cannot tell."""
    assert MEANT["stacked_question_share_coach"](reading(STACKED.replace("?", ""))) is Reason.TOO_FEW_CASES


def test_open_among_open_and_closed() -> None:
    """0.8 + 0.6 open, 0.9 + 0.7 closed: 1.4 of 3."""
    script = """
        0:00 coach: What about it?  [open_question 0.8, closed_question 0.9]
        0:05 client: It frightens me.
        0:08 coach: Why is that?    [open_question 0.6, closed_question 0.7]
    """
    found = parts("open_question_share_coach", reading(script))
    assert (found.numerator, found.denominator) == (pytest.approx(1.4), pytest.approx(3.0))


CHOICES = """
    0:00 coach: Where would you like to go with this?  [open_question]
    0:05 client: To the garden.
    0:08 coach: Which of the two gardens?              [open_question]
    0:12 client: I have no idea.
    0:15 coach: It is up to you.                       # asks nothing
"""


def test_choices_are_questions_that_let_the_client_choose() -> None:
    """Two are offered; after the first the client makes a move. Each is meant so eight times in ten."""
    given = reading(CHOICES, moves=(builders.move("u002", "client"), builders.move("u004", "coach")))
    offered, taken = parts("choices_offered_coach", given), parts("choices_taken_client", given)
    assert (offered.number, offered.evidence) == (2, ("u001", "u003"))
    assert (taken.number, taken.evidence) == (1, ("u002",))
    assert offered.spread == pytest.approx(1.5 * sqrt(2 * 0.8 * 0.2))


def test_questions_in_ten_minutes_need_a_minute() -> None:
    assert MEANT["questions_coach"](reading(CALL, duration_ms=59_000)) is Reason.TOO_SHORT
