"""An event takes effect: once, in one transaction, however often and in whatever order Zoom delivers."""

from __future__ import annotations

from enum import StrEnum

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from integration.errors import StoreBusy
from integration.store import audit, calls
from integration.store.database import Database
from integration.store.heartbeats import note_seen
from integration.store.schema import Call, Heartbeat, WebhookReceipt
from integration.store.states import State
from integration.store.zoom_schema import Attendance, ZoomConnection
from integration.wiring import Services
from integration.zoom import arrival
from integration.zoom.events import (
    AppDeauthorized,
    Event,
    MeetingEnded,
    ParticipantMoved,
    RecordingReady,
    RecordingRenamed,
    RecordingsMoved,
)
from integration.zoom.presence import EVERYBODY, Move

TRIES = 3
REJECTED = "rejected"
MINUTE_MS = 60_000
LAST_WEBHOOK, LAST_CHALLENGE = "zoom_webhook", "zoom_challenge"


class Taken(StrEnum):
    """What an event came to."""

    APPLIED = "applied"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"


def take_in(services: Services, database: Database, event: Event, body_sha256: str) -> Taken:
    """Apply `event` unless it was applied before. StoreBusy when the database is held by another for too long."""
    for _ in range(TRIES):
        try:
            with database.transaction() as tx:
                return _take_in_once(tx, services, event, body_sha256)
        except IntegrityError:
            continue  # another process took in the same event, or another of the same meeting, at this moment
    raise StoreBusy("many events of one meeting come at once; Zoom will deliver this one again")


def reject(services: Services, database: Database, body_sha256: str) -> None:
    """Note that a signed webhook could not be understood. Its content is not kept."""
    try:
        with database.transaction() as tx:
            if tx.scalar(select(WebhookReceipt).where(WebhookReceipt.content_key == body_sha256)) is None:
                _receive(tx, services, REJECTED, body_sha256, body_sha256)
    except IntegrityError:
        return  # noted by another process


def note_challenge(services: Services, database: Database) -> None:
    """Note that Zoom checked the door: a door that Zoom has not checked for 72 hours gets no events."""
    with database.transaction() as tx:
        note_seen(tx, LAST_CHALLENGE, services.now_ms())


def _take_in_once(tx: Session, services: Services, event: Event, body_sha256: str) -> Taken:
    if tx.scalar(select(WebhookReceipt.id).where(WebhookReceipt.content_key == event.key)) is not None:
        return Taken.DUPLICATE
    _receive(tx, services, event.name, event.key, body_sha256)
    taken = _apply(tx, services, event)
    _note_webhook(tx, services.now_ms())
    return taken


def _note_webhook(tx: Session, now_ms: int) -> None:
    """To the minute only: deliveries that come at once must not wait for one row."""
    row = tx.get(Heartbeat, LAST_WEBHOOK)
    if row is None or now_ms - row.at_ms >= MINUTE_MS:
        note_seen(tx, LAST_WEBHOOK, now_ms)


def _receive(tx: Session, services: Services, name: str, key: str, body_sha256: str) -> None:
    tx.add(WebhookReceipt(content_key=key, body_sha256=body_sha256, event=name, received_ms=services.now_ms()))
    tx.flush()


def _apply(tx: Session, services: Services, event: Event) -> Taken:
    match event.content:
        case RecordingReady() as ready:
            done = _ready(tx, services, event, ready)
        case RecordingsMoved() as moved:
            done = _moved(tx, services, event, moved)
        case RecordingRenamed() as renamed:
            done = _renamed(tx, services, event, renamed)
        case ParticipantMoved(meeting=meeting, person=person, at_ms=at_ms, joined=joined):
            done = _attended(tx, services, event, Move(person, at_ms, joined), meeting.uuid)
        case MeetingEnded(meeting=meeting, ended_ms=at_ms):
            done = _attended(tx, services, event, Move(EVERYBODY, at_ms, joined=False), meeting.uuid)
        case AppDeauthorized() as gone:
            done = _deauthorized(tx, services, event, gone)
        case _:
            done = False
    if not done:
        structlog.get_logger().info("zoom_event_ignored", reason=event.name)
    return Taken.APPLIED if done else Taken.IGNORED


