"""Real parts for the tests: a Redis of our own, a PostgreSQL, a folder for everything that is kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from integration import config, wiring
from integration.redis_server import redis_server
from integration.wiring import Services


def missing(what: str, package: str) -> None:
    """Skip aloud because `what` is not on this machine; where services are required, fail instead."""
    sentence = f"{what} is not on this machine; install the Debian package {package}"
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis for the whole run; each test that cares flushes it."""
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, for pages as people see them."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("Chromium", "chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now_ms: int = 1_794_000_000_000) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms

    def pass_time(self, ms: int) -> None:
        self.now_ms += ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(tmp_path: Path, redis_url: str, clock: Clock) -> Iterator[Services]:
    """Services on a fresh SQLite, a fresh vault, a mail folder, and an empty Redis."""
    built = wiring.build(settings_for(tmp_path, redis_url), now_ms=clock)
    built.database.migrate()
    with built.queues.connect() as redis:
        redis.flushall()
    yield built
    built.database.close()


def settings_for(folder: Path, redis_url: str, **more: object) -> config.Settings:
    """Settings that keep everything in `folder` and leave the environment out."""
    return config.from_env({"data_dir": folder / "var", "REDIS_URL": redis_url, "DATABASE_URL": "", **more})
