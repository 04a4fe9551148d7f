"""Parts that are told to stop: once, twice, for an upgrade; and a job that is stopped because it takes too long."""

from __future__ import annotations

import time

import pytest

from integration.jobs.queues import TASK
from integration.store.states import State
from tests.integration.zoom.practice import film
from tests.journeys.practice import LEASE_OVER_MS, Practice, long_talk

pytestmark = pytest.mark.journey

MINUTE_MS = 60_000


def fetching(practice: Practice, second_a_byte: float, size: int = 400) -> int:
    """A call whose recording comes slowly."""
    practice.zoom.world.misbehave("host", "drip", value=second_a_byte)
    call_id = practice.tell(practice.record(film(size)))
    practice.hand_over()
    practice.until(lambda: len(practice.zoom.world.noted("host")) == 1, "the recording comes")
    return call_id


def test_a_worker_ends_its_fetch_first(practice: Practice) -> None:
    """SIGTERM lets the running job end, and the worker then leaves with status 0."""
    worker = practice.start("worker", "io")
    call_id = fetching(practice, 0.001)
    worker.terminate()
    assert worker.wait() == 0
    assert practice.runs(call_id) == [("fetch", "")]


def test_a_worker_ends_its_reading_first(practice: Practice) -> None:
    """The same for the worker that hears and reads in its own process."""
    call_id = practice.call_at(State.HEARD, long_talk(20))
    worker = practice.start("worker", "audio")
    practice.until_leased(call_id)
    assert practice.job_pid(call_id) == worker.pid
    worker.terminate()
    assert worker.wait() == 0
    assert practice.runs(call_id) == [("analyse", "")]


def test_a_worker_told_twice_leaves_at_once(practice: Practice) -> None:
    """A second SIGTERM a second later drops the job; the next worker fetches the recording anew."""
    worker = practice.start("worker", "io")
    call_id = fetching(practice, 1)
    worker.terminate()
    time.sleep(1.1)  # RQ takes two within a second for one
    worker.terminate()
    worker.wait(10)
    assert practice.call(call_id).state == State.RECEIVED
    practice.start("worker", "io")
    practice.start("clock")
    practice.pass_time(LEASE_OVER_MS)
    practice.until_state(call_id, State.FETCHED)
    assert practice.runs(call_id) == [("fetch", "")]


def test_an_upgrade_with_jobs_in_flight(practice: Practice) -> None:
    """Workers are stopped in the midst of work, `migrate` runs, new workers start: jobs that Redis held through it are
    done, each stage once, and each coach has one letter."""
    practice.start("clock")
    workers = [practice.start("worker", "io"), practice.start("worker", "audio")]
    fetched = fetching(practice, 0.001)
    read = practice.call_at(State.HEARD, long_talk(20))
    practice.until_leased(read)
    for worker in workers:
        worker.terminate()
    waiting = [practice.call_at(State.HEARD), practice.call_at(State.ANALYSED)]
    assert [worker.wait() for worker in workers] == [0, 0]
    assert practice.start("migrate").wait() == 0
    practice.start("worker", "io")
    practice.start("worker", "audio")
    for call_id in (read, *waiting):
        practice.until_state(call_id, State.DELIVERED)
    assert practice.runs(fetched)[0] == ("fetch", "")
    assert practice.runs(read) == practice.runs(waiting[0]) == [("analyse", ""), ("deliver", "")]
    assert practice.runs(waiting[1]) == [("deliver", "")]
    assert len(practice.post.letters) == 3


def test_a_job_that_takes_too_long(practice: Practice) -> None:
    """It is ended at its timeout, which counts as one try; the next try may be quick."""
    practice.start("worker", "io")
    practice.zoom.world.misbehave("host", "drip", value=1)
    call_id = practice.tell(practice.record(film()))
    with practice.services.queues.connect() as redis:
        practice.services.queues.queue("io", redis).enqueue_call(TASK, args=(call_id,), timeout=2)
        practice.until(lambda: practice.runs(call_id) == [("fetch", "TOOK_TOO_LONG")], "the job was ended")
    practice.start("clock")
    practice.pass_time(2 * MINUTE_MS)
    practice.until_state(call_id, State.FETCHED)
    assert practice.runs(call_id) == [("fetch", "TOOK_TOO_LONG"), ("fetch", "")]
