"""Redis may be lost at any moment, with all that it held: the database knows what is to be done."""

from __future__ import annotations

import pickle
import time
from pathlib import Path

import pytest

from integration.jobs.queues import RECHECK_MS
from integration.store.states import State
from tests.integration.zoom.practice import film
from tests.journeys.practice import Practice

pytestmark = pytest.mark.journey


def fetch_for_seconds(practice: Practice, seconds: float) -> int:
    """A call whose recording takes so long to come, with somebody at work on it."""
    content = film(400)
    practice.zoom.world.misbehave("host", "drip", value=seconds / len(content))
    call_id = practice.tell(practice.record(content))
    practice.hand_over()
    practice.until(lambda: bool(practice.zoom.world.noted("host")), "the recording comes")
    return call_id


@pytest.mark.parametrize("away_s", [1, 20])
def test_redis_away_while_a_recording_is_fetched(practice: Practice, away_s: int) -> None:
    """A worker waits for a Redis that is away for a while: the job's result stands, and the worker serves on."""
    worker = practice.start("worker", "io")
    practice.start("clock")
    call_id = fetch_for_seconds(practice, 3)
    practice.redis.stop()
    time.sleep(away_s)
    practice.redis.start()
    practice.until_state(call_id, State.FETCHED)
    assert practice.runs(call_id) == [("fetch", "")]
    next_call = practice.tell(practice.record(film()))
    practice.until_state(next_call, State.FETCHED)
    assert worker.status() is None


def test_redis_away_for_longer_than_a_worker_waits(practice: Practice) -> None:
    """A worker that has waited long enough (80 s with its 40 tries, here 1 try) leaves with an error for its manager
    to start it again; what it had fetched stands. So an outage of 300 s is four such rounds."""
    worker = practice.start("worker", "io", JOURNEY_RETRIES="1")
    call_id = fetch_for_seconds(practice, 2)
    practice.redis.stop()
    assert worker.wait() != 0
    practice.until_state(call_id, State.FETCHED)
    waiting = practice.tell(practice.record(film()))
    assert practice.hand_over() == 0
    practice.redis.start()
    practice.start("worker", "io")
    practice.start("clock")
    practice.until_state(waiting, State.FETCHED)
    assert practice.runs(call_id) == [("fetch", "")]


def test_redis_flushed(practice: Practice) -> None:
    """Jobs that Redis forgot are missed and handed over again."""
    calls = [practice.tell(practice.record(film())) for _ in range(3)]
    assert practice.hand_over() == 3
    with practice.services.queues.connect() as redis:
        redis.flushall()
    practice.start("worker", "io")
    practice.start("clock")
    practice.pass_time(RECHECK_MS)
    for call_id in calls:
        practice.until_state(call_id, State.FETCHED)
        assert practice.runs(call_id) == [("fetch", "")]


def test_a_webhook_comes_while_redis_is_away(practice: Practice) -> None:
    """Zoom gets its 204 at once, and the work is handed over when Redis is back. One recording, told three times."""
    practice.serve()
    practice.redis.stop()
    meeting = practice.record(film())
    told = [practice.zoom.tell_completed(meeting, f"{practice.web_url}/zoom/events") for _ in range(3)]
    assert [answer.status for answer in told] == [204, 204, 204]
    practice.redis.start()
    practice.start("worker", "io")
    practice.start("clock")
    practice.until_state(1, State.FETCHED)
    assert practice.runs(1) == [("fetch", "")]


class Burglar:
    """What a pickle may do when it is opened."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return Path.write_text, (self.mark, "opened")  # type: ignore[return-value]  # a pickle may hold any call


def test_a_pickle_in_redis_is_not_opened(practice: Practice) -> None:
    """Who can write to Redis cannot run code in a worker: jobs are JSON, and anything else fails unopened."""
    mark = practice.folder / "mark"
    with practice.services.queues.connect() as redis:
        redis.hset("rq:job:evil", mapping={"data": pickle.dumps(Burglar(mark)), "status": "queued", "origin": "io"})
        redis.rpush("rq:queue:io", "evil")
        practice.start("worker", "io")
        call_id = practice.call_at(State.ANALYSED)
        practice.until_state(call_id, State.DELIVERED)
        assert redis.llen("rq:queue:io") == 0
    assert not mark.exists()
