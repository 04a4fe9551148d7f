"""Real parts for the tests: a Redis of our own, a PostgreSQL, a folder for everything that is kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, text

from integration import config, wiring
from integration.redis_server import redis_server
from integration.wiring import Services
from tests.log_watch import pytest_configure
from tests.postgresql import find_programs, postgresql_server

__all__ = ["pytest_configure"]  # the watch over what the suite logs begins with the run


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


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL for the whole run; who uses it empties it first."""
    if find_programs() is None:
        missing("PostgreSQL", "postgresql")
    with tempfile.TemporaryDirectory(prefix="partnering-postgresql-") as folder:  # its own user must get there
        Path(folder).chmod(0o711)
        with postgresql_server(Path(folder) / "server") as url:
            yield url


def empty_postgresql(url: str) -> None:
    """Leave nothing in the database at `url`."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))  # what tests write need not outlive a power cut
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


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
def database_url() -> str:
    """The address of an empty database; "" = SQLite in the data folder. Folders whose tests must hold on both
    take the fixture of tests/both_databases.py instead."""
    return ""


@pytest.fixture
def services(tmp_path: Path, redis_url: str, clock: Clock, database_url: str) -> Iterator[Services]:
    """Services on a fresh database, a fresh vault, a mail folder, and an empty Redis."""
    built = wiring.build(settings_for(tmp_path, redis_url, DATABASE_URL=database_url), now_ms=clock)
    built.database.migrate()
    with built.queues.connect() as redis:
        redis.flushall()
    yield built
    built.database.close()


def settings_for(folder: Path, redis_url: str, **more: object) -> config.Settings:
    """Settings that keep everything in `folder` and leave the environment out."""
    return config.from_env({"data_dir": folder / "var", "REDIS_URL": redis_url, "DATABASE_URL": "", **more})
