"""A practice over real services, the stand-in of Zoom, and a watch over what is logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from integration import wiring
from integration.store.people import PersonKind, add_person
from integration.store.schema import Table
from integration.store.zoom_schema import ZoomConnection
from integration.wiring import Services
from integration.zoom.standin.server import StandIn
from tests.conftest import Clock, settings_for
from tests.integration.zoom.practice import DANA, Practice, serving

assert ZoomConnection.__tablename__ in Table.metadata.tables


@pytest.fixture
def zoom(clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[StandIn]:
    """The stand-in, living by the test's clock; the settings of this process lead to it.

    No address of a person is logged; that no secret is, tests/log_watch.py holds for the whole suite (case 106).
    """
    caplog.set_level(logging.INFO)
    with StandIn(clock=lambda: clock.now_ms / 1000) as stand_in, structlog.testing.capture_logs() as lines:
        for name, value in stand_in.environment().items():
            monkeypatch.setenv(name, value)
        yield stand_in
        assert DANA not in caplog.text + "".join(map(str, lines))


@pytest.fixture
def own_accounts(zoom: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The practice's app is for coaches' own accounts. To be asked for before `services`."""
    monkeypatch.delenv("PARTNERING_ZOOM__ACCOUNT_ID")


@pytest.fixture
def services(
    tmp_path: Path, redis_url: str, clock: Clock, zoom: StandIn, database_url: str
) -> Iterator[Services]:
    """Services that take the stand-in for Zoom."""
    built = wiring.build(settings_for(tmp_path, redis_url, DATABASE_URL=database_url), now_ms=clock)
    Table.metadata.create_all(built.database.engine)
    with built.queues.connect() as redis:
        redis.flushall()
    yield built
    built.database.close()


@pytest.fixture
def practice(services: Services, zoom: StandIn) -> Iterator[Practice]:
    """Dana's practice, its hook open."""
    with services.database.transaction() as tx:
        add_person(tx, DANA, (PersonKind.COACH,), now_ms=services.now_ms(), name="Dana")
    zoom.add_user(DANA)
    with serving(services) as hook:
        yield Practice(services, zoom, hook)
