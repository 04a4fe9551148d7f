"""Comings-in, questions, figures and silences: how they are counted and said."""

from __future__ import annotations

from dataclasses import replace

from processor.model.people import Sure
from processor.model.segment import Segment
from tests.builders import event, figure, findings, missing, ratio
from tests.reports.calls import ordinary, report


def test_coming_in_is_counted_by_chances_and_completions_are_not_counted() -> None:
    """0.9 + 0.8 + 0.4 = 2.1 is about 2, two of them named; a completion at 0.7 is named too, one at 0.69 is not."""
    floor = [
        event("interruption", "coach", "1:05", "u008"),
        event("interruption", "coach", "2:40", "u010", confidence=0.8),
        event("interruption", "coach", "3:10", "u012", confidence=0.4),
        event("completion", "client", "0:20", "u004", confidence=0.7),
        event("completion", "coach", "3:30", "u014", confidence=0.69),
    ]
    lines = report(call=ordinary(floor=floor, measures=[])).floor
    assert [(line.who, line.count, len(line.places)) for line in lines] == [
        ("You", "about 2", 2),
        ("Your client", "not counted", 1),
    ]


def test_cutting_in_is_counted_once_for_the_whole_report() -> None:
    """The figure knows of the unlikely ones too: 2.6 is about 3 in the six lines and in the list."""
    figures = [ratio("interruptions_coach", 2.6, 0.5, doubt=1.0), ratio("interruptions_client", 0.0, 0.5)]
    built = report(call=ordinary(measures=figures))
    assert next(n for n in built.headlines if n.id == "cutting_in").value.startswith("about 3 ")
    assert built.floor[0].count == "about 3"


def test_an_announced_coming_in_is_told_beside_the_count() -> None:
    """The count leaves it out."""
    announced = event("interruption", "coach", "2:40", "u010", announced=True)
    floor = [event("interruption", "coach", "1:05", "u008"), announced]
    assert "1 more came with the purpose announced." in report(call=ordinary(floor=floor)).floor[0].meaning


def test_where_a_thought_was_lost_is_said_as_people_say_it() -> None:
    """There, in both, in all 3, in 1 of the 2."""
    at = [("1:05", "u008"), ("2:40", "u010"), ("3:10", "u012")]
    said = []
    for lost, every in ((1, 1), (2, 2), (3, 3), (1, 2)):
        floor = [event("interruption", "coach", *at[i], resumed=i >= lost) for i in range(every)]
        said.append(report(call=ordinary(floor=floor)).floor[0].meaning.split(". ")[1].split(",")[0])
    assert said == ["There", "In both places named", "In all 3 places named", "In 1 of the 2 places named"]


def test_starting_together_is_one_line_of_both() -> None:
    """Each voice has its own event of the same start; it has no direction."""
    together = [event("simultaneous", who, "1:05", name) for who, name in (("coach", "u008"), ("client", "u009"))]
    lines = report(call=ordinary(floor=together)).floor
    assert [(line.who, line.count) for line in lines] == [("Both", "about 1")]


def test_a_count_with_no_place_to_point_to_says_so() -> None:
    """Three at 0.4 are about one, and none of them is likely enough to be named."""
    unlikely = [event("interruption", "coach", at, "u008", confidence=0.4) for at in ("1:05", "2:40", "3:10")]
    (line,) = report(call=ordinary(floor=unlikely, measures=[])).floor
    assert (line.count, line.places) == ("about 1", ())
    assert line.meaning.endswith("No place is sure enough to point to.")


def test_questions_are_listed_by_form_with_their_places() -> None:
    """5.1 open, 0.9 closed, 1 turn of 6 stacked; leading ones were not measured here."""
    lines = report().questions
    assert [(line.kind, line.count) for line in lines] == [
        ("Open", "about 5"), ("Closed", "about 1"), ("Stacked", "1"),
    ]


def test_a_question_is_listed_once_as_what_it_is_likelier_to_be() -> None:
    """The one at 0:01 is open at 0.97 and closed at 0.75, the one at 0:30 closed only; both forms count the first."""
    call = findings(
        "0:01 coach: So, who is she? Is she here?  [open_question 0.97, closed_question 0.75]\n0:05 client: She is.\n"
        "0:30 coach: Is she?  [closed_question 0.9]",
        measures=[
            replace(figure(f"signal_count_{form}_question", 1.7, 1, 2), evidence=evidence)
            for form, evidence in (("open", ("u001",)), ("closed", ("u001", "u003")))
        ],
    )
    built = report(call=call)
    places = [("open", ["0:01"]), ("closed", ["0:30"])]
    assert [(line.kind.lower(), [p.clock for p in line.places]) for line in built.questions] == places
    listed = [[p.clock for p in number.evidence] for number in built.numbers]
    assert listed == [["0:01"], ["0:30"]]


