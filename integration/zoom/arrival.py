"""A recording comes into the store: its call, its files, who it belongs to, and what is to be done with it now.

Webhooks and the reconciliation both end here, so a recording is the same however it was found. Every
function takes an open transaction and may be called again with the same recording.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integration.store import calls, consents, people
from integration.store.keys import CallKey, KeyRing
from integration.store.schema import Call, CallFile, Person
from integration.store.states import Purpose, State
from integration.store.zoom_schema import RecordingFate, ZoomConnection
from integration.wiring import Services
from integration.zoom.choosing import choose_audio
from integration.zoom.events import Fate
from integration.zoom.recordings import Meeting, Recording

ORIGIN = "zoom"
DISCLAIMER = "recording_disclaimer"
OVER = frozenset({State.DELIVERED, State.REFUSED, State.FAILED, State.WITHDRAWN})
"""States in which no work is left to be stopped."""
DOWNLOAD_TOKEN_MS = 24 * 3600 * 1000
"""How long a webhook's download_token lives, by Zoom's documentation."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A download_token that came with a webhook, and when it was made."""

    token: str
    made_ms: int


def take_recording(
    tx: Session,
    services: Services,
    account_id: str,
    recording: Recording,
    grant: Grant | None = None,
    *,
    owner: Person | None = None,
) -> Call | None:
    """The call of this recording, with its files merged in by id and its next stage asked for.

    `owner` is known when the recording was found in a coach's own list. None, and nothing is kept, when the
    host is no coach here or the account is not connected.
    """
    before: frozenset[tuple[str, int]] = frozenset()
    call = lock_call(tx, recording.meeting.uuid)
    if call is None:
        owner = owner or find_owner(tx, services, account_id, recording.meeting)
        if owner is None:
            return None
        call, key = _add(tx, services, account_id, recording, owner)
    elif call.state == State.WITHDRAWN:
        return call
    else:
        key = services.keys.unwrap(call.wrapped_key)
        before = heard_files(tx, call)
    _merge(call, key, recording)
    if grant is not None and grant.token:
        call.grant_sealed = key.seal_text(grant.token, "grant")
        call.grant_until_ms = grant.made_ms + DOWNLOAD_TOKEN_MS
    follow(tx, services, call, before=before)
    return call


def find_owner(tx: Session, services: Services, account_id: str, meeting: Meeting) -> Person | None:
    """The coach whose meeting this is: who connected this very Zoom user, else the coach with the host's address
    when the account is the practice's own."""
    connection = tx.scalar(select(ZoomConnection).where(ZoomConnection.user_id == meeting.host_id))
    if connection is not None and connection.account_id == account_id:
        owner = tx.get(Person, connection.person_id)
        return owner if owner is not None and owner.active else None
    ours = services.settings.zoom.account_id
    if not ours or account_id != ours or not meeting.host_email:
        return None
    return people.find_coach(tx, meeting.host_email)


def is_connected(tx: Session, services: Services, account_id: str) -> bool:
    """Whether the account is the practice's own, or one that a coach connected."""
    if account_id and account_id == services.settings.zoom.account_id:
        return True
    return tx.scalar(select(ZoomConnection.id).where(ZoomConnection.account_id == account_id).limit(1)) is not None


def lock_call(tx: Session, meeting_uuid: str) -> Call | None:
    """The call of a meeting, held until the transaction ends; nobody else can begin a call of this meeting either.

    Without that, an event of a recording and one of its way into the bin, taken in at the same moment, would not
    see each other. SQLite lets one transaction write at a time anyway.
    """
    if tx.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(meeting_uuid.encode()).digest()[:8], signed=True)
        tx.execute(select(func.pg_advisory_xact_lock(number)))
    return tx.scalar(select(Call).where(Call.meeting_uuid == meeting_uuid).with_for_update())


def note_fate(tx: Session, meeting_uuid: str, file_ids: tuple[str, ...], fate: Fate, told_ms: int) -> None:
    """Write down what became of a recording or of some of its files; what was told later counts.

    Told of all the files that are known, or of a recording that is not known yet, it is the whole recording.
    """
    call = tx.scalar(select(Call).where(Call.meeting_uuid == meeting_uuid))
    known = {file.zoom_id for file in call.files} if call else set()
    parts = file_ids if file_ids and known - set(file_ids) else ("",)
    for file_id in parts:
        row = tx.scalar(
            select(RecordingFate).where(RecordingFate.meeting_uuid == meeting_uuid, RecordingFate.file_id == file_id)
        )
        if row is None:
            tx.add(RecordingFate(meeting_uuid=meeting_uuid, file_id=file_id, fate=fate, told_ms=told_ms))
        elif row.told_ms <= told_ms:
            row.fate, row.told_ms = fate, told_ms
    tx.flush()


