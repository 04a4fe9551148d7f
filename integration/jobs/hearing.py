"""The hearing inside the audio worker: media out of the vault for a moment, models kept warm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import structlog

from integration.config import SpeechSettings
from integration.errors import StoreBusy, StoreFault
from integration.jobs.given import gather
from integration.store.record import PARTS, Record
from integration.wiring import Services
from processor.model.session import Session
from processor.speech.hearing import Hearing, load_hearing


def hear(services: Services, record: Record, report: Callable[[str, float], None]) -> Session:
    """What was said on the call, with what is known of it besides.

    Plain audio lies in a private folder only while this runs. Parts that an earlier run has finished are not heard
    again; they stay in the vault until the caller drops PARTS.
    """
    settings = services.settings
    with services.vault.plain_folder() as folder:
        given = gather(record, folder)
        hearing = warm_hearing(settings.speech, settings.data_dir.absolute() / "models")
        session, _ = hearing.listen(given.recording, progress=report, checkpoints=SealedParts(record))
    return given.added_to(session)


@dataclass(frozen=True, slots=True)
class SealedParts:
    """Finished parts of a hearing, sealed: any worker can go on with them, and they are erased with the call."""

    record: Record

    def read(self, part: str) -> bytes | None:
        try:
            return b"".join(self.record.vault.read(self.record.call.id, f"{PARTS}-{part}", self.record.key))
        except StoreFault:  # not kept, or damaged: it is heard again
            return None

    def keep(self, part: str, content: bytes) -> None:
        """A part that the store is too busy to keep is no loss now; it would only be heard again."""
        try:
            self.record.keep(f"{PARTS}-{part}", content)
        except StoreBusy as fault:
            structlog.get_logger().warning("part_not_kept", call=self.record.call.id, code=fault.code)


@cache
def warm_hearing(settings: SpeechSettings, models: Path) -> Hearing:
    """This process's hearing: its models are loaded with the first job and serve all that follow."""
    return load_hearing(
        settings.profile,
        cache=models,
        threads=settings.threads or None,
        device=None if settings.device == "auto" else settings.device,
    )
