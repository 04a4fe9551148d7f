"""What is said to have worked, and what to hear again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from processor.model.segment import Segment
from processor.model.session import Doubt
from tests.builders import event, findings
from tests.reports.calls import LONG, answered, ordinary, report


def test_a_moment_that_worked_is_a_partnering_signal_that_the_client_took_up() -> None:
    """The two clearest are named, in order of time: what the time is for, and where they are now."""
    assert [(moment.place.clock, moment.line) for moment in report().moments] == [
        ("0:01", "You asked what this time is for; your client set it."),
        ("2:40", "You asked where your client stood; your client told you."),
    ]


def test_an_answer_that_the_coach_cut_short_is_no_moment_that_worked() -> None:
    """At 0:41 the coach asks what the quiet tells and at 1:05 comes in on the answer; else it would be named."""
    assert "0:41" not in [moment.place.clock for moment in report().moments]
    assert "0:41" in [moment.place.clock for moment in report(call=ordinary(floor=[])).moments]


def test_where_every_answer_was_cut_short_the_asking_is_named_and_no_more() -> None:
    """What the coach did stands; what came of it is not claimed."""
    script = f"0:01 coach: What does it tell you?  [invite_meaning]\n0:05 client: {LONG}\n0:09 coach: Well I think so."
    cut = [event("interruption", "coach", "0:09", "u003", over="u002")]
    assert [m.line for m in report(call=findings(script, floor=cut)).moments] == ["You asked what it means."]
    assert [m.line for m in report(call=findings(script)).moments] == [
        "You asked what it means; the meaning came from your client."
    ]


def test_no_moment_is_named_below_the_confidence_where_labels_hold() -> None:
    """At 0.69 nothing is said of it; the report says that it names none."""
    low = report(call=findings(answered("What does it tell you?  [invite_meaning 0.69]")))
    high = report(call=findings(answered("What does it tell you?  [invite_meaning 0.7]")))
    assert (low.moments, bool(low.no_moments)) == ((), True)
    assert (len(high.moments), high.no_moments) == (1, "")


def test_a_moment_is_less_surely_named_where_the_recording_was_hard_to_hear() -> None:
    """As for the figures, a poor recording takes one step; a fair one takes none."""
    heard = [report(call=ordinary(doubt=Doubt(grade))) for grade in ("fair", "poor")]
    assert [(r.moments[0].sure, r.hear_again.sure) for r in heard] == [("sure", "sure"), ("fairly sure", "fairly sure")]
    assert [r.headlines[1].sure for r in heard] == ["sure", "fairly sure"]


def test_a_question_without_an_answer_is_no_moment_that_worked() -> None:
    """Two words are not taken up."""
    assert report(call=findings(answered("What does it tell you?  [invite_meaning]", answer="No idea."))).moments == ()


def test_a_moment_that_also_leads_away_is_not_praised() -> None:
    """Words given back together with advice are left alone."""
    assert report(call=findings(answered("So tired, so rest.  [reflect 0.9, advise 0.6]"))).moments == ()


def _corrected(before: str) -> list[tuple[str, str]]:
    script = f"0:01 coach: It looked like pride.\n0:03 client: {before}\n0:10 coach: Ashamed, not proud.  "
    built = report(call=findings(f"{script}[accept_correction 0.97]\n0:13 client: Yes, that is it."))
    return [(moment.line, moment.sure) for moment in built.moments]


@pytest.mark.parametrize(
    "before",
    ["No. No, it was not pride.", "Pride... no, not pride.", "Well, it's not pride.", "Um, I don\u2019t think so."],
)
def test_a_correction_that_was_taken_is_one_that_the_client_made_in_words(before: str) -> None:
    """And it is never called sure, for listeners agree least on it."""
    assert _corrected(before) == [("Your client saw it another way; you let that stand.", "fairly sure")]


@pytest.mark.parametrize("before", ["Huh. I don't... hm.", "Just don't tell me I'm brilliant.", "Now that is an idea."])
def test_no_correction_was_taken_where_the_client_made_none(before: str) -> None:
    """However likely the reading calls it."""
    assert _corrected(before) == []


def test_of_an_answer_to_an_observation_no_more_is_said_than_that_it_came() -> None:
    """The client may have answered the question beside it; and listeners agree too little to call it sure."""
    call = findings(answered("Your hands went still there. What is clear?  [observe 0.99, open_question]"))
    (moment,) = report(call=call).moments
    assert (moment.line, moment.sure) == ("You shared an observation lightly; your client went on.", "fairly sure")


def test_two_starts_of_one_voice_do_not_read_as_one_sentence() -> None:
    """"Then I'll send" ends at 9.0 s and "No, you." begins at 9.6 s: one utterance, and three dots in it."""
    script = "0:01 client: I wanted only\n0:08 coach: Then I'll send\n0:09.6 coach: No, you."
    call = findings(script)
    first, second = call.utterances[1:]
    span = Segment(first.segment.start_ms, second.segment.end_ms)
    joined = replace(first, segment=span, words=first.words + second.words)
    cut = [event("interruption", "coach", "0:08", "u002", over="u001")]
    once = replace(call, utterances=(call.utterances[0], joined), readings=call.readings[:2], floor=tuple(cut))
    assert [q.words for q in report(call=once).hear_again.quotes] == ["Then I'll send \u2026 No, you."]


def test_two_utterances_of_a_turn_stand_apart_in_a_quote() -> None:
    """The client stops at 9.7 s and begins anew at 12 s, in the same turn."""
    script = f"0:01 coach: What now?  [ask_action, open_question]\n0:05 client: {LONG}\n0:12 client: I will ask her."
    (moment,) = report(call=findings(script), may_quote_client=True).moments
    assert moment.quotes[1].words == f"{LONG} \u2026 I will ask her."


def test_what_to_hear_again_is_what_was_heard_most_surely_with_time_before_it() -> None:
    """The interruption at 1:05 (0.90) is surer than the advice there (0.88); the window opens 20 s before."""
    again = report().hear_again
    assert (again.place.clock, again.until.clock) == ("0:45", "2:00")
    assert again.ask == "You came in at 1:05. What became of what your client was saying?"


def test_an_announced_interruption_is_not_held_up() -> None:
    """Its purpose was said; the advice is heard again instead."""
    floor = [event("interruption", "coach", "1:05", "u008", announced=True)]
    assert report(call=ordinary(floor=floor)).hear_again.ask == "Whose idea was the next step at 1:05?"


def test_the_longest_stretch_is_looked_for_after_the_opening() -> None:
    """In the opening it is the story that they bring; 44 words at 0:03 lose to 40 at 2:00."""
    script = f"0:01 coach: Go on.\n0:03 client: {'and ' * 44}\n1:50 coach: Yes go on\n2:00 client: {'so ' * 40}"
    again = report(call=findings(script, phases="opening 0:00, exploration 1:50")).hear_again
    assert again.line == "At 2:00 your client began a long stretch."


def test_where_nothing_calls_for_a_second_hearing_the_longest_stretch_does() -> None:
    """With a question about what made room, not about what went wrong."""
    call = findings("0:01 coach: Go on.\n0:03-1:00 client: " + "and " * 40 + "\n1:02 coach: mm-hm okay well")
    assert report(call=call).hear_again.ask == "What made room for it?"
