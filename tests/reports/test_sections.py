"""What is chosen and said in each part of a report."""

from __future__ import annotations

from processor.model.session import Doubt
from processor.model.verdicts import FindingKind, Verdict
from reports.audience import Audience
from tests.builders import event, figure, findings, move
from tests.reports.calls import context, ordinary, report

_LONG = "and so on and on and on and on and on and on and on"


def _answered(line: str, *, answer: str = _LONG) -> str:
    return f"0:01 coach: {line}\n0:30 client: {answer}\n2:00 coach: mm-hm"


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
    script = f"0:01 coach: What does it tell you?  [invite_meaning]\n0:05 client: {_LONG}\n0:09 coach: Well I think so."
    cut = [event("interruption", "coach", "0:09", "u003", over="u002")]
    assert [m.line for m in report(call=findings(script, floor=cut)).moments] == ["You asked what it means."]
    assert [m.line for m in report(call=findings(script)).moments] == [
        "You asked what it means; the meaning came from your client."
    ]


def test_no_moment_is_named_below_the_confidence_where_labels_hold() -> None:
    """At 0.69 nothing is said of it; the report says that it names none."""
    low = report(call=findings(_answered("What does it tell you?  [invite_meaning 0.69]")))
    high = report(call=findings(_answered("What does it tell you?  [invite_meaning 0.7]")))
    assert (low.moments, bool(low.no_moments)) == ((), True)
    assert (len(high.moments), high.no_moments) == (1, "")


def test_a_moment_is_less_surely_named_where_the_recording_was_hard_to_hear() -> None:
    """As for the figures, a poor recording takes one step; a fair one takes none."""
    heard = [report(call=ordinary(doubt=Doubt(grade))) for grade in ("fair", "poor")]
    assert [(r.moments[0].sure, r.hear_again.sure) for r in heard] == [("sure", "sure"), ("fairly sure", "fairly sure")]
    assert [r.headlines[1].sure for r in heard] == ["sure", "fairly sure"]


def test_a_question_without_an_answer_is_no_moment_that_worked() -> None:
    """Two words are not taken up."""
    assert report(call=findings(_answered("What does it tell you?  [invite_meaning]", answer="No idea."))).moments == ()


def test_a_moment_that_also_leads_away_is_not_praised() -> None:
    """Words given back together with advice are left alone."""
    assert report(call=findings(_answered("So tired, so rest.  [reflect 0.9, advise 0.6]"))).moments == ()


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


def test_changes_of_course_are_counted_by_their_chances() -> None:
    """Client 0.8 + 0.75 = 1.55, about 2; coach 0.9, about 1."""
    assert report().led.counts == "About 3 changes of course: 2 by your client, 1 by you."


def test_that_both_led_is_not_said_in_a_way_the_counts_could_contradict() -> None:
    """Who led is read from more than the counts, so it claims no equal parts."""
    assert report(call=ordinary(led_by="shared")).led.line == "You and your client both led."


def test_where_the_counts_point_elsewhere_the_report_says_what_else_counts() -> None:
    """2 changes by the client, 1 by the coach, and yet the coach led: by telling."""
    led = report(call=ordinary(led_by="coach")).led
    assert led.line == "You led more than your client."
    assert led.counts.endswith("2 by your client, 1 by you. How much was told or asked counts too.")
    assert "told" not in report().led.counts


def test_the_rest_of_the_list_is_counted_as_the_line_above_it_counts() -> None:
    """Client 0.7 + 0.4 + 0.3 is about 1, coach 0.8 + 0.8 + 0.4 + 0.4 about 2: 3, not the 4 of 3.8; three are listed."""
    moves = [move("u002", "client", confidence=chance) for chance in (0.7, 0.4, 0.3)]
    moves += [move("u008", "coach", confidence=chance) for chance in (0.8, 0.8, 0.4, 0.4)]
    led = report(call=ordinary(moves=moves)).led
    assert (led.counts.split(":")[0], len(led.moves), led.note) == ("About 3 changes of course", 3, "")


