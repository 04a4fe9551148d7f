"""What a person said of a finding stands in place of its chance; every other chance stays."""

from __future__ import annotations

import pytest

from processor.analysis.coming_in import ComingIn
from processor.analysis.floor import Moment
from processor.analysis.judged import judged_leads, judged_moments, judged_signals
from processor.analysis.script import write_script
from processor.analysis.utterances import find_stretches
from processor.knowledge.loading import FOLDER, read_lexicon
from processor.model.floor import FloorKind
from processor.model.people import Role
from processor.model.reading import SignalId
from processor.model.verdicts import FindingKind, Verdict
from tests import builders

LEXICON = read_lexicon(FOLDER / "en" / "lexicon.toml")
STRETCHES = find_stretches(
    builders.session("""
    0:01 coach: What would you like to look at today?
    0:06-0:12 client: The garden, and what my mother would have
    0:11 coach: Sell the house.
"""),
    LEXICON,
)
ROLES = {"SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT}
SCRIPT = write_script(STRETCHES, frozenset(), ROLES, LEXICON)
CUT_IN = Moment(
    ComingIn(own=2, over=1, dual=False, goes_on_ms=1000, row=()),
    {FloorKind.INTERRUPTION: 0.6, FloorKind.COMPLETION: 0.2},
)


@pytest.mark.parametrize("name", ["topic", "direction", "phase"])
def test_a_verdict_on_a_move_holds_whatever_its_kind(name: str) -> None:
    """Wrong at 0:01 is impossible, right at 0:06 certain, and 0:11, of which nobody said anything, keeps its 0.4."""
    verdicts = [Verdict(FindingKind.MOVE, name, 1_000, right=False), Verdict(FindingKind.MOVE, name, 6_000, right=True)]
    assert judged_leads([0.8, 0.1, 0.4], SCRIPT, verdicts) == (0.0, 1.0, 0.4)


def test_a_verdict_on_a_signal_is_none_on_the_move() -> None:
    """Advice found at 0:11 is wrong: that the line leads stays as likely as it was."""
    verdicts = [Verdict(FindingKind.SIGNAL, "advise", 11_000, right=False)]
    assert judged_leads([0.8, 0.1, 0.4], SCRIPT, verdicts) == (0.8, 0.1, 0.4)


def test_a_verdict_on_a_signal_is_on_that_signal_of_that_line() -> None:
    """Advice at 0:11 is right; the question in the same line and advice in another keep their chances."""
    chances = ({SignalId.ADVISE: 0.3}, {}, {SignalId.ADVISE: 0.6, SignalId.OPEN_QUESTION: 0.2})
    verdicts = [Verdict(FindingKind.SIGNAL, "advise", 11_000, right=True)]
    assert judged_signals(chances, SCRIPT, verdicts) == (
        {SignalId.ADVISE: 0.3},
        {},
        {SignalId.ADVISE: 1.0, SignalId.OPEN_QUESTION: 0.2},
    )


@pytest.mark.parametrize(("right", "chance"), [(True, 1.0), (False, 0.0)])
def test_a_verdict_on_a_coming_in_is_on_its_kind(right: bool, chance: float) -> None:  # noqa: FBT001 - a column of a table
    """An interruption at 0:11 is right or wrong; that it finished the other's sentence stays as likely as it was."""
    (judged,) = judged_moments([CUT_IN], STRETCHES, [Verdict(FindingKind.FLOOR, "interruption", 11_000, right=right)])
    assert judged.chances == {FloorKind.INTERRUPTION: chance, FloorKind.COMPLETION: 0.2}
    assert judged.coming == CUT_IN.coming


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(FindingKind.FLOOR, "interruption", 6_000, right=False),  # when the one who was cut off began
        Verdict(FindingKind.MOVE, "direction", 11_000, right=False),
    ],
)
def test_a_verdict_on_something_else_leaves_a_coming_in(verdict: Verdict) -> None:
    """Another time, or another finding at that time: the coming-in stays as it was."""
    assert judged_moments([CUT_IN], STRETCHES, [verdict]) == (CUT_IN,)