def test_a_correction_that_nobody_made_is_listed_nowhere() -> None:
    """It stays in the count, which is a sum of chances; "right" before it is no correction, "no" is."""
    script = "0:01 client: {}\n0:05 coach: Spread thin, then.  [accept_correction 0.9]\n0:07 client: Yes, very thin."
    counted = replace(figure("signal_count_accept_correction", 0.9, 0, 2), evidence=("u002",))
    found = [
        [place.clock for place in report(call=findings(script.format(said), measures=[counted])).numbers[0].evidence]
        for said in ("That is right.", "No, spread thin.")
    ]
    assert found == [[], ["0:05"]]


def test_questions_are_counted_one_way() -> None:
    """17 open and 8 closed, 24 turns of which none asked twice: no third and fourth total beside them."""
    measures = [
        ratio("questions_coach", 23.3, 1.0), ratio("open_question_share_coach", 16.6, 25.0),
        ratio("stacked_question_share_coach", 0, 24), ratio("reflections_per_question_coach", 9.9, 23.8),
    ]  # fmt: skip
    assert [number.parts for number in report(call=ordinary(measures=measures)).numbers] == [
        "", "about 17 open, about 8 closed", "0 of 24 turns with a question", "",
    ]


def test_the_ranges_of_the_questions_stand_behind_their_line() -> None:
    """4 to 6 open, 0 to 2 closed; the mail has no room for them."""
    line = next(n for n in report().headlines if n.id == "questions")
    assert line.parts == "4 to 6 open, 0 to 2 closed"


def test_less_than_half_a_case_of_few_is_told_in_words() -> None:
    """0.3 of 2 expected times."""
    measure = ratio("advice_with_permission_share_coach", 0.3, 2.0)
    assert report(call=ordinary(measures=[measure])).numbers[0].value == "none or one of 2 times"


def test_there_are_six_headlines_and_each_says_how_sure_it_is() -> None:
    """Share, longest stretch, cutting in, questions, pause, longest turn."""
    lines = report().headlines
    assert [line.id for line in lines] == [
        "talk_share_coach", "longest_turn_client", "cutting_in", "questions", "wait_median_coach", "longest_turn_coach",
    ]
    assert all(line.sure in ("sure", "fairly sure", "unsure") for line in lines)


def test_interruptions_are_given_both_ways_as_counts_with_their_range() -> None:
    """Coach: 1.2 of half a ten minutes, low (2.4 - 1.0) x 0.5 = 0.7, high 1.7. Client: 0.1, high 0.6 x 0.25 = 0.15."""
    assert report().headlines[2].value == "about 1 (1 to 2) by you, none by your client"


def test_a_combined_line_is_as_sure_as_its_least_sure_part() -> None:
    """One unsure count makes the line unsure."""
    measures = [m for m in ordinary().measures if m.id != "signal_count_closed_question"]
    unsure = figure("signal_count_closed_question", 1, 0, 2, sure=Sure.UNSURE)
    questions = report(call=ordinary(measures=[*measures, unsure])).headlines[3]
    assert questions.sure == "unsure"


def test_what_could_not_be_measured_says_why() -> None:
    """Overlap is not in a single stream."""
    overlap = next(n for n in report().numbers if n.id == "overlap_share")
    assert overlap.missing == "Could not be measured: the recording cannot hold two voices at once."


def test_a_measure_shows_what_it_is_made_of() -> None:
    """12 of 40 seconds."""
    share = report().numbers[0]
    assert (share.value, share.bounds, share.parts) == ("30%", "28 to 32%", "12 s of 40 s of talk")


def test_a_share_of_few_cases_is_told_by_the_cases() -> None:
    """Three of four pauses are no 75%; of five on the share is given, with its range."""
    for hits, cases, said in ((3, 4, ("3 of 4 pauses", "", "")), (4, 5, ("80%", "70 to 90%", "4 of 5 pauses"))):
        measure = ratio("thinking_silence_kept_share", hits, cases, doubt=0.1)
        shown = report(call=ordinary(measures=[measure])).numbers[0]
        assert (shown.value, shown.bounds, shown.parts) == said