def heard_files(tx: Session, call: Call) -> frozenset[tuple[str, int]]:
    """What would be heard of the call now, as ids and sizes."""
    return frozenset((file.zoom_id, file.size) for file in choose_audio(live_files(tx, call)))


def live_files(tx: Session, call: Call) -> list[CallFile]:
    """The files of the call that are neither in the bin nor deleted."""
    return [file for file, fate in _fates(tx, call) if fate == Fate.LIVE]


def follow(tx: Session, services: Services, call: Call, *, before: frozenset[tuple[str, int]]) -> None:
    """Bring the call in line with what its files are now; `before` is what heard_files gave before the change.

    All audio in the bin or deleted: the work stops. New audio: it is heard anew. Otherwise the call's
    stage is asked for as soon as there are audio and consent.
    """
    now = services.now_ms()
    heard = heard_files(tx, call)
    if not heard and choose_audio(call.files):
        _stop(tx, services.keys, call, now, deleted=all(fate != Fate.TRASHED for _, fate in _fates(tx, call)))
        return
    call.trashed = False
    if not heard or not consents.is_granted(tx, call.id, Purpose.OWN_REPORT):
        return
    if before and heard != before:
        _begin_again(tx, call, now)
    if call.state == State.RECEIVED:
        calls.schedule(tx, call, due_ms=now)


def _add(tx: Session, services: Services, account_id: str, recording: Recording, owner: Person) -> tuple[Call, CallKey]:
    now = services.now_ms()
    meeting, settings = recording.meeting, services.settings.consent
    begin = min((file.start_ms for file in recording.files if file.start_ms), default=now)
    call, key = calls.add_call(
        tx,
        services.keys,
        origin=ORIGIN,
        started_ms=meeting.started_ms or begin,
        now_ms=now,
        meeting_uuid=meeting.uuid,
        account_id=account_id,
        coach_id=owner.id,
    )
    call.title_sealed = key.seal_text(meeting.title, "title")
    if settings.basis == DISCLAIMER:
        consents.record(
            tx,
            call.id,
            Purpose.OWN_REPORT,
            granted=True,
            basis=DISCLAIMER,
            text_version=settings.text_version,
            now_ms=now,
        )
    return call, key


def _merge(call: Call, key: CallKey, recording: Recording) -> None:
    """Take in what is new or newer; what a file once told is never unlearned."""
    known = {file.zoom_id: file for file in call.files}
    for told in recording.files:
        row = known.get(told.zoom_id)
        if row is None:
            row = CallFile(zoom_id=told.zoom_id, kind=told.kind, status=told.status)
            call.files.append(row)
        row.kind, row.status = told.kind, told.status or row.status
        row.size, row.start_ms, row.end_ms = (
            told.size or row.size or 0,
            told.start_ms or row.start_ms or 0,
            told.end_ms or row.end_ms or 0,
        )
        if told.address:
            row.address_sealed = key.seal_text(told.address, f"address:{told.zoom_id}")
        if told.participant:
            row.participant_sealed = key.seal_text(told.participant, f"participant:{told.zoom_id}")


def _fates(tx: Session, call: Call) -> list[tuple[CallFile, str]]:
    """Each file with what became of it: the word that was told last, of the file or of the whole recording."""
    rows = tx.scalars(select(RecordingFate).where(RecordingFate.meeting_uuid == call.meeting_uuid)).all()

    def fate(file: CallFile) -> str:
        told = [row for row in rows if row.file_id in {"", file.zoom_id}]
        return max(told, key=lambda row: row.told_ms).fate if told else Fate.LIVE

    return [(file, fate(file)) for file in call.files]


def _stop(tx: Session, keys: KeyRing, call: Call, now: int, *, deleted: bool) -> None:
    """End the work on a call whose recording is gone. A report that is out already stays the coach's."""
    if call.state in OVER:
        return
    call.lease_fence += 1  # whoever works on the call now can no longer write
    if deleted:
        calls.withdraw(tx, keys, call, now_ms=now, reason="DELETED_AT_ZOOM")
        return
    calls.set_state(tx, call, State.RECEIVED, now_ms=now, reason="IN_ZOOM_TRASH")
    call.trashed = True


def _begin_again(tx: Session, call: Call, now: int) -> None:
    call.lease_fence += 1  # whoever works on the old audio can no longer write
    calls.set_state(tx, call, State.RECEIVED, now_ms=now)
