"""The database locked and the disk full: work waits, webhooks are delivered again, nothing is lost."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from integration.store.states import State
from tests.integration.zoom.practice import film
from tests.journeys.practice import Practice

pytestmark = pytest.mark.journey

MINUTE_MS = 60_000
MEGABYTE = 1 << 20


@contextmanager
def locked(practice: Practice) -> Iterator[None]:
    """Another program holds SQLite's write lock: a backup, an administrator's shell."""
    file = practice.folder / "var" / "partnering.sqlite3"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_the_database_locked_while_a_webhook_comes(practice: Practice) -> None:
    """Zoom is told within its 3 seconds to deliver again, and does: the recording is taken in once."""
    practice.serve()
    meeting = practice.record(film())
    sender = practice.zoom.sender(f"{practice.web_url}/zoom/events")
    sender.validate()
    event = practice.zoom.event(meeting)
    with locked(practice):
        refused = sender.deliver(event)
    assert refused.status == 503
    assert refused.seconds < 3
    assert [sender.deliver(event).status for _ in range(2)] == [204, 204]
    practice.start("worker", "io")
    practice.until_state(1, State.FETCHED)
    assert practice.runs(1) == [("fetch", "")]


def test_the_database_locked_when_a_stage_ends(practice: Practice) -> None:
    """A letter that left is noted as sent once the database is free (here after 12 s, more than one try waits)."""
    call_id = practice.call_at(State.ANALYSED)
    practice.start("worker", "io")
    with_lock = locked(practice)

    def take_and_lock() -> str:
        with_lock.__enter__()
        return "250 taken"

    practice.post.answers.append(take_and_lock)
    practice.until(lambda: len(practice.post.letters) == 1, "the letter was taken")
    time.sleep(12)
    with_lock.__exit__(None, None, None)
    practice.start("clock")
    practice.pass_time(2 * MINUTE_MS)
    practice.until_state(call_id, State.DELIVERED)
    assert len({str(letter["Message-ID"]) for letter in practice.post.letters}) == 1
    assert len(practice.post.letters) <= 2


def test_the_disk_full_while_a_recording_is_fetched(practice: Practice) -> None:
    """The call waits with a reason, keeps nothing half-written, and goes on once there is room."""
    content = film(3 * MEGABYTE)
    full = practice.start("worker", "io", JOURNEY_BYTES=str(MEGABYTE))
    call_id = practice.tell(practice.record(content))
    practice.hand_over()
    practice.until(lambda: practice.runs(call_id) == [("fetch", "VAULT_FULL")], "the fetch ended for want of room")
    assert practice.call(call_id).state == State.RECEIVED
    assert practice.vault_files(call_id) == []
    full.kill()
    practice.start("worker", "io")
    practice.start("clock")
    practice.pass_time(2 * MINUTE_MS)
    practice.until_state(call_id, State.FETCHED)
    (kept,) = practice.artefacts(call_id)
    assert kept.size == len(content)


def test_the_disk_full_for_the_database(practice: Practice) -> None:
    """When the database itself cannot grow, a webhook is refused for now and taken in later."""
    web = practice.serve(JOURNEY_BYTES="4096")
    meeting = practice.record(film())
    sender = practice.zoom.sender(f"{practice.web_url}/zoom/events")
    assert sender.deliver(practice.zoom.event(meeting)).status == 503
    web.kill()
    practice.serve()
    assert sender.deliver(practice.zoom.event(meeting)).status == 204
    assert practice.call(1).state == State.RECEIVED
