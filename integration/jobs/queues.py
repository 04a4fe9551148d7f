"""Two queues, one job a stage. Redis only carries numbers; the database says what is to be done."""

from __future__ import annotations

from dataclasses import dataclass

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisUnreachable
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout
from redis.retry import Retry
from rq import Queue
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, selectinload

from integration.errors import ConfigFault
from integration.store import calls
from integration.store.database import Database
from integration.store.schema import Call, CallFile, OutboxEntry
from integration.store.states import Stage

IO, AUDIO = "io", "audio"
QUEUE_OF = {Stage.FETCH: IO, Stage.HEAR: AUDIO, Stage.ANALYSE: AUDIO, Stage.DELIVER: IO}
TASK = "integration.jobs.tasks.run"
LEAST_TIMEOUT_S = 30 * 60
TIMEOUT_PER_AUDIO = 6
"""A job may take 6 times the length of its recording, at least LEAST_TIMEOUT_S. Ours: two quiet cores hear an hour in
minutes (docs/hearing.md), so what takes longer hangs or has too little of the machine."""
SPARSE_BYTES_PER_S = 8000
"""Speech is mostly stored in more (64 kbit/s), so a file whose length nobody told is taken to be as long as this says;
what is stored in a quarter of it still has time and a half. Ours."""
LONGEST_UNTOLD_S = 3 * 3600
"""Of a film its size says too much: what nobody told is taken to be so long at most. Ours."""
RESULT_TTL_S = 600
FAILURE_TTL_S = 3600
RECHECK_MS = 60_000
"""For how long what was handed over is taken to be in Redis; then it is looked for, and handed over again if lost."""
MOST_AT_ONCE = 500
WORKER_RETRIES = 40
"""Redis tries of a worker with waits up to 2 s: an outage of 20 s was survived, and a job keeps its result."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What a dispatch did: how many jobs were handed to Redis, and whether Redis could be reached."""

    jobs: int
    reachable: bool


@dataclass(frozen=True, slots=True)
class _Work:
    """One entry of the outbox with its call, and whether it was handed over before."""

    entry: OutboxEntry
    call: Call
    was_handed: bool

    @property
    def job_id(self) -> str:
        return f"call-{self.call.id}-{self.entry.stage}-{self.entry.due_ms}-{self.call.lease_fence}"


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
        finds the stage leased or done. With Redis away, or unable to write, the entries stay and are handed
        over later.
        """
        handed = 0
        with database.transaction() as tx:
            due = _claim(tx, now_ms)
        try:
            with self.connect() as connection:
                while due:
                    if not self._is_waiting(due[0], connection):
                        self._enqueue(due[0], connection)
                        handed += 1
                    due.pop(0)
        except RedisError:
            with database.transaction() as tx:
                left = [work.entry.id for work in due]
                tx.execute(update(OutboxEntry).where(OutboxEntry.id.in_(left)).values(queued_ms=None))
            return Handed(handed, reachable=False)
        return Handed(handed, reachable=True)

    def _is_waiting(self, work: _Work, connection: Redis) -> bool:
        """Whether this job still stands in its queue. One that was taken out and leased is not asked for here; one
        that was taken out and not leased within RECHECK_MS died with its worker."""
        queue = self.queue(QUEUE_OF[Stage(work.entry.stage)], connection)
        return work.was_handed and queue.get_job_position(work.job_id) is not None

    def _enqueue(self, work: _Work, connection: Redis) -> None:
        stage, call = Stage(work.entry.stage), work.call
        recorded_s = max((_length_s(file) for file in call.files), default=0)
        self.queue(QUEUE_OF[stage], connection).enqueue_call(
            TASK,
            args=(call.id,),
            job_id=work.job_id,
            timeout=max(LEAST_TIMEOUT_S, TIMEOUT_PER_AUDIO * recorded_s),
            result_ttl=RESULT_TTL_S,
            failure_ttl=FAILURE_TTL_S,
            description=f"{stage} call {call.id}",
        )


def _length_s(file: CallFile) -> int:
    """How long the file plays, in seconds; where nobody told (an upload), the longest that it may be by its size."""
    if file.end_ms > file.start_ms:
        return (file.end_ms - file.start_ms) // 1000
    return min(LONGEST_UNTOLD_S, file.size // SPARSE_BYTES_PER_S)


def _claim(tx: Session, now_ms: int) -> list[_Work]:
    """Take the entries whose time has come, whose call nobody works on and which were not handed over just now.

    They are marked as handed over before they are: who dies in between leaves them to be looked for later.
    """
    rows = tx.execute(
        select(OutboxEntry, Call)
        .join(Call, Call.id == OutboxEntry.call_id)
        .where(
            or_(
                OutboxEntry.due_ms <= now_ms,
                Call.changed_ms > now_ms + calls.CLOCK_SKEW_MS,  # a clock was set back: too early beats an hour late
            ),
            or_(
                OutboxEntry.queued_ms.is_(None),
                OutboxEntry.queued_ms <= now_ms - RECHECK_MS,
                OutboxEntry.queued_ms > now_ms,  # a clock was set back
            ),
            calls.nobody_works_on_it(now_ms),
            Call.trashed.is_(False),
        )
        .options(selectinload(Call.files))
        .order_by(OutboxEntry.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(of=OutboxEntry, skip_locked=True)  # PostgreSQL: two who hand over at once share the work
    ).all()
    found = [_Work(entry, call, entry.queued_ms is not None) for entry, call in rows]
    for work in found:
        work.entry.queued_ms = now_ms
    return found
