"""Who led: the rule from moves and telling to a leader."""

from __future__ import annotations

import pytest

from processor.analysis.leading import pull, who_led
from processor.model.reading import LedBy, SignalId
from tests.builders import move

NONE = dict.fromkeys(SignalId, 0.0)
ASKS = NONE | {SignalId.INVITE_MEANING: 1.0}
TELLS = NONE | {SignalId.ADVISE: 1.0}


def test_pull_is_telling_and_moves() -> None:
    """One line tells, three ask, and one of two equal moves is the coach's: 0.8 x 1/4 + 0.2 x 1/2 = 0.3."""
    moves = (move("u001", "coach"), move("u002", "client"))
    assert pull(moves, (TELLS, ASKS, ASKS, ASKS)) == pytest.approx(0.3)


def test_a_line_that_tells_twice_counts_once() -> None:
    """Advice that is also the coach's own story is one telling line: 0.8 x 1/2, no move by the coach."""
    both = TELLS | {SignalId.OWN_THINKING: 1.0}
    assert pull((move("u001", "client"),), (both, ASKS)) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("lines", "leader"),
    [((ASKS,) * 6, LedBy.CLIENT), ((TELLS,) * 6, LedBy.COACH), ((TELLS, TELLS, ASKS, ASKS, ASKS, ASKS), LedBy.SHARED)],
)
def test_the_leader_follows_from_pull(lines: tuple[dict[SignalId, float], ...], leader: LedBy) -> None:
    """With the client making the one move: no telling 0.0, all telling 0.8, a third telling 0.27."""
    assert who_led((move("u001", "client"),), lines).led_by is leader


def test_too_little_cannot_tell() -> None:
    """With four lines of the coach, or without a move, nobody is said to have led."""
    assert who_led((move("u001", "client"),), (ASKS,) * 4).led_by is LedBy.CANNOT_TELL
    assert who_led((), (ASKS,) * 9).led_by is LedBy.CANNOT_TELL
