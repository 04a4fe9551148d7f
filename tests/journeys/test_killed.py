"""kill -9 of a job and of a worker, while a recording is fetched and while a report is delivered.

After each: nothing is lost, there is one report, and one e-mail (or one more copy with the same Message-ID
where the mail server had said yes already).
"""

from __future__ import annotations

import os
import signal

import pytest

from integration.store.states import State
from tests.integration.zoom.practice import film
from tests.journeys.practice import LEASE_OVER_MS, Practice, message_ids

pytestmark = pytest.mark.journey


def fetch_slowly(practice: Practice) -> int:
    """A call whose recording comes one byte a second, with somebody at work on it."""
    practice.zoom.world.misbehave("host", "drip", value=1)
    call_id = practice.tell(practice.record(film()))
    practice.hand_over()
    until_it_comes(practice, 1)
    return call_id


def until_it_comes(practice: Practice, times: int) -> None:
    """Wait until the recording was asked for so many times."""
    practice.until(lambda: len(practice.zoom.world.noted("host")) == times, f"Zoom was asked {times} times")


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def assert_fetched_once(practice: Practice, call_id: int) -> None:
    """The recording lies in the vault whole, once, and nothing half-written beside it."""
    practice.until_state(call_id, State.FETCHED)
    (kept,) = practice.artefacts(call_id)
    assert practice.vault_files(call_id) == [kept.name]
    record = practice.services.record(call_id)
    assert b"".join(record.vault.read(call_id, kept.name, record.key)) == film()


def test_a_job_killed_while_it_fetches(practice: Practice) -> None:
    """When the job dies, the same worker takes the call up again once the dead job's lease is over."""
    practice.start("worker", "io")
    practice.start("clock")
    call_id = fetch_slowly(practice)
    practice.kill_job(call_id)
    practice.pass_time(LEASE_OVER_MS)
    assert_fetched_once(practice, call_id)


def test_a_worker_killed_while_it_fetches(practice: Practice) -> None:
    """When the worker dies its job dies with it, so that no orphan writes; the next worker fetches anew."""
    worker = practice.start("worker", "io")
    call_id = fetch_slowly(practice)
    job = practice.job_pid(call_id)
    worker.kill_alone()
    practice.until(lambda: is_gone(job), "the job is gone")
    practice.start("worker", "io")
    practice.start("clock")
    practice.pass_time(LEASE_OVER_MS)
    assert_fetched_once(practice, call_id)



def test_a_job_killed_before_the_mail_server_says_yes(practice: Practice) -> None:
    """The letter that was not taken is sent again: the coach has one."""
    call_id = practice.call_at(State.ANALYSED)

    def die() -> str:
        practice.kill_job(call_id)
        return "451 the line went dead"

    practice.post.answers.append(die)
    practice.start("worker", "io")
    practice.start("clock")
    practice.until(lambda: not practice.post.answers, "the letter was on its way")
    practice.pass_time(LEASE_OVER_MS)
    practice.until_state(call_id, State.DELIVERED)
    assert len(practice.post.letters) == 1


def test_a_job_killed_after_the_mail_server_said_yes(practice: Practice) -> None:
    """Between the server's yes and our note of it a death costs one more copy, with the same Message-ID."""
    call_id = practice.call_at(State.ANALYSED)

    def take_and_die() -> str:
        practice.kill_job(call_id)
        return "250 taken"

    practice.post.answers.append(take_and_die)
    practice.start("worker", "io")
    practice.start("clock")
    practice.until(lambda: len(practice.post.letters) == 1, "the letter was taken")
    practice.pass_time(LEASE_OVER_MS)
    practice.until_state(call_id, State.DELIVERED)
    first, second = message_ids(practice)
    assert first == second


def test_a_worker_killed_while_it_delivers(practice: Practice) -> None:
    """The next worker delivers what the dead one began."""
    call_id = practice.call_at(State.ANALYSED)
    worker = practice.start("worker", "io")

    def die() -> str:
        os.kill(worker.pid, signal.SIGKILL)
        return "451 the line went dead"

    practice.post.answers.append(die)
    worker.wait()
    practice.start("worker", "io")
    practice.start("clock")
    practice.pass_time(LEASE_OVER_MS)
    practice.until_state(call_id, State.DELIVERED)
    assert len(practice.post.letters) == 1


def test_a_recording_that_kills_every_job(practice: Practice) -> None:
    """A call whose job dies three times is given up with a reason; the call behind it is delivered meanwhile."""
    practice.start("worker", "io")
    practice.start("clock")
    practice.zoom.world.misbehave("host", "drip", times=3, value=1)
    poison = practice.tell(practice.record(film()))
    good = practice.call_at(State.ANALYSED)
    for time_of_death in (1, 2, 3):
        until_it_comes(practice, time_of_death)
        practice.kill_job(poison)
        practice.until_state(good, State.DELIVERED)
        practice.pass_time(LEASE_OVER_MS)
    practice.until_state(poison, State.FAILED)
    assert practice.call(poison).reason == "GAVE_UP"



def test_two_workers_and_one_recording(practice: Practice) -> None:
    """A job that Redis holds twice is worked on once: the recording is fetched one time."""
    for _ in range(2):
        practice.start("worker", "io")
    practice.zoom.world.misbehave("host", "drip", value=0.003)
    call_id = practice.tell(practice.record(film(400)))
    practice.hand_over()
    with practice.services.queues.connect() as redis:
        practice.services.queues.queue("io", redis).enqueue_call("integration.jobs.tasks.run", args=(call_id,))
        practice.until_state(call_id, State.FETCHED)
        practice.until(lambda: redis.zcard("rq:finished:io") == 2, "both jobs have ended")
    assert practice.runs(call_id) == [("fetch", "")]
    assert len(practice.zoom.world.noted("host")) == 1
