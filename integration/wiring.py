"""The parts of the product put together from the settings: the composition root.

The web process uses it too, so nothing here may reach the hearing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from integration.config import Settings
from integration.jobs.queues import Queues
from integration.mail.mailer import Mailer, choose_mailer
from integration.store.database import Database
from integration.store.keys import KeyRing, load_key_ring
from integration.store.record import Record, open_record
from integration.store.vault import Vault


def wall_clock_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a stage, a page or a command may need."""

    settings: Settings
    database: Database
    keys: KeyRing
    vault: Vault
    mailer: Mailer
    queues: Queues
    now_ms: Callable[[], int]

    def record(self, call_id: int) -> Record:
        """What is kept of a call. StoreFault NOT_FOUND or ERASED when there is none any more."""
        return open_record(self.database, self.keys, self.vault, call_id, self.now_ms)


def build(settings: Settings, *, now_ms: Callable[[], int] = wall_clock_ms) -> Services:
    """The services that `settings` ask for. Opens nothing but the key files: connections come with first use."""
    data = settings.data_dir.absolute()
    return Services(
        settings=settings,
        database=Database(settings.database),
        keys=load_key_ring(settings.master_key_files, settings.keys_url, data),
        vault=Vault(settings.blobs_url or (data / "vault").as_uri(), data / "scratch"),
        mailer=choose_mailer(settings.mail, data),
        queues=Queues(settings.redis_url),
        now_ms=now_ms,
    )
