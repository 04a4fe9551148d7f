"""A process that reads and then writes, many times: what fails under SQLite's defaults."""

from __future__ import annotations

from integration.store.database import Database
from integration.store.schema import Heartbeat


def write(url: str, name: str, times: int) -> None:
    """Count to `times`, one transaction each."""
    database = Database(url)
    for _ in range(times):
        with database.transaction() as tx:
            row = tx.get(Heartbeat, name) or Heartbeat(name=name, at_ms=0)
            row.at_ms += 1
            tx.add(row)
    database.close()
