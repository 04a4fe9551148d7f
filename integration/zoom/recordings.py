"""A recording as Zoom describes it, in webhooks and in the API alike. Pure.

Texts that say who or what (titles, names, addresses) are kept out of every repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from integration.errors import EventNotUnderstood
from integration.zoom.payloads import Json, count, parts, shown, text, time_ms

LONGEST_ID = 200
TRACK_PREFIX = "Audio only - "
"""What Zoom writes before the name in the file name of one participant's audio."""
READY = frozenset({"completed", ""})
"""States in which a file can be fetched: some kinds of file never get one."""


class FileKind(StrEnum):
    """What a file is to us. TRACK is one participant's own audio, MIXED the audio of all."""

    MIXED = "mixed"
    TRACK = "track"
    VIDEO = "video"
    TIMELINE = "timeline"
    TRANSCRIPT = "transcript"
    OTHER = "other"


_KINDS = {
    "M4A": FileKind.MIXED,
    "MP4": FileKind.VIDEO,
    "TIMELINE": FileKind.TIMELINE,
    "TB": FileKind.TIMELINE,
    "TRANSCRIPT": FileKind.TRANSCRIPT,
}


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """One file. Times are milliseconds since 1970, 0 where Zoom told none; `size` 0 = not told."""

    zoom_id: str
    kind: FileKind
    status: str
    size: int
    start_ms: int
    end_ms: int
    address: str = field(repr=False)
    participant: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting of a recording. `uuid` names this one occurrence, `number` a whole series."""

    uuid: str
    number: str
    host_id: str
    host_email: str = field(repr=False)
    title: str = field(repr=False)
    started_ms: int


@dataclass(frozen=True, slots=True)
class Recording:
    """A meeting and those of its files that Zoom has told of so far."""

    meeting: Meeting
    files: tuple[RecordingFile, ...]


def read_meeting(thing: Json) -> Meeting:
    """The meeting in `thing`. EventNotUnderstood without a usable uuid."""
    uuid = text(thing, "uuid")
    if not uuid or len(uuid) > LONGEST_ID:
        raise EventNotUnderstood("Zoom named no meeting; nothing was taken from it", code="EVENT_FORM")
    return Meeting(
        uuid=uuid,
        number=text(thing, "id"),
        host_id=text(thing, "host_id"),
        host_email=text(thing, "host_email"),
        title=shown(text(thing, "topic")),
        started_ms=time_ms(text(thing, "start_time")),
    )


def read_recording(thing: Json) -> Recording:
    """The recording in `thing`; of two files with one id the later counts."""
    files = [_file(file) for file in parts(thing, "recording_files")]
    files += [_track(file) for file in parts(thing, "participant_audio_files")]
    return Recording(read_meeting(thing), tuple({file.zoom_id: file for file in files}.values()))


def _file(file: Json) -> RecordingFile:
    kind = _KINDS.get(text(file, "file_type").upper(), FileKind.OTHER)
    return _read(file, kind, None)


def _track(file: Json) -> RecordingFile:
    return _read(file, FileKind.TRACK, shown(text(file, "file_name").removeprefix(TRACK_PREFIX)))


def _read(file: Json, kind: FileKind, participant: str | None) -> RecordingFile:
    start = text(file, "recording_start")
    return RecordingFile(
        zoom_id=(text(file, "id") or f"{text(file, 'file_type')}/{text(file, 'recording_type')}/{start}")[:LONGEST_ID],
        kind=kind,
        status=text(file, "status")[:20],
        size=count(file, "file_size"),
        start_ms=time_ms(start),
        end_ms=time_ms(text(file, "recording_end")),
        address=text(file, "download_url"),
        participant=participant,
    )
