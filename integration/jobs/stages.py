"""What each stage does, given the services. A stage reads what the one before kept and keeps its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from integration import delivery, reading
from integration.jobs import hearing
from integration.privacy.retention import audio_days
from integration.store import calls
from integration.store.calls import Lease
from integration.store.record import FINDINGS, MEDIA, PARTS, WORDS
from integration.wiring import Services
from integration.zoom import fetching
from processor.errors import RecordingUnusable


@dataclass(frozen=True, slots=True)
class Task:
    """One run: the lease it holds, and where to tell how far it is (which raises LeaseLost when it must stop)."""

    lease: Lease
    report: Callable[[str, float], None]

    @property
    def call_id(self) -> int:
        return self.lease.call_id

    def confirm(self, services: Services) -> None:
        """Make sure that the call is still this run's, before something that cannot be undone. LeaseLost if not."""
        with services.database.transaction() as tx:
            calls.renew(tx, self.lease, services.now_ms())


def fetch(services: Services, task: Task) -> None:
    """Bring the recording's files from Zoom into the vault. What was made of an earlier recording goes."""
    record = services.record(task.call_id)
    record.drop(WORDS)
    record.drop(FINDINGS)
    with services.database.transaction() as tx:
        calls.get_call(tx, task.call_id).words_erased = False  # of what is heard now they are not
    services.vault.erase_parts(task.call_id)
    fetching.fetch_call(services, task.call_id, task.report)


def hear(services: Services, task: Task) -> None:
    """Turn the audio into words and who spoke when; the audio is erased afterwards unless it is to be kept.

    Parts that are finished outlive this run, so that the next one goes on behind them, until the words are kept.

    Words that are kept already are not heard again: a worker that was killed after it kept them may have
    erased the audio too.
    """
    record = services.record(task.call_id)
    if WORDS not in record.names():
        try:
            record.keep_session(hearing.hear(services, record, task.report))
        except RecordingUnusable:
            record.drop(PARTS)
            raise
    record.drop(PARTS)
    if audio_days(services.settings.retention, record.call) == 0:
        record.drop(MEDIA)


def analyse(services: Services, task: Task) -> None:
    """Read the words: who led, which phases, how the floor went."""
    record = services.record(task.call_id)
    task.report("reading", 0.0)
    with services.database.transaction() as tx:
        seconds = calls.stage_seconds(tx, task.call_id)
    record.keep_findings(*reading.read(record.session(), services.settings.speech.profile, seconds))


def deliver(services: Services, task: Task) -> None:
    """Mail the coach that the report is ready."""
    delivery.deliver(services, services.record(task.call_id), lambda: task.confirm(services))