def _ready(tx: Session, services: Services, event: Event, ready: RecordingReady) -> bool:
    grant = arrival.Grant(ready.download_token, _told_ms(services, event))
    return arrival.take_recording(tx, services, event.account_id, ready.recording, grant) is not None


def _told_ms(services: Services, event: Event) -> int:
    """When it happened; now, when Zoom does not say, or says a time to come."""
    now = services.now_ms()
    return min(event.told_ms or now, now)


def _moved(tx: Session, services: Services, event: Event, moved: RecordingsMoved) -> bool:
    """Also for recordings that are not known yet: Zoom may tell of the bin first."""
    if not arrival.is_connected(tx, services, event.account_id):
        return False
    for one in sorted(moved.recordings, key=lambda one: one.meeting_uuid):  # one order for all: nobody waits in a ring
        call = arrival.lock_call(tx, one.meeting_uuid)
        if call is not None and call.account_id != event.account_id:
            continue
        before = arrival.heard_files(tx, call) if call else frozenset()
        arrival.note_fate(tx, one.meeting_uuid, one.file_ids, moved.fate, _told_ms(services, event))
        if call is not None and call.state not in arrival.OVER:
            arrival.follow(tx, services, call, before=before)
    return True


def _renamed(tx: Session, services: Services, event: Event, renamed: RecordingRenamed) -> bool:
    call = arrival.lock_call(tx, renamed.meeting_uuid)
    if call is None or call.account_id != event.account_id or call.wrapped_key is None:
        return False
    call.title_sealed = services.keys.unwrap(call.wrapped_key).seal_text(renamed.title, "title")
    return True


def _attended(tx: Session, services: Services, event: Event, move: Move, meeting_uuid: str) -> bool:
    """When somebody came or left, without who it was: enough to see when both were there."""
    if not arrival.is_connected(tx, services, event.account_id):
        return False
    at_ms = move.at_ms or _told_ms(services, event)
    tx.add(Attendance(meeting_uuid=meeting_uuid, person=move.person, joined=move.joined, at_ms=at_ms))
    return True


def _deauthorized(tx: Session, services: Services, event: Event, gone: AppDeauthorized) -> bool:
    """The tokens go at once and the work stops; unless the data may be kept, the keys of the calls go too.

    A server-to-server app belongs to the practice as a whole, so when it goes, every coach's calls do. Its tokens
    are in memory only, and Zoom takes them no more.
    """
    connection = tx.scalar(
        select(ZoomConnection).where(
            ZoomConnection.user_id == gone.user_id, ZoomConnection.account_id == event.account_id
        )
    )
    theirs = select(Call).where(Call.origin == arrival.ORIGIN, Call.account_id == event.account_id)
    if connection is not None:
        theirs = theirs.where(Call.coach_id == connection.person_id)
        tx.delete(connection)
    elif not _is_the_practices(services, event.account_id, gone.client_id):
        return False
    coaches: set[int | None] = {connection.person_id} if connection is not None else set()
    now = services.now_ms()
    for call in tx.scalars(theirs.with_for_update()):
        if call.state == State.WITHDRAWN or (gone.keep_data and call.state in arrival.OVER):
            continue
        call.lease_fence += 1
        calls.withdraw(tx, services.keys, call, now_ms=now, reason="DEAUTHORIZED")
        coaches |= {call.coach_id}
    for coach_id in sorted(coach for coach in coaches if coach is not None):
        audit.note(tx, audit.Action.DEAUTHORIZE_ZOOM, audit.PERSON, coach_id, actor_id=None, now_ms=now)
    return True


def _is_the_practices(services: Services, account_id: str, client_id: str) -> bool:
    """Whether this is the practice's own server-to-server app."""
    zoom = services.settings.zoom
    return bool(zoom.account_id) and (account_id, client_id) == (zoom.account_id, zoom.client_id)
