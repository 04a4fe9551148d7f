"""The arithmetic of mentor hours."""

from __future__ import annotations

from datetime import date

from integration.dossier import Meeting, add_up, mark_of


def hours(day: str, minutes: int, group: int = 1) -> Meeting:
    return Meeting(date.fromisoformat(day), minutes, group)


def test_ten_hours_over_three_months_are_complete() -> None:
    """Three hours alone and seven in a group, from 1 March to 1 June."""
    found = add_up([hours("2026-03-01", 180), hours("2026-06-01", 420, 8)])
    assert (found.counted, found.missing, found.complete) == (600, 0, True)


def test_the_day_before_three_months_is_too_soon() -> None:
    """From 1 March to 31 May is not three months."""
    found = add_up([hours("2026-03-01", 180), hours("2026-05-31", 420, 8)])
    assert (found.months_passed, found.complete) == (False, False)


def test_three_months_from_the_end_of_november_end_in_february() -> None:
    """30 November has no 30 February: the 28th will do, the 27th will not."""
    first = hours("2026-11-30", 300)
    assert add_up([first, hours("2027-02-28", 300)]).months_passed
    assert not add_up([first, hours("2027-02-27", 300)]).months_passed


def test_of_group_hours_seven_count() -> None:
    """Nine hours in groups count as seven; with two alone that is nine, and one alone is still to come."""
    found = add_up([hours("2026-03-01", 120), hours("2026-07-01", 540, 6)])
    assert (found.group, found.group_counted, found.counted) == (540, 420, 540)
    assert (found.missing, found.missing_alone) == (60, 60)


def test_a_group_of_eleven_counts_for_nothing() -> None:
    """At most ten sit in a group."""
    found = add_up([hours("2026-03-01", 60, 11), hours("2026-03-02", 60, 10)])
    assert found.counted == 60


def test_no_meeting_adds_up_to_nothing() -> None:
    """An empty dossier is not complete and no error."""
    found = add_up([])
    assert (found.counted, found.missing, found.complete) == (0, 600, False)


def test_a_signature_holds_for_exactly_what_was_signed() -> None:
    """Another minute gives another mark; another order does not."""
    one, two = hours("2026-03-01", 60), hours("2026-03-08", 60)
    assert mark_of([one, two]) == mark_of([two, one])
    assert mark_of([one, two]) != mark_of([one, hours("2026-03-08", 61)])


def test_a_signature_outlives_the_session_that_was_discussed() -> None:
    """A client takes a yes back and the session goes from the dossier; the hours stay signed."""
    discussed = Meeting(date(2026, 3, 1), 60, session=date(2026, 2, 20), places_ms=(65_000,))
    assert mark_of([discussed]) == mark_of([hours("2026-03-01", 60)])
