"""Redis may be lost at any moment, with all that it held: the database knows what is to be done."""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integration.jobs.queues import RECHECK_MS, WORKER_RETRIES
from integration.store.states import State
from tests.integration.zoom.practice import film
from tests.journeys.parts import Part
from tests.journeys.practice import Practice, long_talk

pytestmark = pytest.mark.journey

FASTER, RESTART_S = 20, 5
"""How much faster time runs where an outage is long; what deploy/systemd waits before it starts a part again."""


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


def test_redis_away_for_300_seconds(practice: Practice) -> None:
    """A worker that has waited long enough leaves with an error, and its manager starts it again, over and over, until
    Redis is back. What was fetched meanwhile stands, what came meanwhile is fetched. Time runs 20 times faster here: a
    worker gives up after 2 tries instead of 40, and Redis is away for 15 s."""
    with kept_running(practice, "worker", "io") as starts:
        call_id = fetch_for_seconds(practice, 2)
        practice.redis.stop()
        back = time.monotonic() + 300 / FASTER
        practice.until_state(call_id, State.FETCHED)
        waiting = practice.tell(practice.record(film()))
        assert practice.hand_over() == 0
        time.sleep(max(0.0, back - time.monotonic()))
        practice.redis.start()
        practice.start("clock")
        practice.until_state(waiting, State.FETCHED)
        assert len(starts) > 2
    assert practice.runs(call_id) == practice.runs(waiting) == [("fetch", "")]


@contextmanager
def kept_running(practice: Practice, *command: str) -> Iterator[list[Part]]:
    """A part that is started again each time it ends, as systemd does, and all of its lives so far."""
    enough, lives = threading.Event(), [practice.start(*command, JOURNEY_RETRIES=str(WORKER_RETRIES // FASTER))]

    def keep() -> None:
        while not enough.wait(RESTART_S / FASTER):
            if lives[-1].status() is not None:
                lives.append(practice.start(*command, JOURNEY_RETRIES=str(WORKER_RETRIES // FASTER)))

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        yield lives
    finally:
        enough.set()
        keeper.join()


def test_redis_away_while_a_call_is_read(practice: Practice) -> None:
    """The audio worker, which shows in a thread of its own that it lives, ends its work and goes on to the next."""
    call_id = practice.call_at(State.HEARD, long_talk(20))
    practice.start_all()
    practice.until_leased(call_id)
    practice.redis.stop()
    time.sleep(1)
    practice.redis.start()
    following = practice.call_at(State.HEARD)
    for one in (call_id, following):
        practice.until_state(one, State.DELIVERED)
        assert practice.runs(one) == [("analyse", ""), ("deliver", "")]
    assert len(practice.post.letters) == 2


def test_redis_away_when_a_letter_was_taken(practice: Practice) -> None:
    """That the letter left stands in the database: it is not sent again."""
    call_id = practice.call_at(State.ANALYSED)

    def take_and_lose_redis() -> str:
        practice.redis.stop()
        return "250 taken"

    practice.post.answers.append(take_and_lose_redis)
    practice.start("worker", "io")
    practice.until_state(call_id, State.DELIVERED)
    practice.redis.start()
    practice.start("clock")
    following = practice.call_at(State.ANALYSED)
    practice.until_state(following, State.DELIVERED)
    assert len(practice.post.letters) == 2


def test_redis_flushed_while_a_recording_is_fetched(practice: Practice) -> None:
    """A job that Redis forgot while it ran has its result kept, and its worker serves on."""
    worker = practice.start("worker", "io")
    practice.start("clock")
    call_id = fetch_for_seconds(practice, 2)
    with practice.services.queues.connect() as redis:
        redis.flushall()
    practice.until_state(call_id, State.FETCHED)
    following = practice.tell(practice.record(film()))
    practice.until_state(following, State.FETCHED)
    assert practice.runs(call_id) == practice.runs(following) == [("fetch", "")]
    assert worker.status() is None


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
        return Path.write_text, (self.mark, "opened")


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
