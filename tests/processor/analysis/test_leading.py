"""Who led: the rule from moves and telling to a leader."""

from __future__ import annotations

from typing import Any

import pytest

from processor.analysis.leading import LineMeaning, ledger, pull, who_led
from processor.knowledge import load
from processor.model.catalogue import Cue
from processor.model.people import Role
from processor.model.reading import LedBy, Move, MoveKind, Phase, SignalId
from tests.builders import move
from tests.processor.analysis.hand_made import LEXICON, reading

NONE = dict.fromkeys(SignalId, 0.0)
ASKS = NONE | {SignalId.INVITE_MEANING: 1.0}
TELLS = NONE | {SignalId.ADVISE: 1.0}


def test_pull_is_telling_and_moves() -> None:
    """One line tells, three ask, and one of two equal moves is the coach's: 0.8 x 1/4 + 0.2 x 1/2 = 0.3."""
    moves = (move("u001", "coach"), move("u002", "client"))
    assert pull(moves, (TELLS, ASKS, ASKS, ASKS)) == pytest.approx(0.3)


def test_a_line_that_tells_twice_counts_once() -> None:
    """Advice that is also the coach's own story is one telling line: 0.8 x 1/2, no move by the coach."""
    both = TELLS | {SignalId.OWN_THINKING: 1.0}
    assert pull((move("u001", "client"),), (both, ASKS)) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("lines", "leader"),
    [((ASKS,) * 6, LedBy.CLIENT), ((TELLS,) * 6, LedBy.COACH), ((TELLS, TELLS, ASKS, ASKS, ASKS, ASKS), LedBy.SHARED)],
)
def test_the_leader_follows_from_pull(lines: tuple[dict[SignalId, float], ...], leader: LedBy) -> None:
    """With the client making the one move: no telling 0.0, all telling 0.8, a third telling 0.27."""
    assert who_led((move("u001", "client"),), lines).led_by is leader


def test_too_little_cannot_tell() -> None:
    """With four lines of the coach, or without a move, nobody is said to have led."""
    assert who_led((move("u001", "client"),), (ASKS,) * 4).led_by is LedBy.CANNOT_TELL
    assert who_led((), (ASKS,) * 9).led_by is LedBy.CANNOT_TELL


def test_roles_that_are_not_known_cannot_tell() -> None:
    """Six lines that ask and a move by the client: the client led, if it was the client."""
    assert who_led((move("u001", "client"),), (ASKS,) * 6).led_by is LedBy.CLIENT
    assert who_led((move("u001", "client"),), (ASKS,) * 6, roles_known=False).led_by is LedBy.CANNOT_TELL


CALL = """
    0:00 coach: What about the garden?
    0:03 client: The garden frightens me every evening.
    0:06 coach: What of the garden frightens you?
    0:10 client: The well behind the garden.
    0:13 coach: Tell me about your brother instead.
    0:17 client: My brother sold the garden.
    0:20 coach: And when you look at the garden now?
    0:24 client: Empty.
"""
EXPLORING = (Phase.EXPLORATION,) * 8


def moves(
    *leading: int,
    script: str = CALL,
    phases: tuple[Phase, ...] = EXPLORING,
    cut_in: frozenset[int] = frozenset(),
    path: int | None = None,
) -> tuple[Move, ...]:
    """The ledger when the lines of these numbers (from 1) lead for sure, `cut_in` interrupt and `path` is announced."""
    read = reading(script)
    signals = tuple({SignalId.CHOOSE_PATH: float(i + 1 == path)} for i in range(len(read.ids)))
    leads = [float(i + 1 in leading) for i in range(len(read.ids))]
    meaning = LineMeaning(leads, phases, signals, frozenset(n - 1 for n in cut_in))
    return ledger(read.script, read.ids, meaning, load("en"), LEXICON)


def test_a_line_that_likely_leads_is_a_move() -> None:
    """Who made it, with which line and how surely."""
    (found,) = moves(3)
    assert (found.utterance, found.by, found.confidence) == ("u003", Role.COACH, 1.0)