def test_words_given_back_for_each_question_are_no_share() -> None:
    """Six for two and a half questions stay 2.4: the figure may exceed one, and so is no part of few cases."""
    measure = ratio("reflections_per_question_coach", 6, 2.5, doubt=0.1)
    assert report(call=ordinary(measures=[measure])).numbers[0].value == "2.4"


def test_expected_cases_count_as_they_are_told() -> None:
    """4.8 expected questions are told as 5, and so have a share."""
    measure = ratio("open_question_share_coach", 1.2, 4.8, doubt=0.1)
    assert report(call=ordinary(measures=[measure])).numbers[0].value == "25%"


def test_a_figure_is_no_surer_than_its_range() -> None:
    """Half of the scale tells little; so does a range as wide as the figure, but not some tenths of a second."""
    measures = [
        figure("wait_median_coach", 300, 100, 500),
        figure("turn_length_p90_client", 15_000, 4_100, 25_000),
        ratio("silence_share", 50, 100, doubt=0.2),
        ratio("talk_share_coach", 50, 100, doubt=0.39),
    ]
    said = {n.id: n.sure for n in report(call=ordinary(measures=measures)).numbers}
    assert said == {
        "wait_median_coach": "fairly sure", "turn_length_p90_client": "unsure", "silence_share": "sure",
        "talk_share_coach": "unsure",
    }


def test_a_line_of_two_figures_is_no_surer_than_either() -> None:
    """Interruptions of 0.2 to 5.8 around 3 tell little of the coach, and so does the line of both."""
    measures = [
        ratio("interruptions_coach", 3, 1, doubt=2.8, sure=Sure.FAIR),
        ratio("interruptions_client", 1, 1, doubt=0.2, sure=Sure.FAIR),
    ]
    line = next(n for n in report(call=ordinary(measures=measures)).headlines if n.id == "cutting_in")
    assert line.sure == "unsure"


def test_a_missing_direction_of_interruptions_is_not_shown_as_none() -> None:
    """Then the line says why, instead of zero."""
    measures = [missing("interruptions_coach", "single_stream"), missing("interruptions_client", "single_stream")]
    line = next(n for n in report(call=ordinary(measures=measures)).headlines if "interruptions" in n.id)
    assert line.missing and not line.value  # noqa: PT018  # one rule


def test_a_silence_has_an_owner_and_the_one_who_broke_it() -> None:
    """From 1:09 to 2:40 after the client's words; the coach broke it."""
    longest = max(report().picture.silences, key=lambda s: s.length_ms)
    assert (longest.place.clock, longest.after, longest.broken_by) == ("1:09", "client", "coach")


def test_a_sound_of_listening_neither_owns_nor_breaks_a_silence() -> None:
    """The client stops at 0:27, the coach's mm-hm at 0:33 is listening, the coach asks at 0:41."""
    found = [s for s in report().picture.silences if s.place.clock == "0:27"]
    assert [(s.length_ms, s.after, s.broken_by) for s in found] == [(41_000 - 27_659, "client", "coach")]


def test_what_was_not_recorded_is_no_talk() -> None:
    """Twenty seconds, five of which were struck out."""
    call = findings("0:01 coach: So?\n0:03-0:23 client: I went on and on.\n0:25 coach: Yes go on then.")
    whole, less = (
        next(n for n in report(call=replace(call, gaps=gaps)).headlines if n.id == "longest_turn_client").value
        for gaps in ((), (Segment(5_000, 10_000),))
    )
    assert (whole, less) == ("20 s", "15 s")


def test_what_was_not_recorded_is_no_silence() -> None:
    """A stretch that was struck out leaves no pause behind."""
    call = replace(ordinary(), gaps=(Segment(100_000, 120_000),))
    assert "1:09" not in [s.place.clock for s in report(call=call).picture.silences]


def test_a_share_of_one_is_shown_with_its_unit_once() -> None:
    """28 to 32%, not 28% to 32%."""
    measure = ratio("talk_share_coach", 30, 100, doubt=0.1)
    assert report(call=ordinary(measures=[measure])).numbers[0].bounds == "20 to 40%"
