"""Redis carries numbers, may lose them, and gets them again from the database."""

from __future__ import annotations

import json
import zlib

import pytest
from redis import Redis
from rq.job import Job
from sqlalchemy import select

from integration.errors import ConfigFault
from integration.jobs.queues import AUDIO, IO, MOST_AT_ONCE, RECHECK_MS, Queues
from integration.store import calls
from integration.store.schema import Call, CallFile, OutboxEntry
from integration.store.states import State
from integration.wiring import Services
from tests.conftest import Clock

HOUR = 3_600_000


@pytest.fixture
def redis(services: Services) -> Redis:
    return services.queues.connect()


def new_call(services: Services, clock: Clock, state: State = State.RECEIVED, minutes: int = 60) -> int:
    with services.database.transaction() as tx:
        call, _ = calls.add_call(tx, services.keys, origin="zoom", started_ms=0, now_ms=clock())
        call.state = state
        call.files.append(CallFile(zoom_id="a", kind="mixed", start_ms=0, end_ms=minutes * 60_000))
        calls.schedule(tx, call, due_ms=clock())
        return call.id


def waiting(services: Services, redis: Redis, name: str) -> list[Job]:
    return services.queues.queue(name, redis).get_jobs()


def dispatch(services: Services, clock: Clock) -> int:
    return services.queues.dispatch(services.database, clock()).jobs


@pytest.mark.parametrize(
    ("state", "queue"),
    [(State.RECEIVED, IO), (State.FETCHED, AUDIO), (State.HEARD, AUDIO), (State.ANALYSED, IO)],
)
def test_each_stage_has_its_queue(services: Services, clock: Clock, redis: Redis, state: State, queue: str) -> None:
    """Fetching and delivering go to io, hearing and reading to audio."""
    call_id = new_call(services, clock, state)
    assert dispatch(services, clock) == 1
    (job,) = waiting(services, redis, queue)
    assert job.args == [call_id]


def test_a_job_is_one_integer_in_json(services: Services, clock: Clock, redis: Redis) -> None:
    """What Redis stores of a job is its path and one integer, as JSON, and it expires."""
    call_id = new_call(services, clock)
    dispatch(services, clock)
    (job,) = waiting(services, redis, IO)
    assert json.loads(zlib.decompress(redis.hget(job.key, "data") or b""))[2] == [call_id]
    assert job.description == f"fetch call {call_id}"
    assert (job.failure_ttl, job.result_ttl) == (3600, 600)


@pytest.mark.parametrize(("minutes", "timeout_s"), [(1, 1800), (60, 21_600), (360, 129_600)])
def test_a_long_call_may_take_long(
    services: Services, clock: Clock, redis: Redis, minutes: int, timeout_s: int
) -> None:
    """A job may take six times its recording, and half an hour at least."""
    new_call(services, clock, minutes=minutes)
    dispatch(services, clock)
    assert waiting(services, redis, IO)[0].timeout == timeout_s


@pytest.mark.parametrize(
    ("megabytes", "timeout_s"), [(0, 1800), (1, 1800), (10, 7500), (2000, 64_800)]
)
def test_an_upload_may_take_as_long_as_its_size_allows(
    services: Services, clock: Clock, redis: Redis, megabytes: int, timeout_s: int
) -> None:
    """Nobody told how long an upload is: at 8000 bytes a second 10 MB are 1,250 s, and six times that is its timeout;
    a film is taken to be three hours at most, and half an hour is given to any."""
    call_id = new_call(services, clock, State.FETCHED, minutes=0)
    with services.database.transaction() as tx:
        tx.scalars(select(CallFile).where(CallFile.call_id == call_id)).one().size = megabytes * 1_000_000
    dispatch(services, clock)
    assert waiting(services, redis, AUDIO)[0].timeout == timeout_s


def test_handing_over_twice_queues_once(services: Services, clock: Clock, redis: Redis) -> None:
    """What Redis still holds is not handed over again."""
    new_call(services, clock)
    assert [dispatch(services, clock), dispatch(services, clock)] == [1, 0]
    clock.pass_time(RECHECK_MS)
    assert dispatch(services, clock) == 0
    assert len(waiting(services, redis, IO)) == 1


def test_more_work_than_one_round_takes(services: Services, clock: Clock) -> None:
    """Work that waits in Redis does not stand before work that was never handed over."""
    for _ in range(MOST_AT_ONCE + 1):
        new_call(services, clock)
    assert [dispatch(services, clock), dispatch(services, clock), dispatch(services, clock)] == [MOST_AT_ONCE, 1, 0]


def test_a_clock_set_back_hides_no_work(services: Services, clock: Clock) -> None:
    """Work handed over, or leased, at a time that has not come yet is looked for all the same."""
    call_id = new_call(services, clock)
    dispatch(services, clock)
    with services.database.transaction() as tx:
        tx.get_one(Call, call_id).lease_until_ms = clock() + HOUR
        tx.scalars(select(OutboxEntry)).one().queued_ms = clock() + HOUR
    with services.queues.connect() as redis:
        redis.flushall()
    assert dispatch(services, clock) == 1


def test_a_flushed_redis_gets_everything_again(services: Services, clock: Clock, redis: Redis) -> None:
    """After Redis lost all, the work is missed within a minute and handed over again."""
    new_call(services, clock)
    dispatch(services, clock)
    redis.flushall()
    clock.pass_time(RECHECK_MS)
    assert dispatch(services, clock) == 1
    assert len(waiting(services, redis, IO)) == 1


def test_a_job_that_died_with_its_worker_before_it_began(services: Services, clock: Clock, redis: Redis) -> None:
    """What was taken out of its queue and never leased is missed within a minute and handed over again."""
    new_call(services, clock)
    dispatch(services, clock)
    redis.lpop("rq:queue:io")
    assert dispatch(services, clock) == 0
    clock.pass_time(RECHECK_MS)
    assert dispatch(services, clock) == 1


def test_work_waits_for_its_time(services: Services, clock: Clock, redis: Redis) -> None:
    """Postponed work is not handed over before it is due."""
    call_id = new_call(services, clock)
    with services.database.transaction() as tx:
        calls.schedule(tx, tx.get_one(Call, call_id), due_ms=clock() + 1)
    assert dispatch(services, clock) == 0
    clock.pass_time(1)
    assert dispatch(services, clock) == 1


def test_a_leased_or_trashed_call_is_left_alone(services: Services, clock: Clock) -> None:
    """What somebody works on, or what lies in the trash, is not handed over."""
    leased, trashed = new_call(services, clock), new_call(services, clock)
    with services.database.transaction() as tx:
        tx.get_one(Call, leased).lease_until_ms = clock() + 1
        tx.get_one(Call, trashed).trashed = True
    assert dispatch(services, clock) == 0


def test_a_redis_that_is_away_is_no_error(services: Services, clock: Clock) -> None:
    """With Redis away the work stays in the database, and the caller is told."""
    new_call(services, clock)
    away = Queues("redis://127.0.0.1:1/0")
    handed = away.dispatch(services.database, clock())
    assert (handed.jobs, handed.reachable) == (0, False)
    assert dispatch(services, clock) == 1


def test_no_redis_is_a_fault_of_the_settings() -> None:
    """Without an address the way to set one is told."""
    with pytest.raises(ConfigFault) as fault:
        Queues("").connect()
    assert fault.value.code == "NO_REDIS"
