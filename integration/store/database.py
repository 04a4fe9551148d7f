"""The database: one schema for SQLite and PostgreSQL, one way to change it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from integration.errors import StoreBusy

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another. With WAL and BEGIN IMMEDIATE, 4 processes x 200 transactions had no failure."""

INSIST_S = (5, 10, 20)
"""Waits between tries to write what must not be lost; with BUSY_TIMEOUT_MS for each try, all fit into a lease."""
READS = "partnering_reads"
"""The option of a connection that it only reads."""
PASSING_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
PASSING_POSTGRESQL = (None, "40001", "40P01", "53100", "53300", "55P03", "57P01", "57P02", "57P03")
"""None = there is no connection; then serialisation, deadlock, full disk, too many connections, lock
timeout, the server stops."""


class Database:
    """Transactions against the database at `url`.

    `transaction()` gives a session that commits at its end or rolls everything back. Keep it short: no
    download, hearing or mail inside. Raises StoreBusy when another writer holds the database for too long.
    """

    def __init__(self, url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            _private_folder(url)
        self.engine = _sqlite(url, busy_timeout_ms) if self.is_sqlite else _postgresql(url, busy_timeout_ms)
        self._session = sessionmaker(self.engine, expire_on_commit=False)
        self._reading = sessionmaker(self.engine.execution_options(**{READS: True}), expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        try:
            with self._session.begin() as session:
                yield session
        except OperationalError as fault:
            if not _is_passing(fault):
                raise
            raise StoreBusy("the database is busy or away; the same work will be tried again") from None

    def insist(self, change: Callable[[Session], None]) -> None:
        """Commit `change`; a busy database is asked again, so that what took long to get is not lost to a backup.

        Raises StoreBusy after the last try, 75 seconds later at most.
        """
        for wait_s in (*INSIST_S, None):
            try:
                with self.transaction() as tx:
                    change(tx)
            except StoreBusy:
                if wait_s is None:
                    raise
                time.sleep(wait_s)
            else:
                return

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment and changes nothing: with SQLite it waits for no writer and holds none up.

        Raises StoreBusy as `transaction` does.
        """
        try:
            with self._reading() as session:
                yield session
                session.rollback()
        except OperationalError as fault:
            if not _is_passing(fault):
                raise
            raise StoreBusy("the database is busy or away; the same work will be tried again") from None

    def revisions(self) -> tuple[str | None, str | None]:
        """The revision of the schema that is there, and the one that this version needs."""
        with self.engine.connect() as connection:
            there = MigrationContext.configure(connection).get_current_revision()
        return there, ScriptDirectory.from_config(self._alembic()).get_current_head()

    def migrate(self, revision: str = "head") -> None:
        """Bring the schema to `revision`; running it again changes nothing."""
        command.upgrade(self._alembic(), revision)

    def downgrade(self, revision: str) -> None:
        """Take the schema back to `revision`."""
        command.downgrade(self._alembic(), revision)

    def is_reachable(self) -> bool:
        """Whether the database answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except OperationalError:
            return False
        return True

    def close(self) -> None:
        self.engine.dispose()

    def _alembic(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["engine"] = self.engine
        return config


def _is_passing(fault: OperationalError) -> bool:
    """Whether the same transaction may work later: a lock, a full disk, a server that is away."""
    if fault.connection_invalidated:
        return True
    name = getattr(fault.orig, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(PASSING_SQLITE)
    return getattr(fault.orig, "sqlstate", None) in PASSING_POSTGRESQL


def _private_folder(url: str) -> None:
    path = url.removeprefix("sqlite:///")
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def _sqlite(url: str, busy_timeout_ms: int) -> Engine:
    engine = create_engine(url, connect_args={"timeout": busy_timeout_ms / 1000})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={busy_timeout_ms}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _take_the_write_lock_first(connection: Any) -> None:
        # A transaction that reads and then writes would fail under WAL when another wrote in between.
        connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(READS) else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: str, busy_timeout_ms: int) -> Engine:
    return create_engine(
        url, pool_pre_ping=True, connect_args={"options": f"-c lock_timeout={busy_timeout_ms} -c timezone=UTC"}
    )
