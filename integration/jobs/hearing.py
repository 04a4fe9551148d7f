"""The hearing inside the audio worker: media out of the vault for a moment, models kept warm."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from integration.config import SpeechSettings
from integration.jobs.given import gather
from integration.store.record import Record
from integration.wiring import Services
from processor.model.session import Session
from processor.speech.hearing import Hearing, load_hearing


def hear(services: Services, record: Record, report: Callable[[str, float], None]) -> Session:
    """What was said on the call, with what is known of it besides. Plain audio lies in a private folder only
    while this runs."""
    settings = services.settings
    with services.vault.plain_folder() as folder:
        given = gather(record, folder)
        hearing = warm_hearing(settings.speech, settings.data_dir.absolute() / "models")
        session, _ = hearing.listen(given.recording, progress=report)
    return given.added_to(session)


@cache
def warm_hearing(settings: SpeechSettings, models: Path) -> Hearing:
    """This process's hearing: its models are loaded with the first job and serve all that follow."""
    return load_hearing(
        settings.profile,
        cache=models,
        threads=settings.threads or None,
        device=None if settings.device == "auto" else settings.device,
    )