def test_where_all_moves_are_listed_no_rest_is_spoken_of() -> None:
    """0.6 by each, and both are listed; with three more at 0.4 it is about 3, and two of them are."""
    moves = [move("u002", who, confidence=0.6) for who in ("client", "coach")]
    assert report(call=ordinary(moves=moves)).led.note == ""
    unlikely = [move(f"u00{i}", "client", confidence=0.4) for i in (2, 4, 6)]
    listed = report(call=ordinary(moves=[*moves, *unlikely])).led
    assert listed.note == "Listed here: 2 of them. The rest are too unsure one by one."


def test_choices_are_counted_as_people_count_them() -> None:
    """3.2 offered, 2.1 taken; then one, and one that was likelier not taken."""
    assert report().led.choices == "You offered about 3 choices; 2 taken up at once."
    once = [figure("choices_offered_coach", 1.1, 0, 2), figure("choices_taken_client", 0.4, 0, 1)]
    assert report(call=ordinary(measures=once)).led.choices == "You offered about 1 choice; none taken up at once."


def test_a_move_that_is_less_likely_than_not_is_not_listed() -> None:
    """Two at 0.4 are together about one change of course, and neither can be pointed to."""
    unlikely = [move("u002", "client", confidence=0.4), move("u004", "client", confidence=0.4)]
    led = report(call=ordinary(moves=unlikely)).led
    assert (led.moves, led.counts) == ((), "About 1 change of course: 1 by your client, none by you.")


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
    assert report(call=ordinary(coverage=coverage)).experiment.why == "A check-in on the way was perhaps heard."


def test_where_all_was_heard_there_is_something_to_play_with() -> None:
    """No gap is made up."""
    heard = "agreement heard, check_in heard, meaning heard, action heard, close heard"
    assert report(call=ordinary(coverage=heard)).experiment.why == "All five places were heard. To play with:"


def test_what_the_coach_does_already_is_not_offered() -> None:
    """A usual pause of 1.2 s needs no counting to three; an observation at 0.55 is likely enough not to be advised."""
    heard = "agreement heard, check_in heard, meaning heard, action heard, close heard"
    built = report(call=ordinary(coverage=heard), earlier=())
    assert built.experiment.ids == ("open.1", "open.2")
    observed = findings(_answered("Could be nothing.  [observe 0.55, reflect 0.81]"), coverage=heard)
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
    script = f"0:01 coach: Shall we stop?  [ask_close, {{}}]\n0:05 client: {_LONG}\n0:30 coach: mm-hm"
    shown = [
        report(Audience.CLIENT, findings(script.format(form))).own_words[1][1]
        for form in ("closed_question", "open_question")
    ]
    assert [len(moments) for moments in shown] == [0, 1]


def test_what_follows_a_closed_question_about_action_is_a_next_step() -> None:
    """"By when?" asks for a date; the answer is a step all the same."""
    asked = "0:01 coach: By when will you ask her?  [ask_action, closed_question]"
    title, shown = report(Audience.CLIENT, findings(f"{asked}\n0:05 client: {_LONG}\n0:30 coach: mm-hm")).own_words[2]
    assert title == "What you said about next steps"
    assert len(shown) == 1


def test_a_client_is_told_their_own_share_of_leading_and_no_more() -> None:
    """1.55 of theirs is about 2, 0.9 of the coach's about 1: 2 of 3."""
    led = report(Audience.CLIENT).led
    assert led.line == "Of about 3 changes of course, 2 came from you."
    assert (led.counts, led.choices, led.moves) == ("", "", ())


def test_the_report_says_how_many_of_the_findings_it_got_right() -> None:
    """Two of the three that the coach checked; nobody else is told."""
    verdicts = tuple(Verdict(FindingKind.SIGNAL, "advise", at, right=at < 3) for at in (1, 2, 3))
    said = "You called 2 of the 3 findings you checked right."
    assert said in report(verdicts=verdicts).limits
    assert said not in report(Audience.SUPERVISOR, verdicts=verdicts).limits
