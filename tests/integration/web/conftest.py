"""The web app over real services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from integration import wiring
from integration.store.sharing_schema import Invitation
from integration.web.app import create_app
from integration.wiring import Services
from tests.conftest import Clock, settings_for
from tests.practices import Practice


@pytest.fixture
def services(tmp_path: Path, redis_url: str, clock: Clock) -> Iterator[Services]:
    """Services on a fresh SQLite, a fresh vault, a mail folder, and an empty Redis."""
    built = wiring.build(settings_for(tmp_path, redis_url), now_ms=clock)
    Invitation.metadata.create_all(built.database.engine)
    with built.queues.connect() as redis:
        redis.flushall()
    yield built
    built.database.close()


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def practice(app: Flask, services: Services) -> Practice:
    return Practice(app, services)
