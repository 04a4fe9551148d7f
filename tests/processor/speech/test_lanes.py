"""Pieces of work run side by side, with true progress."""

from __future__ import annotations

import threading

import pytest

from processor.speech.lanes import Lanes, Piece, results


def silent(stage: str, share: float) -> None:
    """Progress that nobody watches."""


def test_results_come_in_the_order_of_the_pieces() -> None:
    """However the lanes finish, the first result is the first piece's."""
    with Lanes(2, silent) as lanes:
        assert lanes.run([Piece("count", 1, lambda n=n: n) for n in range(20)]) == list(range(20))


def test_two_lanes_work_at_once() -> None:
    """Two pieces that wait for each other both finish."""
    meeting = threading.Barrier(2, timeout=10)
    with Lanes(2, silent) as lanes:
        assert sorted(lanes.run([Piece("meet", 1, meeting.wait) for _ in range(2)])) == [0, 1]


def test_progress_is_the_share_of_the_weight_that_is_done() -> None:
    """Weights 1, 2 and 1: after each piece a quarter, three quarters, all."""
    told: list[tuple[str, float]] = []
    with Lanes(1, lambda stage, share: told.append((stage, share))) as lanes:
        lanes.run([Piece("words", weight, silent_work) for weight in (1, 2, 1)])
    assert told == [("words", 0.25), ("words", 0.75), ("words", 1.0)]


def test_progress_never_falls() -> None:
    """All of a stage was done when as much again is found: it stays at all."""
    told: list[float] = []
    with Lanes(1, lambda _stage, share: told.append(share)) as lanes:
        lanes.run([Piece("activity", 1, silent_work)])
        lanes.run([Piece("activity", 0.5, silent_work), Piece("activity", 0.5, silent_work)])
    assert told == [1.0, 1.0, 1.0]


def silent_work() -> None:
    """A piece that does nothing."""


def test_a_failure_ends_the_rest() -> None:
    """When one piece fails its error is raised and what had not begun is not done."""
    done: list[int] = []

    def fail() -> None:
        raise ValueError("broken")

    with Lanes(1, silent) as lanes:
        futures = lanes.submit([Piece("x", 1, fail), *(Piece("x", 1, lambda: done.append(1)) for _ in range(50))])
        with pytest.raises(ValueError, match="broken"):
            results(futures)
    assert len(done) < 50


def test_every_stage_has_its_seconds() -> None:
    """Seconds are counted for each stage that was worked on."""
    with Lanes(2, silent) as lanes:
        lanes.timed(Piece("decode", 1, silent_work))
        lanes.run([Piece("words", 1, silent_work)])
    assert set(lanes.seconds) == {"decode", "words"}
