"""Workers: one queue each, settings that were measured, and an end that leaves nothing behind.

Measured with rq: with more than one queue a worker that dies between two calls loses the job; the default
worker_ttl of 420 s hides a dead worker for 405 s; a killed worker leaves its child running beside the second try.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from redis.client import Pipeline
from rq import SimpleWorker, Worker
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.worker import BaseWorker

from integration.jobs.queues import AUDIO, IO, WORKER_RETRIES, Queues
from integration.jobs.tasks import die_with_parent

WORKER_TTL_S = 60
MAINTENANCE_S = 30
MONITORING_S = 10
GRACE_S = 60
"""How long past its timeout a job may hang in a library before its worker is killed."""


class _Beating(BaseWorker):
    """A worker that shows with each of its heartbeats to Redis that it lives."""

    beat: Callable[[], None]

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        super().heartbeat(timeout, pipeline)
        self.beat()


class IoWorker(_Beating, Worker):
    """Fetches and delivers: a child process for each job, which dies with this one."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        die_with_parent()
        super().main_work_horse(job, queue)


class AudioWorker(_Beating, SimpleWorker):
    """Hears and reads, in this very process, so that models are loaded once and serve every job.

    A thread sends the heartbeats that a busy process cannot, so that a killed worker is noticed within
    minutes, and ends the process when a job hangs in a library where no signal reaches it.
    """

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        done = threading.Event()
        keeper = threading.Thread(target=self._keep_alive, args=(job, execution, done), name="heartbeat", daemon=True)
        keeper.start()
        try:
            return super().perform_job(job, queue, execution)
        finally:
            done.set()
            keeper.join()

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Short, because the thread renews it; the library's own would be the whole timeout of the job."""
        return BaseWorker.get_heartbeat_ttl(self, job, working_time)

    def _keep_alive(self, job: Job, execution: Execution, done: threading.Event) -> None:
        deadline = time.monotonic() + (job.timeout or 0) + GRACE_S
        while not done.wait(MONITORING_S):
            if time.monotonic() > deadline:
                structlog.get_logger().error("job_hangs", job=job.id)
                os.kill(os.getpid(), signal.SIGKILL)
            self.maintain_heartbeats(job, execution)


def run(queues: Queues, name: str, beat: Callable[[], None], *, burst: bool = False) -> None:
    """Work on the queue `name` ("io" or "audio") until told to stop; with `burst` until it is empty.

    `beat` is called every now and then while the worker lives.
    """
    connection = queues.connect(retries=WORKER_RETRIES)
    kind: type[_Beating] = {IO: IoWorker, AUDIO: AudioWorker}[name]
    settings: dict[str, Any] = {
        "connection": connection,
        "serializer": "json",
        "worker_ttl": WORKER_TTL_S,
        "maintenance_interval": MAINTENANCE_S,
        "job_monitoring_interval": MONITORING_S,
        "log_job_description": False,
    }
    worker = kind([queues.queue(name, connection)], **settings)
    worker.beat = beat
    worker.work(burst=burst, with_scheduler=False, logging_level="WARNING")
