"""Clocks that jump, and two clock processes at once."""

from __future__ import annotations

import time

import pytest

from integration.store.states import State
from tests.integration.zoom.practice import film
from tests.journeys.practice import LEASE_OVER_MS, Practice

pytestmark = pytest.mark.journey

HOUR_MS = 3_600_000


def test_a_clock_that_jumps_ahead_while_a_recording_is_fetched(practice: Practice) -> None:
    """A jump makes a living worker look dead: another takes the call over, and only that one writes."""
    for _ in range(2):
        practice.start("worker", "io")
    practice.zoom.world.misbehave("host", "drip", value=1)
    call_id = practice.tell(practice.record(film()))
    practice.hand_over()
    practice.until(lambda: len(practice.zoom.world.noted("host")) == 1, "the recording comes")
    first = practice.job_pid(call_id)
    practice.pass_time(LEASE_OVER_MS)
    practice.hand_over()
    practice.until_state(call_id, State.FETCHED)
    assert practice.job_pid(call_id) != first
    (kept,) = practice.artefacts(call_id)
    assert practice.vault_files(call_id) == [kept.name]
    time.sleep(0.2)
    assert practice.runs(call_id) == [("fetch", "")]


def test_a_clock_set_back_while_a_recording_is_fetched(practice: Practice) -> None:
    """An hour back, and work that begins after it is not held up by what was written before it."""
    practice.start("worker", "io")
    practice.start("clock")
    practice.zoom.world.misbehave("host", "drip", value=0.001)
    call_id = practice.tell(practice.record(film(400)))
    practice.hand_over()
    practice.until(lambda: len(practice.zoom.world.noted("host")) == 1, "the recording comes")
    practice.pass_time(-HOUR_MS)
    practice.until_state(call_id, State.FETCHED)
    following = practice.tell(practice.record(film()))
    practice.until_state(following, State.FETCHED)
    assert practice.runs(call_id) == practice.runs(following) == [("fetch", "")]


def test_a_worker_killed_before_a_clock_was_set_back(practice: Practice) -> None:
    """Neither the dead worker's lease nor when the work was due, both an hour ahead now, hold the call up."""
    worker = practice.start("worker", "io")
    practice.zoom.world.misbehave("host", "drip", value=1)
    call_id = practice.tell(practice.record(film()))
    practice.hand_over()
    practice.until(lambda: len(practice.zoom.world.noted("host")) == 1, "the recording comes")
    worker.kill()
    practice.pass_time(-HOUR_MS)
    practice.start("worker", "io")
    practice.start("clock")
    practice.until_state(call_id, State.FETCHED)


def test_two_clocks(practice: Practice) -> None:
    """Two clock processes by mistake hand work over twice at most, and it is done once."""
    for _ in range(2):
        practice.start("clock")
    practice.start("worker", "io")
    told = [practice.tell(practice.record(film())) for _ in range(3)]
    for call_id in told:
        practice.until_state(call_id, State.FETCHED)
    assert [practice.runs(call_id) for call_id in told] == [[("fetch", "")]] * 3
