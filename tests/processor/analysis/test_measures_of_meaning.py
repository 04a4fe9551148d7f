"""Measures of meaning from probabilities given by hand."""

from __future__ import annotations

import pytest

from processor.analysis.measures.meaning import MEANT
from processor.analysis.measures.reading import Reading
from processor.analysis.measures.view import Parts, view_of
from processor.analysis.script import write_script
from processor.analysis.utterances import find_stretches
from processor.knowledge.loading import FOLDER, read_lexicon
from processor.model.catalogue import Reason
from processor.model.people import Role
from processor.model.reading import Move, Phase, PhaseSpan, SignalId
from processor.model.segment import Segment
from tests import builders

LEXICON = read_lexicon(FOLDER / "en" / "lexicon.toml")
ROLES = {"SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT}
CALL = """
    0:01-0:03 coach: What about the garden?     [open_question 0.8, invite_meaning 0.5]
    0:04-0:10 client: The garden frightens me, it belongs to my mother.
    0:11-0:13 coach: Sell the house.             [advise 0.9]
    0:14-0:18 client: The house holds everything we planted.
    0:19-0:21 coach: You planted it.             [reflect 0.6]
    0:22-0:30 client: Yes, with my mother, before the storm.
"""


def reading(script: str = CALL, moves: tuple[Move, ...] = (), phases: tuple[PhaseSpan, ...] = ()) -> Reading:
    session = builders.session(script, duration_ms=60_000)
    found = builders.findings(script)
    lines = write_script(find_stretches(session, LEXICON), frozenset(), ROLES, LEXICON)
    given = {r.utterance: {s.id: s.confidence for s in r.signals} for r in found.readings}
    ids = tuple(found.utterances[line.number].id for line in lines.lines)
    signals = tuple(
        dict.fromkeys(SignalId, 0.0) | given[ids[i]] if line.role is Role.COACH else {}
        for i, line in enumerate(lines.lines)
    )
    even = ((0.25,) * 4,) * len(lines.lines)
    view = view_of(session, found.utterances, ROLES)
    return Reading(view, lines, ids, signals, (), phases, even, moves, LEXICON)


def parts(name: str, given: Reading | None = None) -> Parts:
    found = MEANT[name](given or reading())
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
    assert MEANT["reflections_per_question_coach"](reading()) is Reason.TOO_FEW_CASES


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
    assert parts("move_share_client", reading(moves=moves)).number == pytest.approx(1.4 / 2.0)


def test_two_moves_are_too_few_for_a_share() -> None:
    assert MEANT["move_share_client"](reading(moves=(builders.move("u002", "client"),) * 2)) is Reason.TOO_FEW_CASES


def test_phase_shares() -> None:
    """15 of 60 s."""
    spans = (
        PhaseSpan(Phase.OPENING, Segment(0, 15_000)),
        PhaseSpan(Phase.EXPLORATION, Segment(15_000, 60_000)),
    )
    assert parts("phase_share_opening", reading(phases=spans)).number == 0.25
    assert MEANT["first_action_at"](reading(phases=spans)) is Reason.PHASE_NOT_FOUND


def test_an_interruption_balance_that_may_be_chance_is_not_given() -> None:
    """Nobody came in on anybody: no difference to speak of."""
    assert MEANT["interruption_balance_coach"](reading()) is Reason.COULD_BE_CHANCE
