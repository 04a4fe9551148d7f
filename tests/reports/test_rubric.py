"""A rubric laid beside a session: heard, partly, not heard, cannot tell, with times; never a result."""

from __future__ import annotations

import re

import pytest

from processor.model.catalogue import SPEC_OF
from processor.model.reading import SignalId
from reports.audience import Audience
from reports.report import MarkerLine
from reports.rubric import load
from tests.builders import findings, ratio
from tests.reports.calls import ordinary, report

_REACH = {"strong", "good", "fair", "human"}


def _marker(number: str, script: str = "", audience: Audience = Audience.COACH) -> MarkerLine:
    call = findings(script) if script else ordinary()
    rubric = report(audience, call).rubric
    assert rubric is not None
    return next(line for line in rubric.markers if line.number == number)


def test_the_pcc_set_has_its_thirty_seven_markers_in_order() -> None:
    """4 of competency 3, 4 of 4, 5 of 5, 7 of 6, 8 of 7, 9 of 8."""
    numbers = [marker["number"] for marker in load("pcc_2020")["marker"]]
    counts = {"3": 4, "4": 4, "5": 5, "6": 7, "7": 8, "8": 9}
    assert numbers == [f"{group}.{i}" for group, count in counts.items() for i in range(1, count + 1)]


def test_every_marker_says_how_far_a_machine_can_speak_to_it() -> None:
    """With signals or measures that exist; one for humans has neither."""
    for marker in load("pcc_2020")["marker"]:
        assert marker["reach"] in _REACH
        assert all(SignalId(signal) for signal in marker.get("signals", []))
        assert marker.get("figure", "talk_share_coach") in SPEC_OF
        assert (marker["reach"] == "human") == ("signals" not in marker and "figure" not in marker)


def test_a_marker_is_heard_when_its_signal_was_answered() -> None:
    """The question at 2:40 about where the client stands."""
    line = _marker("8.1")
    assert (line.state, [place.clock for place in line.places]) == ("heard", ["2:40"])


def test_a_marker_without_an_answer_is_partly_heard() -> None:
    """A question that nobody answered is half of it."""
    assert _marker("8.1", "0:01 client: So.\n0:05 coach: Where are you now?  [check_in 0.9]").state == "partly"


def test_a_marker_that_shares_its_signal_with_others_is_never_more_than_perhaps_heard() -> None:
    """Which of the family it was, only a listener can tell."""
    assert _marker("8.1").state_text == "heard"
    assert (_marker("3.2").state, _marker("3.2").state_text) == ("partly", "perhaps heard")


@pytest.mark.parametrize("number", ["3.1", "6.2", "7.1", "8.5"])
def test_asking_is_not_yet_what_the_marker_asks_for(number: str) -> None:
    """A session may be asked about and then overruled, a question look at somebody else, a plan be dictated."""
    assert _marker(number).state_text == "perhaps heard"


def test_words_given_back_are_not_yet_looked_into() -> None:
    """An echo speaks for 6.7 alone."""
    script = "0:01 client: A cemetery.\n0:05 coach: A cemetery.  [reflect 0.9]\n0:07 client: Yes, each time."
    assert [_marker(number, script).state for number in ("6.2", "6.7")] == ["not_heard", "heard"]


def test_asking_to_stop_is_perhaps_deciding_together() -> None:
    """The same question may be one about what was learnt."""
    script = "0:01 client: So.\n0:05 coach: Are we good to wrap?  [ask_close 0.9]\n0:07 client: Yes, we are good."
    assert _marker("8.9", script).state_text == "perhaps heard"


def test_a_correction_that_nobody_made_speaks_for_no_marker() -> None:
    """The client's "right" before it is no correction; "no" is."""
    script = "0:01 client: {}\n0:05 coach: Spread thin, then.  [accept_correction 0.9]\n0:07 client: Yes, very thin."
    states = [_marker("4.4", script.format(said)).state for said in ("That is right.", "No, spread thin.")]
    assert states == ["not_heard", "partly"]


def test_room_for_silence_is_what_the_coach_left() -> None:
    """Not the pauses that the client ended."""
    call = ordinary(measures=[ratio("wait_over_2s_share_coach", 2, 10)])
    rubric = report(call=call).rubric
    assert rubric is not None
    (line,) = [marker for marker in rubric.markers if marker.number == "5.5"]
    assert line.state_text == "see \u201cYou left two seconds or more\u201d"


def test_not_heard_needs_all_utterances_to_speak_against_it() -> None:
    """At 0.29 not heard; at 0.3 it cannot be told; at 0.7 it is heard."""
    script = "0:01 coach: And now?  [check_in {}]\n0:05 client: I have come a long way with that today."
    states = [_marker("8.1", script.format(p)).state for p in ("0.29", "0.3", "0.7")]
    assert states == ["not_heard", "cannot_tell", "heard"]


def test_what_only_a_human_can_tell_is_left_to_a_human() -> None:
    """Energy and body are not in the words."""
    assert _marker("6.4").state_text == "for a human"


def test_a_marker_with_a_figure_points_to_it_and_does_not_show_it() -> None:
    """Beside a marker, a figure would read as a mark."""
    assert _marker("7.8").state_text == "see \u201cYou spoke\u201d"


@pytest.mark.parametrize("audience", [Audience.COACH, Audience.SUPERVISOR])
def test_a_rubric_never_sums_up(audience: Audience) -> None:
    """No percentage, no count of markers, no pass or fail."""
    rubric = report(audience).rubric
    assert rubric is not None
    said = " ".join([rubric.title, rubric.note, *(f"{m.text} {m.state_text} {m.reach}" for m in rubric.markers)])
    assert re.findall(r"%|\bpass|\bfail|\bof 37\b|\bscore", said, re.IGNORECASE) == []
