"""One schema, one way to change it, and writers that wait for each other."""

from __future__ import annotations

import multiprocessing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from integration.errors import StoreBusy
from integration.store.database import Database
from integration.store.schema import Heartbeat, Table
from integration.wiring import Services
from tests.integration.store.writer import write

WRITERS, WRITES = 4, 50


@pytest.fixture
def database(services: Services) -> Database:
    return services.database


def test_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    """After all migrations nothing is missing and nothing is left over."""
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_migrating_twice_and_back_is_safe(database: Database) -> None:
    """Migrating again changes nothing; going all the way back leaves no table of ours."""
    database.migrate()
    database.downgrade("base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    database.migrate()
    assert "call" in inspect(database.engine).get_table_names()


def test_four_writers_lose_nothing(database: Database) -> None:
    """Four processes that read and write at once all succeed."""
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=write, args=(database.url, f"w{i}", WRITES)) for i in range(WRITERS)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * WRITERS
    with database.transaction() as tx:
        assert tx.scalar(select(func.sum(Heartbeat.at_ms))) == WRITERS * WRITES


def test_a_locked_database_is_busy_and_not_broken(database: Database) -> None:
    """When another holds the database for too long, the caller learns that it may try again."""
    impatient = Database(database.url, busy_timeout_ms=50)
    with database.transaction() as tx:
        tx.add(Heartbeat(name="a", at_ms=1))
    with database.transaction() as holder:
        holder.execute(update(Heartbeat).values(at_ms=2))
        with pytest.raises(StoreBusy), impatient.transaction() as tx:
            tx.execute(update(Heartbeat).values(at_ms=3))
    impatient.close()


def test_a_wrong_statement_is_a_bug_and_not_a_wait(database: Database) -> None:
    """A table that is not there is told as what it is, although its name holds the word connect."""
    with pytest.raises(DBAPIError), database.transaction() as tx:
        tx.execute(text("SELECT * FROM disconnected"))


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    """What was written before an error is rolled back."""

    def fail() -> None:
        with database.transaction() as tx:
            tx.add(Heartbeat(name="a", at_ms=1))
            tx.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.transaction() as tx:
        assert tx.get(Heartbeat, "a") is None


def test_the_database_says_whether_it_answers(database: Database) -> None:
    """A database that is there answers; one whose server is away does not."""
    assert database.is_reachable()
    assert not Database("postgresql+psycopg://nobody@127.0.0.1:1/none").is_reachable()
