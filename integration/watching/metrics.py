"""Figures for Prometheus, on the loopback address: how much waits, how long work takes, what fails, who lives.

Labels are states, stages, queues, error codes and names of machines: nothing of a call or a person. The clock
serves them, because there is one of it and everything it needs is in the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integration.errors import StoreBusy
from integration.jobs.queues import QUEUE_OF
from integration.store.heartbeats import last_seen
from integration.store.schema import Call, CallFile, OutboxEntry, StageRun
from integration.store.states import Stage
from integration.watching.disk import room_for
from integration.wiring import Services

LOOPBACK = "127.0.0.1"


def serve(services: Services) -> tuple[WSGIServer, Thread] | None:
    """Serve the figures at settings.metrics_port of the loopback address, in a thread; port 0 = not at all."""
    if not services.settings.metrics_port:
        return None
    registry = CollectorRegistry()
    registry.register(Figures(services))
    return start_http_server(services.settings.metrics_port, LOOPBACK, registry)


class Figures(Collector):
    """Reads the figures when they are asked for. Runs that ended are counted from the start of this process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._count: Counter[str] = Counter()
        self._milliseconds: Counter[str] = Counter()
        self._failed: Counter[tuple[str, str]] = Counter()
        self._heard_ms = self._hearing_ms = 0
        self._last_run: int | None = None

    def collect(self) -> Iterator[Metric]:
        yield from self._machine()
        try:
            with self._services.database.reading() as tx:
                figures = [*self._work(tx), *self._runs(tx), self._seen(tx)]
        except StoreBusy:
            yield GaugeMetricFamily("partnering_database_up", "1 = the database answers", 0)
            return
        yield GaugeMetricFamily("partnering_database_up", "1 = the database answers", 1)
        yield from figures

    def _machine(self) -> Iterator[Metric]:
        disk = room_for(self._services.settings.data_dir)
        yield GaugeMetricFamily("partnering_disk_free_bytes", "Room left where the data folder lies", disk.free)
        yield GaugeMetricFamily("partnering_disk_bytes", "Room in all where the data folder lies", disk.total)

    def _work(self, tx: Session) -> Iterator[Metric]:
        now = self._services.now_ms()
        states = GaugeMetricFamily("partnering_calls", "Calls by state", labels=["state"])
        for state, count in tx.execute(select(Call.state, func.count()).group_by(Call.state)):
            states.add_metric([state], count)
        yield states
        waiting = GaugeMetricFamily("partnering_waiting_jobs", "Work that is due and not begun", labels=["queue"])
        oldest = GaugeMetricFamily("partnering_oldest_job_seconds", "Age of the oldest such work", labels=["queue"])
        found: dict[str, list[int]] = {queue: [] for queue in QUEUE_OF.values()}
        due = select(OutboxEntry.stage, func.count(), func.min(OutboxEntry.due_ms)).join(Call)
        due = due.where(OutboxEntry.due_ms <= now, Call.lease_until_ms <= now, Call.trashed.is_(False))
        for stage, count, since in tx.execute(due.group_by(OutboxEntry.stage)):
            found[QUEUE_OF[Stage(stage)]] += [count, now - since]
        for queue, pairs in found.items():
            waiting.add_metric([queue], sum(pairs[::2]))
            oldest.add_metric([queue], max(pairs[1::2], default=0) / 1000)
        yield waiting
        yield oldest

    def _runs(self, tx: Session) -> Iterator[Metric]:
        self._count_new_runs(tx)
        took = SummaryMetricFamily("partnering_stage_seconds", "How long runs that ended well took", labels=["stage"])
        for stage, count in self._count.items():
            took.add_metric([stage], count, self._milliseconds[stage] / 1000)
        yield took
        failed = CounterMetricFamily("partnering_stage_endings", "Runs that ended otherwise", labels=["stage", "code"])
        for (stage, code), count in self._failed.items():
            failed.add_metric([stage, code], count)
        yield failed
        heard = "Seconds of recordings that were heard; hearing seconds through this is the real-time factor"
        yield CounterMetricFamily("partnering_heard_seconds", heard, self._heard_ms / 1000)
        spent = "Seconds that the hearing of them took"
        yield CounterMetricFamily("partnering_hearing_seconds", spent, self._hearing_ms / 1000)

    def _count_new_runs(self, tx: Session) -> None:
        if self._last_run is None:
            self._last_run = tx.scalar(select(func.max(StageRun.id))) or 0
        recorded = (
            select(func.max(CallFile.end_ms - CallFile.start_ms))
            .where(CallFile.call_id == StageRun.call_id)
            .scalar_subquery()
        )
        new = select(StageRun.id, StageRun.stage, StageRun.code, StageRun.milliseconds, recorded)
        for run, stage, code, milliseconds, recorded_ms in tx.execute(new.where(StageRun.id > self._last_run)):
            self._last_run = max(self._last_run, run)
            if code:
                self._failed[stage, code] += 1
                continue
            self._count[stage] += 1
            self._milliseconds[stage] += milliseconds
            if stage == Stage.HEAR and recorded_ms:
                self._heard_ms += recorded_ms
                self._hearing_ms += milliseconds

    def _seen(self, tx: Session) -> Metric:
        seen = GaugeMetricFamily(
            "partnering_last_seen_timestamp_seconds", "When a worker, webhook, challenge was last seen", labels=["name"]
        )
        for name, at_ms in last_seen(tx).items():
            seen.add_metric([name], at_ms / 1000)
        return seen
