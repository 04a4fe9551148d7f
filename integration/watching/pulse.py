"""How a long-running process shows that it lives."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from integration.config import Settings
from integration.errors import StoreBusy
from integration.store.database import Database
from integration.store.heartbeats import note_seen

EVERY_S = 30
PATIENCE_MS = 500


class Pulse:
    """Notes now and then that the process called `name` lives. Call `beat` as often as you like.

    A database that is busy costs half a second and one beat. No connection is left open between beats,
    because a worker forks and SQLite's locks do not survive that.
    """

    def __init__(self, settings: Settings, name: str, now_ms: Callable[[], int]) -> None:
        self._database = Database(settings.database, busy_timeout_ms=PATIENCE_MS)
        self._name, self._now_ms = name, now_ms
        self._next = 0.0

    def beat(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY_S
        try:
            with self._database.transaction() as tx:
                note_seen(tx, self._name, self._now_ms())
        except StoreBusy as fault:
            structlog.get_logger().info("not_noted", worker=self._name, code=fault.code)
        finally:
            self._database.close()
