"""The figures that a monitoring system collects, taken from the database as it is."""

from __future__ import annotations

import socket
import urllib.request

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from integration import wiring
from integration.redis_server import free_port
from integration.store import calls
from integration.store.heartbeats import note_seen
from integration.store.schema import CallFile, StageRun
from integration.store.states import State
from integration.watching import metrics
from integration.watching.pulse import Pulse
from integration.wiring import Services
from tests.conftest import Clock, settings_for

MINUTE_MS = 60_000


@pytest.fixture
def figures(services: Services) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(metrics.Figures(services))
    return registry


def new_call(services: Services, clock: Clock, state: State, due_ms: int) -> int:
    with services.database.transaction() as tx:
        call, _ = calls.add_call(tx, services.keys, origin="zoom", started_ms=0, now_ms=clock())
        call.state = state
        call.files.append(CallFile(zoom_id="a", kind="mixed", start_ms=0, end_ms=10 * MINUTE_MS))
        calls.schedule(tx, call, due_ms=due_ms)
        return call.id


def ran(services: Services, call_id: int, stage: str, milliseconds: int, code: str = "") -> None:
    with services.database.transaction() as tx:
        tx.add(StageRun(call_id=call_id, stage=stage, started_ms=0, milliseconds=milliseconds, code=code))


def test_what_waits_and_for_how_long(services: Services, clock: Clock, figures: CollectorRegistry) -> None:
    """Two calls wait for audio workers, the older for 3 minutes; one that is not due yet does not wait."""
    for due_ms in (clock() - 3 * MINUTE_MS, clock() - MINUTE_MS):
        new_call(services, clock, State.FETCHED, due_ms)
    new_call(services, clock, State.RECEIVED, clock() + MINUTE_MS)
    assert figures.get_sample_value("partnering_waiting_jobs", {"queue": "audio"}) == 2
    assert figures.get_sample_value("partnering_oldest_job_seconds", {"queue": "audio"}) == 180
    assert figures.get_sample_value("partnering_waiting_jobs", {"queue": "io"}) == 0
    assert figures.get_sample_value("partnering_calls", {"state": "fetched"}) == 2


def test_stages_and_the_real_time_factor(services: Services, clock: Clock, figures: CollectorRegistry) -> None:
    """Ten recorded minutes heard in five: 300 s of hearing for 600 s of sound, a factor of 0.5."""
    call_id = new_call(services, clock, State.HEARD, clock())
    assert figures.get_sample_value("partnering_heard_seconds_total") == 0
    ran(services, call_id, "hear", 5 * MINUTE_MS)
    ran(services, call_id, "deliver", 2000)
    ran(services, call_id, "deliver", 1000, "DELIVERY_BUSY")
    list(figures.collect())
    assert figures.get_sample_value("partnering_heard_seconds_total") == 600
    assert figures.get_sample_value("partnering_hearing_seconds_total") == 300
    assert figures.get_sample_value("partnering_stage_seconds_sum", {"stage": "deliver"}) == 2
    labels = {"stage": "deliver", "code": "DELIVERY_BUSY"}
    assert figures.get_sample_value("partnering_stage_endings_total", labels) == 1


def test_when_zoom_was_last_seen(services: Services, clock: Clock, figures: CollectorRegistry) -> None:
    """The last webhook and the last challenge are told as moments, so that an alarm can say how long ago."""
    with services.database.transaction() as tx:
        note_seen(tx, "zoom_webhook", clock())
    seen = figures.get_sample_value("partnering_last_seen_timestamp_seconds", {"name": "zoom_webhook"})
    assert seen == clock() / 1000


def test_a_database_that_is_away_is_a_figure_too(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without its database the collector answers all the same."""
    settings = settings_for(tmp_path_factory.mktemp("away"), "")
    away = settings.model_copy(update={"database_url": f"postgresql://nobody@127.0.0.1:{free_port()}/none"})
    registry = CollectorRegistry()
    registry.register(metrics.Figures(wiring.build(away, now_ms=clock)))
    assert registry.get_sample_value("partnering_database_up") == 0
    assert registry.get_sample_value("partnering_disk_free_bytes")


def test_only_this_machine_can_ask(services: Services) -> None:
    """The figures are served on the loopback address and nowhere else."""
    port = free_port()
    server, thread = metrics.serve(wiring.build(services.settings.model_copy(update={"metrics_port": port}))) or ()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            assert b"partnering_database_up 1.0" in answer.read()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), timeout=2)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_pulse_is_noted_and_leaves_nothing_open(services: Services, clock: Clock) -> None:
    """A process that beats is seen; between beats no connection is open, so that it may fork."""
    pulse = Pulse(services.settings, "clock", clock)
    pulse.beat()
    with services.database.reading() as tx:
        assert tx.execute(text("SELECT name, at_ms FROM heartbeat")).all() == [("clock", clock())]
    assert pulse._database.engine.pool.checkedin() == 0


def test_a_reader_waits_for_no_writer(services: Services) -> None:
    """While somebody writes, the figures can be read (SQLite: outside the write lock)."""
    with services.database.transaction() as writer:
        writer.execute(text("DELETE FROM heartbeat"))
        with services.database.reading() as tx:
            assert tx.execute(text("SELECT count(*) FROM heartbeat")).scalar() == 0
