"""Two queues, one job a stage. Redis only carries numbers; the database says what is to be done."""

from __future__ import annotations

from dataclasses import dataclass

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisUnreachable
from redis.exceptions import TimeoutError as RedisTimeout
from redis.retry import Retry
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.errors import ConfigFault
from integration.store.database import Database
from integration.store.schema import Call, OutboxEntry
from integration.store.states import Stage

IO, AUDIO = "io", "audio"
QUEUE_OF = {Stage.FETCH: IO, Stage.HEAR: AUDIO, Stage.ANALYSE: AUDIO, Stage.DELIVER: IO}
TASK = "integration.jobs.tasks.run"
LEAST_TIMEOUT_S = 30 * 60
TIMEOUT_PER_AUDIO = 6
"""A job may take 6 times the length of its recording, at least LEAST_TIMEOUT_S (zoom-and-queue reference D1)."""
RESULT_TTL_S = 600
FAILURE_TTL_S = 3600
WORKER_RETRIES = 40
"""Redis tries of a worker with waits up to 2 s: an outage of 20 s was survived, and a job keeps its result."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What a dispatch did: how many jobs were handed to Redis, and whether Redis could be reached."""

    jobs: int
    reachable: bool


class Queues:
    """The way to Redis at `url`. Nothing is connected before it is used."""

    def __init__(self, url: str) -> None:
        self.url = url

    def connect(self, *, retries: int = 1) -> Redis:
        """A connection that tries again `retries` times; workers ask for WORKER_RETRIES."""
        if not self.url:
            raise ConfigFault("there is no Redis: set REDIS_URL, or start with `partnering demo`", code="NO_REDIS")
        return Redis.from_url(
            self.url,
            retry=Retry(ExponentialBackoff(cap=2, base=0.1), retries),
            retry_on_error=[RedisUnreachable, RedisTimeout],
            socket_connect_timeout=2,
            health_check_interval=30,
        )

    def queue(self, name: str, connection: Redis) -> Queue:
        return Queue(name, connection=connection, serializer="json")

    def dispatch(self, database: Database, now_ms: int) -> Handed:
        """Hand every due entry of the outbox to Redis that Redis does not hold.

        May be called by anyone at any time: a job that is queued twice is run once, because the second
        finds the stage leased or done. With Redis away the entries stay and are handed over later.
        """
        try:
            connection = self.connect()
            with database.transaction() as tx:
                due = _due(tx, now_ms)
            handed = 0
            for entry, call in due:
                if self._is_waiting(entry, call, connection):
                    continue
                self._enqueue(entry, call, connection)
                with database.transaction() as tx:
                    row = tx.get(OutboxEntry, entry.id)
                    if row is not None:
                        row.queued_ms = now_ms
                handed += 1
        except (RedisUnreachable, RedisTimeout):
            return Handed(0, reachable=False)
        return Handed(handed, reachable=True)

    def _is_waiting(self, entry: OutboxEntry, call: Call, connection: Redis) -> bool:
        """Whether Redis still holds the job of this entry, waiting or running."""
        if entry.queued_ms is None:
            return False
        try:
            job = Job.fetch(_job_id(entry, call), connection=connection, serializer="json")
        except NoSuchJobError:
            return False
        return job.get_status() in {JobStatus.QUEUED, JobStatus.STARTED}

    def _enqueue(self, entry: OutboxEntry, call: Call, connection: Redis) -> None:
        stage = Stage(entry.stage)
        recorded_s = max((file.end_ms - file.start_ms for file in call.files), default=0) // 1000
        self.queue(QUEUE_OF[stage], connection).enqueue_call(
            TASK,
            args=(call.id,),
            job_id=_job_id(entry, call),
            timeout=max(LEAST_TIMEOUT_S, TIMEOUT_PER_AUDIO * recorded_s),
            result_ttl=RESULT_TTL_S,
            failure_ttl=FAILURE_TTL_S,
            description=f"{stage} call {call.id}",
        )


def _due(tx: Session, now_ms: int) -> list[tuple[OutboxEntry, Call]]:
    """Entries whose time has come and whose call nobody works on, with their calls."""
    rows = tx.execute(
        select(OutboxEntry, Call)
        .join(Call, Call.id == OutboxEntry.call_id)
        .where(OutboxEntry.due_ms <= now_ms, Call.lease_until_ms <= now_ms, Call.trashed.is_(False))
        .order_by(OutboxEntry.id)
        .limit(500)
    ).all()
    for _, call in rows:
        _ = call.files  # loaded while the transaction is open
    return [(entry, call) for entry, call in rows]


def _job_id(entry: OutboxEntry, call: Call) -> str:
    return f"call-{call.id}-{entry.stage}-{entry.due_ms}-{call.lease_fence}"