def test_a_line_that_starts_another_phase_moves_the_phase() -> None:
    """Line 3 is the first of action; 4 and 6 go on in it, one with a new word of two, one with one of three."""
    phases = (*EXPLORING[:2], *(Phase.ACTION,) * 6)
    assert [(m.kind, m.cue) for m in moves(3, 4, 6, phases=phases)] == [
        (MoveKind.PHASE, Cue.TO_ACTION), (MoveKind.DIRECTION, Cue.NEW_TOPIC), (MoveKind.DIRECTION, Cue.BACK_TO),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("He plants roses, apples, cherries, lilies, tulips, berries and pears in the garden.", MoveKind.TOPIC),
        ("He plants roses in the garden.", MoveKind.DIRECTION),
        ("I want to go back to the garden.", MoveKind.TOPIC),
    ],
    ids=["eight of nine new", "two of three new", "an aim"],
)
def test_a_topic_has_seven_new_words_in_ten_or_an_aim(line: str, kind: MoveKind) -> None:
    """Of the topic words that the client says, "garden" was said before; below seven new in ten it is a direction."""
    (found,) = moves(4, script=CALL.replace("The well behind the garden.", line))
    assert found.kind is kind


def test_what_moves_in_the_opening_is_a_topic() -> None:
    """Setting out with the words of the question is setting the topic, too."""
    (found,) = moves(2, phases=(Phase.OPENING,) * 8, script=CALL.replace("frightens me every evening", "it is"))
    assert (found.kind, found.cue) == (MoveKind.TOPIC, Cue.GOAL)


@pytest.mark.parametrize(
    ("how", "cue"),
    [({}, Cue.STEERED), ({"path": 5}, Cue.ANNOUNCED), ({"path": 5, "cut_in": frozenset({5})}, Cue.CUT_IN)],
)
def test_what_gave_a_move_of_the_coach_away(how: dict[str, Any], cue: Cue) -> None:
    """A turn of the talk is steered, announced when the path is chosen aloud, and cut in when it interrupts."""
    assert [m.cue for m in moves(5, **how)] == [cue]


def test_a_choice_is_taken_after_one_was_offered() -> None:
    """The client moves right after "where would you like to go"."""
    script = CALL.replace("What of the garden frightens you?", "Where would you like to go with it?")
    assert [m.cue for m in moves(4, script=script)] == [Cue.CHOICE]


def test_a_next_step_is_decided_in_action() -> None:
    script = CALL.replace("The well behind the garden.", "I will walk through the garden.")
    assert [m.cue for m in moves(4, script=script, phases=(Phase.ACTION,) * 8)] == [Cue.COMMITMENT]


@pytest.mark.parametrize(
    ("answer", "taken_up"),
    [("Sold.", False), ("My brother.", True), ("He sold it all.", True)],
    ids=["one other word", "the mover's word", "four words"],
)
def test_a_move_is_taken_up_at_length_or_in_its_words(answer: str, taken_up: bool) -> None:  # noqa: FBT001 - a column
    """The client answers "Tell me about your brother instead"."""
    assert [m.taken_up for m in moves(5, script=CALL.replace("My brother sold the garden.", answer))] == [taken_up]


@pytest.mark.parametrize(("against", "taken_up"), [(6, False), (8, False), (4, True)])
def test_a_move_that_is_countered_within_three_lines_is_not_taken_up(against: int, taken_up: bool) -> None:  # noqa: FBT001 - a column
    """The coach moves in line 5; the client does in the first or third line after it, or did before."""
    assert {m.utterance: m.taken_up for m in moves(5, against)}["u005"] is taken_up


def test_a_fourth_line_counters_nothing() -> None:
    """The coach moves in line 5; the client, who has lines 8 and 9, in line 9."""
    script = CALL + "0:27 client: She never went there, she hated the well."
    found = moves(5, 9, script=script, phases=(*EXPLORING, Phase.EXPLORATION))
    assert {m.utterance: m.taken_up for m in found}["u005"] is True


def test_own_moves_counter_nothing() -> None:
    """The coach moves in lines 5 and 7."""
    assert {m.utterance: m.taken_up for m in moves(5, 7)}["u005"] is True


def test_the_last_line_is_taken_up_by_nobody() -> None:
    """Nobody says anything after it: whether it was taken up is not known."""
    assert [m.taken_up for m in moves(8)] == [None]
