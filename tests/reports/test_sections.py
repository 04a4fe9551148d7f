"""What is chosen and said in each part of a report."""

from __future__ import annotations

from processor.model.verdicts import FindingKind, Verdict
from reports.audience import Audience
from reports.letter import letter
from tests.builders import findings
from tests.reports.calls import LONG, answered, context, ordinary, report


def test_the_time_of_a_place_in_the_mail_is_that_of_its_best_question() -> None:
    """At 0:30 the coach asks for a date, a little more surely; at 1:00 for the client's own plan."""
    script = "0:30 coach: Thursday or Friday?  [ask_action 0.95, closed_question 0.9]\n0:33 client: I would wait.\n"
    script += "1:00 coach: What is your plan?  [ask_action 0.93, open_question 0.9]\n1:03 client: To call her first."
    built = report(call=findings(script, coverage="action heard u001 u002 u003 u004"))
    (line,) = [line for line in built.coverage if line.id == "action"]
    assert ([place.clock for place in line.places], line.best.clock) == (["0:30", "1:00"], "1:00")
    assert "next steps (1:00)" in letter(built).text


def test_the_experiment_is_for_what_was_not_heard() -> None:
    """Here the close."""
    experiment = report().experiment
    assert experiment.why == "Closing together was not heard."
    assert len(experiment.options) == 2


def test_the_experiment_turns_over_sessions() -> None:
    """Two sessions running do not bring the same first question."""
    first, second = (report(earlier=context().earlier[:n]).experiment.options for n in (0, 1))
    assert first[0] != second[0]


def test_an_experiment_that_was_tried_steps_back() -> None:
    """Fresh questions come first."""
    offered = report().experiment.ids
    assert set(report(tried=offered).experiment.ids).isdisjoint(offered)


def test_what_could_not_be_told_is_never_said_to_have_been_heard() -> None:
    """Then the experiment is for that place, and says so."""
    coverage = "agreement heard, check_in cannot_tell, meaning heard, action heard, close heard"
    why = report(call=ordinary(coverage=coverage)).experiment.why
    assert why == "Whether you checked in on the way cannot be told."


def test_where_all_was_heard_there_is_something_to_play_with() -> None:
    """No gap is made up."""
    heard = "agreement heard, check_in heard, meaning heard, action heard, close heard"
    assert report(call=ordinary(coverage=heard)).experiment.why == "All five places were heard. To play with:"


def test_what_the_coach_does_already_is_not_offered() -> None:
    """A usual pause of 1.2 s needs no counting to three; an observation at 0.55 is likely enough not to be advised."""
    heard = "agreement heard, check_in heard, meaning heard, action heard, close heard"
    built = report(call=ordinary(coverage=heard), earlier=())
    assert built.experiment.ids == ("open.1", "open.2")
    observed = findings(answered("Could be nothing.  [observe 0.55, reflect 0.81]"), coverage=heard)
    assert report(call=observed, earlier=()).experiment.ids == ("open.0", "open.2")


def test_a_question_stands_in_quotes_and_something_to_do_does_not() -> None:
    """One is to be said, the other is not."""
    heard = "agreement heard, check_in heard, meaning heard, action heard, close heard"
    assert report().experiment.options[0].startswith("\u201c")
    assert report(call=ordinary(coverage=heard), earlier=()).experiment.options[0].startswith("Offer")


def test_a_guess_stands_beside_what_was_heard() -> None:
    """Share, interruptions, course."""
    assert report().guess == (
        "You spoke: guessed 30%, heard 30%.",
        "You cut in: guessed 2, heard about 1.",
        "Who led: guessed your client, heard your client.",
    )


def test_what_the_client_said_they_want_is_on_their_page_in_their_words() -> None:
    """The answer to the coach's question about the aim; no word of the coach."""
    title, (aim,) = report(Audience.CLIENT).own_words[0]
    assert title == "What you wanted from this session"
    assert aim.quotes[0].words.startswith("I want to find out")


def test_what_follows_a_closed_question_is_not_shown_as_a_learning() -> None:
    """"Shall we stop here?" asks for no more than yes."""
    script = f"0:01 coach: Shall we stop?  [ask_close, {{}}]\n0:05 client: {LONG}\n0:30 coach: mm-hm"
    shown = [
        report(Audience.CLIENT, findings(script.format(form))).own_words[1][1]
        for form in ("closed_question", "open_question")
    ]
    assert [len(moments) for moments in shown] == [0, 1]


def test_what_follows_a_closed_question_about_action_is_a_next_step() -> None:
    """"By when?" asks for a date; the answer is a step all the same."""
    asked = "0:01 coach: By when will you ask her?  [ask_action, closed_question]"
    title, shown = report(Audience.CLIENT, findings(f"{asked}\n0:05 client: {LONG}\n0:30 coach: mm-hm")).own_words[2]
    assert title == "What you said about next steps"
    assert len(shown) == 1


def test_the_report_says_how_many_of_the_findings_it_got_right() -> None:
    """Two of the three that the coach checked; nobody else is told."""
    verdicts = tuple(Verdict(FindingKind.SIGNAL, "advise", at, right=at < 3) for at in (1, 2, 3))
    said = "You called 2 of the 3 findings you checked right."
    assert said in report(verdicts=verdicts).limits
    assert said not in report(Audience.SUPERVISOR, verdicts=verdicts).limits
