"""A coach's own sessions: spread, the smallest change that means something, what may not be compared."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from processor.model.measures import Unit
from reports.context import Context, PastSession
from reports.trend import own_range, smallest_change, trend
from tests.builders import ratio


def _context(*shares: float, fingerprint: str = "new", old: int = 0) -> Context:
    earlier = tuple(
        PastSession(date(2026, 1, 1 + i), "old" if i < old else "new", (("talk_share_coach", share),))
        for i, share in enumerate(shares)
    )
    return Context(earlier=earlier, fingerprint=fingerprint)


def _now(value: float, doubt: float = 0.0) -> list:
    return [ratio("talk_share_coach", value * 100, 100, doubt=doubt)]


def test_the_own_range_is_that_of_the_last_five_sessions() -> None:
    """The first of six, 10%, has gone by."""
    context = _context(0.10, 0.30, 0.40, 0.35, 0.32, 0.38)
    assert own_range(context, "talk_share_coach", Unit.RATIO) == "your last 5: 30 to 40%"


def test_two_sessions_have_no_range() -> None:
    """One session says little, two hardly more."""
    assert own_range(_context(0.3, 0.4), "talk_share_coach", Unit.RATIO) == ""


def test_sessions_of_another_pipeline_are_no_part_of_the_range() -> None:
    """A new threshold moves a figure as much as a new habit."""
    context = _context(0.9, 0.9, 0.3, 0.4, 0.35, old=2)
    assert own_range(context, "talk_share_coach", Unit.RATIO) == "your last 3: 30 to 40%"


def test_the_smallest_change_grows_with_the_spread_of_the_sessions() -> None:
    """0.2, 0.3, 0.4: sd 0.1, t of 2 degrees 1.886, times the root of 1 + 1/3: 1.886 x 0.1 x 1.1547 = 0.2178."""
    (exact,) = _now(0.3)
    assert smallest_change([0.2, 0.3, 0.4], exact) == pytest.approx(0.2178, abs=0.0001)


def test_the_smallest_change_grows_with_the_doubt_of_hearing() -> None:
    """No spread at all; bounds 0.1282 to both sides are an error of 0.1: 1.886 x 0.1 = 0.1886."""
    (doubtful,) = _now(0.3, doubt=0.1282)
    assert smallest_change([0.3, 0.3, 0.3], doubtful) == pytest.approx(0.1886, abs=0.0001)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.51, "within"), (0.52, "above"), (0.09, "within"), (0.08, "below")],
)
def test_a_change_is_called_one_only_beyond_the_smallest_change(value: float, said: str) -> None:
    """The mean is 0.3 and the smallest change 0.2178."""
    shown = trend(_context(0.2, 0.3, 0.4), _now(value))
    assert shown is not None
    assert shown.lines[0].change.startswith(said)


def test_too_few_sessions_speak_of_no_change() -> None:
    """However far off they are."""
    shown = trend(_context(0.9, 0.9), _now(0.1))
    assert shown is not None
    assert shown.lines[0].change == "too few sessions to speak of a change"


def test_other_pipeline_versions_are_marked_and_not_compared() -> None:
    """Shown as points of their own, with a note."""
    shown = trend(_context(0.9, 0.3, 0.35, 0.4, old=1), _now(0.35))
    assert shown is not None
    assert [compared for _, _, compared in shown.lines[0].points] == [False, True, True, True, True]
    assert "1 earlier session was read by another version" in shown.note


def test_the_first_session_has_no_trend() -> None:
    """Nothing is made up."""
    assert trend(_context(), _now(0.3)) is None


def test_no_place_in_a_context_could_hold_another_coachs_session() -> None:
    """A past session has a date, a pipeline and figures, but nobody's name: nothing to rank by."""
    assert {field.name for field in fields(PastSession)} == {"recorded_on", "fingerprint", "values"}


def test_a_measure_that_earlier_sessions_lack_has_no_line() -> None:
    """It starts its own history."""
    context = replace(_context(0.3), earlier=(PastSession(date(2026, 1, 1), "new", ()),))
    shown = trend(context, _now(0.3))
    assert shown is not None
    assert shown.lines == ()
