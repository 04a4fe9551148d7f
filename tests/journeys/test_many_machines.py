"""Web app, clock and two workers of each kind, each on a machine of its own: they share PostgreSQL, Redis, a blob store
and the master key file, and no folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from integration.store.heartbeats import last_seen
from integration.store.schema import Call
from integration.store.states import State
from tests.blob_store import BlobStore, blob_store
from tests.conftest import empty_postgresql
from tests.integration.zoom.practice import film
from tests.journeys.parts import Nursery, Part
from tests.journeys.practice import LEASE_OVER_MS, Practice, message_ids

pytestmark = pytest.mark.journey

FETCHES, READS = 8, 4


@pytest.fixture
def store() -> Iterator[BlobStore]:
    with blob_store() as running:
        yield running


@pytest.fixture
def practice(tmp_path: Path, nursery: Nursery, postgresql_url: str, store: BlobStore) -> Iterator[Practice]:
    empty_postgresql(postgresql_url)
    (tmp_path / "master.key").write_bytes(Fernet.generate_key())
    shared = {
        "DATABASE_URL": postgresql_url,
        "PARTNERING_MASTER_KEY_FILES": f'["{tmp_path / "master.key"}"]',
        "PARTNERING_WEB__SECRET_KEY": "the same on every web machine",
        **store.environment(),
    }
    with Practice(tmp_path, nursery, **shared) as running:
        yield running


def on_its_own(practice: Practice, number: int, *command: str) -> Part:
    """A part on a machine of its own: a data folder that no other part has."""
    return practice.start(*command, PARTNERING_DATA_DIR=str(practice.folder / f"machine-{number}"))


def files_of_machines(practice: Practice) -> list[str]:
    """What lies in the machines' own folders."""
    return [path.name for path in practice.folder.glob("machine-*/**/*") if path.is_file()]


def test_calls_are_shared_among_machines(practice: Practice, store: BlobStore) -> None:
    """Webhooks come in at one machine; two fetch, two read, and one of each may die: every call is carried on once.

    What Zoom recorded here lasts an eighth of a second, so the hearing refuses it after the fetch.
    """
    practice.serve()
    on_its_own(practice, 1, "clock")
    fetching = [on_its_own(practice, number, "worker", "io") for number in (2, 3)]
    reading = [on_its_own(practice, number, "worker", "audio") for number in (4, 5)]
    told = [practice.zoom.tell_completed(practice.record(film()), f"{practice.web_url}/zoom/events")
            for _ in range(FETCHES)]  # fmt: skip
    assert [answer.status for answer in told] == [204] * FETCHES
    read = [practice.call_at(State.HEARD) for _ in range(READS)]
    practice.until(lambda: any(practice.call(one).state != State.HEARD for one in read), "reading has begun")
    for dying in (fetching[0], reading[0]):
        dying.kill()
    practice.pass_time(LEASE_OVER_MS)
    fetched = [call_id for call_id in all_calls(practice) if call_id not in read]
    for call_id in fetched:
        practice.until_state(call_id, State.REFUSED)
    for call_id in read:
        practice.until_state(call_id, State.DELIVERED)
    assert [practice.runs(call_id) for call_id in fetched] == [[("fetch", ""), ("hear", "TOO_SHORT")]] * FETCHES
    assert len(message_ids(practice)) in {READS, READS + 1}
    assert len(set(message_ids(practice))) == READS
    assert len([name for name in store.names() if name.startswith("vault/") and "media-mixed" in name]) == FETCHES
    assert files_of_machines(practice) == []


def test_every_machine_is_seen(practice: Practice) -> None:
    """Each process shows in the shared database that it lives."""
    on_its_own(practice, 1, "clock")
    on_its_own(practice, 2, "worker", "io")

    def seen() -> set[str]:
        with practice.services.database.reading() as tx:
            return {name.split(" on ")[0] for name in last_seen(tx)}

    practice.until(lambda: seen() >= {"clock", "worker io"}, "clock and worker are seen")


def test_the_database_drops_every_connection(practice: Practice) -> None:
    """A restart of PostgreSQL while a recording is fetched costs no work: connections are made anew."""
    practice.zoom.world.misbehave("host", "drip", value=0.003)
    call_id = practice.tell(practice.record(film(400)))
    on_its_own(practice, 1, "worker", "io")
    clock = on_its_own(practice, 2, "clock")
    practice.until(lambda: bool(practice.zoom.world.noted("host")), "the recording comes")
    with practice.services.database.engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        connection.execute(text(others + " AND backend_type = 'client backend'"))
    practice.until_state(call_id, State.FETCHED)
    assert practice.runs(call_id) == [("fetch", "")]
    assert clock.status() is None


def all_calls(practice: Practice) -> list[int]:
    with practice.services.database.reading() as tx:
        return [call.id for call in tx.query(Call).order_by(Call.id)]
