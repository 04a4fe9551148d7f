"""A practice over real services, without its web pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from integration import wiring
from integration.store.sharing_schema import Invitation
from integration.web.app import create_app
from integration.wiring import Services
from tests.conftest import Clock, settings_for
from tests.practices import Practice


@pytest.fixture
def services(tmp_path: Path, redis_url: str, clock: Clock) -> Iterator[Services]:
    built = wiring.build(settings_for(tmp_path, redis_url), now_ms=clock)
    Invitation.metadata.create_all(built.database.engine)
    with built.queues.connect() as redis:
        redis.flushall()
    yield built
    built.database.close()


@pytest.fixture
def practice(services: Services) -> Practice:
    return Practice(create_app(services), services)
