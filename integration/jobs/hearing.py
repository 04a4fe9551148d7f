"""The hearing inside the audio worker: media out of the vault for a moment, models kept warm."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from integration.config import SpeechSettings
from integration.store.record import MEDIA, Record
from integration.store.schema import CallFile
from integration.wiring import Services
from processor.errors import RecordingUnusable
from processor.model.session import Session
from processor.speech.hearing import Hearing, load_hearing
from processor.speech.recording import Recording, Track

MIXED, TRACK = f"{MEDIA}-mixed-", f"{MEDIA}-track-"


def hear(services: Services, record: Record, report: Callable[[str, float], None]) -> Session:
    """What was said on the call. Plain audio lies in a private folder only while this runs."""
    settings = services.settings
    with services.vault.plain_folder() as folder:
        recording = _recording(record, folder)
        hearing = warm_hearing(settings.speech, settings.data_dir.absolute() / "models")
        session, _ = hearing.listen(recording, progress=report)
    return session


@cache
def warm_hearing(settings: SpeechSettings, models: Path) -> Hearing:
    """This process's hearing: its models are loaded with the first job and serve all that follow."""
    return load_hearing(
        settings.profile,
        cache=models,
        threads=settings.threads or None,
        device=None if settings.device == "auto" else settings.device,
    )


def _recording(record: Record, folder: Path) -> Recording:
    files = {file.id: file for file in record.call.files}
    begin = min((file.start_ms for file in files.values() if file.start_ms), default=0)
    mixed: list[Track] = []
    tracks: list[Track] = []
    for name in record.names():
        if name.startswith((MIXED, TRACK)):
            file = files[int(name.rpartition("-")[2])]
            path = record.vault.write_plain(record.call.id, name, record.key, folder / name)
            track = Track(_name(record, file), path, max(0, file.start_ms - begin))
            (tracks if name.startswith(TRACK) else mixed).append(track)
    if not mixed and not tracks:
        raise RecordingUnusable("nothing of this recording is kept that could be heard", code="NO_AUDIO")
    return Recording(mixed=mixed[0].path if mixed else None, tracks=tuple(tracks))


def _name(record: Record, file: CallFile) -> str | None:
    sealed = file.participant_sealed
    return None if sealed is None else record.key.open_text(sealed, f"participant:{file.zoom_id}")
