"""What no webhook brought: recordings found, what moved to the bin noticed, and what is over cleared away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from integration.errors import StoreFault, ZoomBusy
from integration.store.heartbeats import note_seen
from integration.store.people import PersonKind
from integration.store.schema import Artefact, Call, Heartbeat, Person, PersonRole
from integration.store.states import State
from integration.store.zoom_schema import Attendance, RecordingFate, ZoomConnection
from integration.wiring import Services
from integration.zoom import arrival, intake
from integration.zoom.connections import account_gateway, gateway_of
from integration.zoom.events import Fate
from integration.zoom.gateway import ZoomGateway
from integration.zoom.recordings import Recording
from processor.errors import ProductError

LAST_ROUND = "zoom_reconciled"
RECENT = timedelta(days=7)
"""Zoom works on a recording for up to a day, and webhooks have come two and a half days late."""
LONGEST_AGO = timedelta(days=180)
"""Zoom lists no further back than six months."""
DAY_MS = 24 * 3600 * 1000
SILENT_MS = 80 * 3600 * 1000
"""Zoom checks the hook every 72 hours; after this long without a check it has given the hook up."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One coach's recordings at Zoom, and the way to ask for them."""

    coach_id: int
    account_id: str
    user: str
    gateway: ZoomGateway


def reconcile(services: Services) -> int:
    """How many recordings were found that no webhook had brought.

    Zoom being away, or one coach's connection that cannot be opened, is logged and stops no other coach's round.
    """
    first, last = _window(services)
    found, complete = 0, True
    for place in _places(services):
        try:
            found += _look_through(services, place, first, last)
        except ProductError as fault:
            complete = complete and fault.code == "ZOOM_NO_USER"
            structlog.get_logger().warning("zoom_not_reconciled", code=fault.code)
    if complete:
        with services.database.transaction() as tx:
            note_seen(tx, LAST_ROUND, services.now_ms())
    return found


def clear_away(services: Services) -> None:
    """Remove what binned recordings left in the vault, tokens of who has left, notes that have served."""
    now = services.now_ms()
    before = now - services.settings.retention.webhook_days * DAY_MS
    with services.database.transaction() as tx:
        tx.execute(delete(Attendance).where(Attendance.at_ms < before))
        tx.execute(delete(ZoomConnection).where(ZoomConnection.person_id.in_(select(Person.id).where(~Person.active))))
        tx.execute(delete(RecordingFate).where(RecordingFate.told_ms < now - LONGEST_AGO.days * DAY_MS))
        binned = tx.scalars(
            select(Call.id).where(
                Call.trashed.is_(True),
                Call.wrapped_key.is_not(None),  # what was erased since then is the sweep's
                Call.id.in_(select(Artefact.call_id)),
                Call.lease_until_ms <= now,
            )
        ).all()
        _warn_of_silence(tx, now)
    for call_id in binned:
        try:
            services.record(call_id).drop("")
        except ProductError as fault:
            structlog.get_logger().warning("zoom_not_cleared", call=call_id, code=fault.code)


def _window(services: Services) -> tuple[date, date]:
    """From a week before the last complete round to tomorrow (the host may live further east)."""
    now = datetime.fromtimestamp(services.now_ms() / 1000, UTC)
    with services.database.transaction() as tx:
        row = tx.get(Heartbeat, LAST_ROUND)
    last = now if row is None else datetime.fromtimestamp(row.at_ms / 1000, UTC)
    return max(last - RECENT, now - LONGEST_AGO).date(), (now + timedelta(days=1)).date()


def _places(services: Services) -> Iterator[_Place]:
    """Every coach with a connection of their own, and for the practice's account every other coach."""
    with services.database.transaction() as tx:
        connections = tx.scalars(
            select(ZoomConnection).join(Person).where(ZoomConnection.refresh_sealed.is_not(None), Person.active)
        ).all()
        coaches = tx.scalars(
            select(Person).join(PersonRole).where(PersonRole.role == PersonKind.COACH, Person.active.is_(True))
        ).all()
    for connection in connections:
        yield _Place(connection.person_id, connection.account_id, "me", gateway_of(services, connection))
    if services.settings.zoom.account_id:
        own, account = {connection.person_id for connection in connections}, account_gateway(services)
        for coach in coaches:
            if coach.id not in own:
                yield _Place(coach.id, services.settings.zoom.account_id, coach.email, account)


def _look_through(services: Services, place: _Place, first: date, last: date) -> int:
    found = 0
    for recording in place.gateway.recordings_of(place.user, first, last):
        try:
            found += _take(services, place, recording)
        except StoreFault as fault:  # this call's key is missing; the next recording's is not
            structlog.get_logger().warning("zoom_not_reconciled", code=fault.code)
    for recording in place.gateway.recordings_of(place.user, first, last, trash=True):
        _note(services, place, recording, Fate.TRASHED)
    return found


def _take(services: Services, place: _Place, recording: Recording) -> int:
    """Take in a recording that is not known, or whose audio is; 1 when that was so."""
    with services.database.transaction() as tx:
        call = arrival.lock_call(tx, recording.meeting.uuid)
        binned = call is not None and call.trashed
        waiting = call is not None and call.state == State.RECEIVED and not binned
        lacking = call is None or (waiting and not arrival.heard_files(tx, call))
    if binned:
        _note(services, place, recording, Fate.LIVE)
    if not lacking:
        return 0
    try:
        fetched = place.gateway.recording(recording.meeting.uuid)  # the list leaves the participants' own audio out
    except ZoomBusy as fault:
        if fault.code != "ZOOM_NO_RECORDING":
            raise
        return 0
    with services.database.transaction() as tx:
        owner = tx.get(Person, place.coach_id)
        grant = arrival.Grant(fetched.download_token, services.now_ms())
        taken = arrival.take_recording(tx, services, place.account_id, fetched.recording, grant, owner=owner)
        return int(taken is not None and bool(arrival.heard_files(tx, taken)))


def _note(services: Services, place: _Place, recording: Recording, fate: Fate) -> None:
    """A recording whose way into the bin, or out of it, no webhook told of."""
    with services.database.transaction() as tx:
        call = arrival.lock_call(tx, recording.meeting.uuid)
        if call is None or call.account_id != place.account_id or call.state in arrival.OVER:
            return
        before = arrival.heard_files(tx, call)
        arrival.note_fate(tx, recording.meeting.uuid, (), fate, services.now_ms())
        arrival.follow(tx, services, call, before=before)


def _warn_of_silence(tx: Session, now: int) -> None:
    row = tx.get(Heartbeat, intake.LAST_CHALLENGE)
    if row is not None and now - row.at_ms > SILENT_MS:
        structlog.get_logger().warning("zoom_hook_silent", reason="Zoom has not checked the hook for 80 hours")
