"""Coming in, interrupting, listening and keeping the floor: counts and rates, each worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import pytest

from processor.analysis.measures.meaning import MEANT
from processor.analysis.measures.reading import Reading
from processor.analysis.measures.view import Parts
from processor.model.catalogue import Reason
from tests.processor.analysis.hand_made import moment, reading

CALL = """
    0:00-1:00 client: one two three
    0:10-0:12 coach: stop that there
    0:20-0:21 coach: mm
    0:30-0:32 coach: may I interrupt you
    0:40-0:41 coach: yeah
    1:02-1:10 other: lunch is ready
    1:05-1:06 coach: mm
    1:08-1:09 coach: not yet please
    1:12-1:13 client: one two three
"""


def parts(name: str, given: Reading) -> Parts:
    found = MEANT[name](given)
    assert isinstance(found, Parts)
    return found


def test_starts_in_the_others_talk() -> None:
    """The coach starts twice while the client talks for 61 s; that he starts once while a third does is left out."""
    found = parts("overlap_onsets_coach", reading(CALL))
    assert found == Parts(2, 61 / 600, evidence=("u002", "u004"))
    assert parts("overlap_backchannels_coach", reading(CALL)).evidence == ("u003", "u005")


def test_backchannels_in_a_minute_of_the_others_talk() -> None:
    """Two in 61 s of the client's talk; the third is for somebody else. Spread: 1.5 x root(2 x 0.91 x 0.09)."""
    found = parts("backchannels_coach", reading(CALL))
    assert (found.numerator, found.denominator) == (2, pytest.approx(61 / 60))
    assert found.spread == pytest.approx(1.5 * sqrt(2 * 0.91 * 0.09) / (61 / 60))


def test_interruptions_are_of_the_other_of_the_two() -> None:
    """0.8 in 61 s of the client's talk; announced, at the same start, of a third person, or by the client: none."""
    moments = (
        moment(2, 1, 0.8),
        moment(4, 1, 0.9),  # announced
        moment(5, 1, 0.9, dual=True),
        moment(8, 6, 0.9),  # of a third person
        moment(9, 8, 0.9),  # by the client
    )
    given = reading(CALL.replace("0:40-0:41 coach: yeah", "0:40-0:41 coach: you never do"), moments=moments)
    found = parts("interruptions_coach", given)
    assert (found.numerator, found.denominator, found.evidence) == (0.8, pytest.approx(61 / 600), ("u002",))


def test_a_rate_needs_a_minute() -> None:
    """One start in 59 s of the other's talk is no rate for ten minutes, nor is one in none."""
    short = reading("0:00-0:59 client: one two three\n0:10-0:12 coach: stop that there")
    for name in ("overlap_onsets_coach", "backchannels_coach", "interruptions_coach", "interruptions_client"):
        assert MEANT[name](short) is Reason.TOO_SHORT


def test_starting_at_once_is_counted_for_the_two() -> None:
    """Coach and client once; that a third person started with the coach is left out."""
    found = parts("dual_starts", reading(CALL, moments=(moment(2, 1, dual=True), moment(8, 6, dual=True))))
    assert (found.number, found.spread) == (1, pytest.approx(1.5 * sqrt(0.9 * 0.1)))


def test_one_voice_starts_with_nobody() -> None:
    """Where only one of the two speaks, starting at once is no 0."""
    assert MEANT["dual_starts"](reading("0:00-1:00 client: one two three")) is Reason.ONE_VOICE


KEPT = """
    0:00-0:30 client: one two three
    0:05-0:06 coach: stop that there
    0:15-0:16 coach: stop that there
    0:25-0:29.5 coach: stop that there
"""


def test_going_on_for_a_second_is_keeping_the_floor() -> None:
    """After three comings-in the client talks on for 1.5, 1 and 0.9 s: two of three kept."""
    moments = tuple(moment(own, 1, goes_on_ms=ms) for own, ms in ((2, 1_500), (3, 1_000), (4, 900)))
    found = parts("floor_kept_share_client", reading(KEPT, moments=moments))
    assert (found.numerator, found.denominator) == (2, 3)
    assert found.spread == pytest.approx(1.5 * sqrt(3 * 0.9 * 0.1) / 3)


@pytest.mark.parametrize("name", ["overlap_onsets_coach", "dual_starts", "floor_kept_share_client"])
def test_one_stream_has_none_of_it(name: str) -> None:
    """A source that holds one voice at a time says nothing of overlap."""
    given = reading(CALL)
    assert MEANT[name](replace(given, view=replace(given.view, single_stream=True))) is Reason.SINGLE_STREAM
