"""A practice of its own for each journey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from redis import Redis

from tests.journeys.office import Office
from tests.journeys.parts import Nursery
from tests.journeys.practice import Practice


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where the product's processes are forked from."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def practice(tmp_path: Path, nursery: Nursery) -> Iterator[Practice]:
    """Redis, mail server and Zoom run; the product's own parts are started by the test."""
    with Practice(tmp_path, nursery) as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, redis_url: str, browser: Browser) -> Iterator[Office]:
    """The web app in its own process; clients may be invited. Nobody has tried a code yet."""
    with Redis.from_url(redis_url) as redis:
        redis.flushall()
    with Office(tmp_path, redis_url, browser, PARTNERING_CONSENT__INVITE_CLIENTS="true") as running:
        yield running
