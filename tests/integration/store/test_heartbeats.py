"""When something was last seen, noted by many at once."""

from __future__ import annotations

import threading
import time

from integration.store.heartbeats import last_seen, note_seen
from integration.wiring import Services

NAME = "worker io on this machine"


def test_the_latest_counts(services: Services) -> None:
    """Seen twice is one line with the later time."""
    for now_ms in (1000, 2000):
        with services.database.transaction() as tx:
            note_seen(tx, NAME, now_ms)
    with services.database.reading() as tx:
        assert last_seen(tx) == {NAME: 2000}


def test_two_of_one_name_start_at_once(services: Services) -> None:
    """Two workers of one machine note themselves for the first time before either has committed: neither fails."""
    faults: list[Exception] = []

    def second() -> None:
        try:
            with services.database.transaction() as tx:
                note_seen(tx, NAME, 2000)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it would have ended a worker
            faults.append(fault)

    thread = threading.Thread(target=second)
    with services.database.transaction() as tx:
        note_seen(tx, NAME, 1000)
        thread.start()
        time.sleep(0.3)
    thread.join()
    assert faults == []
    with services.database.reading() as tx:
        assert last_seen(tx) == {NAME: 2000}
