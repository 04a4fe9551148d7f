"""The events that Zoom tells, in the forms in which it tells them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from integration.zoom.standin.recordings import File, Meeting, written
from integration.zoom.standin.world import World

WITH_TOKEN = frozenset({"recording.completed", "recording.transcript_completed"})
Event = dict[str, Any]


def recording(world: World, host: str, meeting: Meeting, name: str, files: list[File] | None = None) -> Event:
    """recording.completed, transcript_completed, trashed, deleted or recovered, telling of `files` or of all."""
    told = meeting.described(host, files) | {"password": "Inv3nted", "recording_play_passcode": "inventedPlayPasscode"}
    if name in WITH_TOKEN:
        return _event(world, name, told) | {"download_token": world.grant_for(meeting)}
    return _event(world, name, told, operator=meeting.host_email, operator_id=meeting.host_id)


def batch_trashed(world: World, meetings: Sequence[Meeting]) -> Event:
    """recording.batch_trashed, which names meetings only."""
    return _event(
        world,
        "recording.batch_trashed",
        {"meeting_uuids": [meeting.uuid for meeting in meetings]},
        operation="trash_user_recordings",
        operator=meetings[0].host_email,
        operator_id=meetings[0].host_id,
    )


def batch(world: World, meetings: Sequence[Meeting], name: str) -> Event:
    """recording.batch_deleted or recording.batch_recovered, which name meetings with their files."""
    told = [
        {"meeting_uuid": meeting.uuid, "recording_file_ids": [file.id for file in meeting.files]}
        for meeting in meetings
    ]
    operation = "delete_user_recordings" if name.endswith("deleted") else "recover_user_recordings"
    return _event(
        world,
        name,
        {"meetings": told},
        operation=operation,
        operator=meetings[0].host_email,
        operator_id=meetings[0].host_id,
    )


def renamed(world: World, meeting: Meeting, topic: str) -> Event:
    """recording.renamed, with the meeting as it was and as it is."""
    old = _plain(meeting)
    meeting.topic = topic
    event = _event(
        world,
        "recording.renamed",
        _plain(meeting),
        operator=meeting.host_email,
        operator_id=meeting.host_id,
        time_stamp=int(world.now() * 1000),
    )
    event["payload"]["old_object"] = old
    return event


def ended(world: World, meeting: Meeting, at: datetime) -> Event:
    """meeting.ended; here the id is a text."""
    return _event(world, "meeting.ended", _live(meeting) | {"end_time": written(at)})


def participant(world: World, meeting: Meeting, person: str, at: datetime, *, joined: bool) -> Event:
    """meeting.participant_joined or meeting.participant_left."""
    word, key = ("joined", "join_time") if joined else ("left", "leave_time")
    somebody = {"user_id": person, "user_name": f"Person {person}", "email": "", "id": "", key: written(at)}
    if not joined:
        somebody |= {"leave_reason": "left the meeting"}
    return _event(world, f"meeting.participant_{word}", _live(meeting) | {"participant": somebody})


def deauthorized(world: World, user_id: str) -> Event:
    """app_deauthorized in its odd form: event_ts and the rest inside the payload."""
    return {
        "event": "app_deauthorized",
        "payload": {
            "account_id": world.app.account_id,
            "user_id": user_id,
            "client_id": world.app.client_id,
            "deauthorization_time": written(datetime.fromtimestamp(world.now(), UTC)),
            "signature": "invented",
            "event_ts": int(world.now() * 1000),
        },
    }


def _event(world: World, name: str, told: dict[str, Any], **beside: Any) -> Event:
    return {
        "event": name,
        "event_ts": int(world.now() * 1000),
        "payload": {"account_id": told.get("account_id", world.app.account_id), "object": told, **beside},
    }


def _plain(meeting: Meeting) -> dict[str, Any]:
    return {
        "uuid": meeting.uuid,
        "id": meeting.number,
        "topic": meeting.topic,
        "type": 2,
        "host_id": meeting.host_id,
    }


def _live(meeting: Meeting) -> dict[str, Any]:
    """A meeting as events about the meeting itself have it."""
    return _plain(meeting) | {
        "id": str(meeting.number),
        "start_time": written(meeting.started),
        "timezone": "Europe/Lisbon",
        "duration": 60,
    }
