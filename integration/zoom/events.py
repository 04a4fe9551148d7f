"""What Zoom told, as values. Pure: bytes go in, one frozen event comes out.

Zoom's forms vary more than its documents say, so what is needed is read leniently and what is unknown
does no harm.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from integration.errors import EventNotUnderstood
from integration.zoom.payloads import Json, count, part, parts, text, texts, time_ms
from integration.zoom.recordings import LONGEST_ID, Meeting, Recording, read_meeting, read_recording

SECONDS_BELOW = 100_000_000_000
"""An event_ts below this counts seconds: as milliseconds it would lie before March 1973."""


class Fate(StrEnum):
    """What became of a recording, or of one of its files, at Zoom."""

    LIVE = "live"
    TRASHED = "trashed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class RecordingReady:
    """Files are ready: recording.completed or recording.transcript_completed, each as often as Zoom likes."""

    recording: Recording
    download_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Moved:
    """One recording that was trashed, deleted or recovered; without `file_ids` the whole of it."""

    meeting_uuid: str
    file_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingsMoved:
    """Recordings were trashed, deleted or recovered, one or many at a time."""

    fate: Fate
    recordings: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class RecordingRenamed:
    """The recording has a new title."""

    meeting_uuid: str
    title: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MeetingEnded:
    """A meeting is over: whoever was there has left."""

    meeting: Meeting
    ended_ms: int


@dataclass(frozen=True, slots=True)
class ParticipantMoved:
    """Somebody came (`joined`) or left. `person` is a number within the meeting; who it was is not read."""

    meeting: Meeting
    person: str
    at_ms: int
    joined: bool


@dataclass(frozen=True, slots=True)
class AppDeauthorized:
    """Somebody removed the app `client_id`. Unless `keep_data`, what is held of them goes."""

    user_id: str
    client_id: str
    keep_data: bool


@dataclass(frozen=True, slots=True)
class Challenge:
    """Zoom asks whether this door is ours (endpoint.url_validation)."""

    plain_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unhandled:
    """An event that Partnering has no use for."""


Content = (
    RecordingReady
    | RecordingsMoved
    | RecordingRenamed
    | MeetingEnded
    | ParticipantMoved
    | AppDeauthorized
    | Challenge
    | Unhandled
)


@dataclass(frozen=True, slots=True)
class Event:
    """One delivery. `told_ms` is when Zoom says it happened; `key` is the same for every delivery of one event."""

    name: str
    account_id: str
    told_ms: int
    key: str
    content: Content


def parse(body: bytes) -> Event:
    """The event in a webhook's body.

    EventNotUnderstood: EVENT_JSON when it is no event at all, EVENT_FORM when it lacks what its kind needs.
    """
    try:
        envelope = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise EventNotUnderstood("a signed webhook is no JSON; nothing was taken from it", code="EVENT_JSON") from fault
    if not isinstance(envelope, dict) or not isinstance(envelope.get("event"), str):
        raise EventNotUnderstood("a signed webhook names no event; nothing was taken from it", code="EVENT_JSON")
    name = text(envelope, "event")[:80]
    payload = part(envelope, "payload")
    account = (text(payload, "account_id") or text(part(payload, "object"), "account_id"))[:100]
    told_ms = _told_ms(envelope, payload)
    content = _CONTENT.get(name, _unhandled)(envelope, payload)
    return Event(name, account, told_ms, _key([name, account, str(told_ms), *_identity(content, payload)]), content)


def _told_ms(envelope: Json, payload: Json) -> int:
    """When it happened. app_deauthorized tells it inside the payload, and as a date."""
    told = count(envelope, "event_ts") or count(payload, "event_ts")
    if 0 < told < SECONDS_BELOW:
        told *= 1000
    return told or time_ms(text(payload, "event_ts")) or time_ms(text(payload, "deauthorization_time"))


def _identity(content: Content, payload: Json) -> list[str]:
    """What makes one event the same when it is delivered again with other spaces, key order or token."""
    match content:
        case RecordingReady(recording=recording):
            files = sorted(f"{file.zoom_id}:{file.status}:{file.size}" for file in recording.files)
            return [recording.meeting.uuid, *files]
        case RecordingsMoved(recordings=moved):
            return sorted(f"{one.meeting_uuid}:{','.join(sorted(one.file_ids))}" for one in moved)
        case ParticipantMoved(meeting=meeting, person=person, at_ms=at_ms):
            return [meeting.uuid, person, str(at_ms)]
        case _:
            return [json.dumps(payload, sort_keys=True)]


def _key(identity: list[str]) -> str:
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()


def _ready(envelope: Json, payload: Json) -> Content:
    return RecordingReady(read_recording(part(payload, "object")), text(envelope, "download_token"))


def _moved(fate: Fate) -> Callable[[Json, Json], Content]:
    def read(_envelope: Json, payload: Json) -> Content:
        recording = read_recording(part(payload, "object"))
        return RecordingsMoved(fate, (Moved(recording.meeting.uuid, tuple(file.zoom_id for file in recording.files)),))

    return read


def _batch_moved(fate: Fate) -> Callable[[Json, Json], Content]:
    """recording.batch_trashed lists uuids; batch_deleted and batch_recovered list meetings with file ids."""

    def read(_envelope: Json, payload: Json) -> Content:
        thing = part(payload, "object")
        whole = [Moved(uuid) for uuid in texts(thing, "meeting_uuids")]
        some = [
            Moved(
                text(meeting, "meeting_uuid"),
                tuple(file[:LONGEST_ID] for file in texts(meeting, "recording_file_ids")),
            )
            for meeting in parts(thing, "meetings")
        ]
        return RecordingsMoved(fate, tuple(one for one in (*whole, *some) if 0 < len(one.meeting_uuid) <= LONGEST_ID))

    return read


def _renamed(_envelope: Json, payload: Json) -> Content:
    meeting = read_meeting(part(payload, "object"))
    return RecordingRenamed(meeting.uuid, meeting.title)


def _ended(_envelope: Json, payload: Json) -> Content:
    thing = part(payload, "object")
    return MeetingEnded(read_meeting(thing), time_ms(text(thing, "end_time")))


def _participant(*, joined: bool) -> Callable[[Json, Json], Content]:
    def read(_envelope: Json, payload: Json) -> Content:
        thing = part(payload, "object")
        participant = part(thing, "participant")
        person = (text(participant, "user_id") or text(participant, "participant_uuid"))[:100]
        if not person:
            return Unhandled()  # somebody, but nobody knows which of them
        at_ms = time_ms(text(participant, "join_time" if joined else "leave_time"))
        return ParticipantMoved(read_meeting(thing), person, at_ms, joined)

    return read


def _deauthorized(_envelope: Json, payload: Json) -> Content:
    # `user_data_retention` is missing from today's forms; missing means: delete.
    keep = text(payload, "user_data_retention").lower() == "true"
    return AppDeauthorized(text(payload, "user_id"), text(payload, "client_id"), keep)


def _challenge(_envelope: Json, payload: Json) -> Content:
    return Challenge(text(payload, "plainToken"))


def _unhandled(_envelope: Json, _payload: Json) -> Content:
    return Unhandled()


_CONTENT: Mapping[str, Callable[[Json, Json], Content]] = {
    "recording.completed": _ready,
    "recording.transcript_completed": _ready,
    "recording.trashed": _moved(Fate.TRASHED),
    "recording.deleted": _moved(Fate.DELETED),
    "recording.recovered": _moved(Fate.LIVE),
    "recording.batch_trashed": _batch_moved(Fate.TRASHED),
    "recording.batch_deleted": _batch_moved(Fate.DELETED),
    "recording.batch_recovered": _batch_moved(Fate.LIVE),
    "recording.renamed": _renamed,
    "meeting.ended": _ended,
    "meeting.participant_joined": _participant(joined=True),
    "meeting.participant_left": _participant(joined=False),
    "app_deauthorized": _deauthorized,
    "endpoint.url_validation": _challenge,
}
