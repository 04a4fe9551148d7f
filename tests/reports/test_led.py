"""Who led: the sentence, the counts and the list of moves."""

from __future__ import annotations

from reports.audience import Audience
from reports.text import render_text
from tests.builders import figure, move, ratio
from tests.reports.calls import ordinary, report


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
    assert led.counts.endswith("2 by your client, 1 by you. How much you told weighs more than the count.")
    assert "weighs" not in report().led.counts
    asked = report(call=ordinary(led_by="client", moves=[move("u008", "coach")])).led.counts
    assert asked.endswith("none by your client, 1 by you. How much you asked weighs more than the count.")


def test_a_total_is_the_sum_of_its_parts_as_they_are_told() -> None:
    """Client 0.7 + 0.4 + 0.3 is about 1, coach 0.8 + 0.8 + 0.4 + 0.4 about 2: 3 in all, not the 4 of 3.8."""
    moves = [move("u002", "client", confidence=chance) for chance in (0.7, 0.4, 0.3)]
    moves += [move("u008", "coach", confidence=chance) for chance in (0.8, 0.8, 0.4, 0.4)]
    led = report(call=ordinary(moves=moves, led_by="coach")).led
    assert led.counts == "About 3 changes of course: 1 by your client, 2 by you."


def test_changes_of_course_are_counted_alike_everywhere() -> None:
    """10.2 by the client and 1.3 by the coach, then 3.1 and 0.4: the figure says what the sentence says."""
    for client, coach, said in (
        (10.2, 1.3, ("10 by your client, 1 by you", "about 10 by your client, about 1 by you")),
        (3.1, 0.4, ("3 by your client, hardly any by you", "about 3 by your client, hardly any by you")),
    ):
        moves = [move("u002", "client", confidence=client / 12)] * 12
        moves += [move("u008", "coach", confidence=coach / 2)] * 2
        built = report(call=ordinary(moves=moves, measures=[ratio("move_share_client", client, client + coach)]))
        figure_of_moves = built.numbers[0].parts or built.numbers[0].value
        assert (built.led.counts.partition(": ")[2].rstrip("."), figure_of_moves) == said


def test_a_move_is_listed_where_it_is_likely_enough_to_be_named() -> None:
    """0.7 is, 0.69 is not, and it is said once that a likely one may be none."""
    moves = [move("u002", "client", confidence=0.7), move("u008", "coach", confidence=0.69)]
    led = report(call=ordinary(moves=moves, led_by="shared")).led
    assert [line.place.clock for line in led.moves] == ["0:06"]
    assert led.note == "Only the likeliest are listed, and some of these may be none."
    assert led.counts == "About 2 changes of course: 1 by your client, 1 by you."


def test_a_move_in_the_opening_claims_no_agreement() -> None:
    """The client began; that the two agreed on it is the coach's asking, and stands elsewhere."""
    assert report().led.moves[0].cue == "brought in what they came with"


def test_how_sure_stands_beside_the_change_and_not_beside_what_came_of_it() -> None:
    """0.9 that the coach turned the talk says nothing of how the client took it."""
    text = render_text(report())
    assert "1:05  You turned the talk (sure); not plainly taken up" in text


def test_choices_are_counted_as_people_count_them() -> None:
    """3.2 offered, 2.1 taken; then one, and one that was likelier not taken."""
    assert report().led.choices == "You offered about 3 choices; 2 taken up at once."
    once = [figure("choices_offered_coach", 1.1, 0, 2), figure("choices_taken_client", 0.4, 0, 1)]
    assert report(call=ordinary(measures=once)).led.choices == "You offered about 1 choice; none taken up at once."


def test_where_no_move_is_likely_enough_none_is_listed_and_that_is_said() -> None:
    """Two at 0.4 are together about one change of course, and neither can be pointed to."""
    unlikely = [move("u002", "client", confidence=0.4), move("u004", "client", confidence=0.4)]
    led = report(call=ordinary(moves=unlikely)).led
    assert (led.moves, led.counts) == ((), "About 1 change of course: 1 by your client, none by you.")
    assert led.note == "No place is sure enough to point to."
    assert report(call=ordinary(moves=unlikely[:1])).led.note == ""


def test_a_client_is_told_their_own_share_of_leading_and_no_more() -> None:
    """1.55 of theirs is about 2, 0.9 of the coach's about 1: 2 of 3."""
    led = report(Audience.CLIENT).led
    assert led.line == "Of about 3 changes of course, 2 came from you."
    assert (led.counts, led.choices, led.moves) == ("", "", ())
