"""Erasing a call everywhere: key, database, vault, queue, mail folder. What went is listed in a receipt.

The key goes first, together with everything in the database that shows something of the call. From then on
nothing that was kept can be read, backups included. Files and letters are removed after it, and the rows that
name them last, so that the next sweep finds and finishes what a crash left over. What stays is one line without
content: that there was a call of this day, so that Zoom delivering it again does not bring it back, and the
ledger of consent and audit.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from rq.job import Job
from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import Session

from integration.errors import ConfigFault, StoreBusy
from integration.jobs.queues import AUDIO, IO
from integration.mail.mailer import FolderMailer, sender_domain
from integration.store import audit, calls, invitations
from integration.store.people import PersonKind
from integration.store.schema import Artefact, Call, CallFile, Mailing, Person
from integration.store.sharing_schema import Comment, Invitation, Mark, Marking, MentorHour, Share
from integration.store.states import State
from integration.store.zoom_schema import Attendance
from integration.wiring import Services


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased of one call: counts only. `queue_reachable` false = Redis was away; its jobs hold a number only.

    A message that a mail server has already handed over cannot be called back; it holds no word of the call.
    """

    call_id: int
    token: str
    erased_ms: int
    key_dropped: bool
    recordings_known: int
    shares: int
    markings: int
    comments: int
    invitations: int
    files_in_vault: int = 0
    messages: int = 0
    jobs: int = 0
    queue_reachable: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def erase_call(
    services: Services, call_id: int, *, actor_id: int | None, reason: str = "ERASED_BY_ADMINISTRATOR"
) -> Receipt:
    """Erase everything that is kept of the call, and say what went. May be called again at any time.

    `reason` is the code that the coach sees. StoreFault NOT_FOUND when there is no such call; StoreBusy
    when the vault cannot be reached: then the key is gone already, and the same call finishes the rest.
    """
    with services.database.transaction() as tx:
        closed = close_call(services, tx, call_id, actor_id=actor_id, reason=reason)
    return clear_call(services, closed)


def close_call(services: Services, tx: Session, call_id: int, *, actor_id: int | None, reason: str) -> Receipt:
    """The first step, within the transaction of what calls for it: nobody finds or opens anything of the call after it.

    To be followed by `clear_call` once that is committed; a sweep does so where that was cut off.
    """
    now, call = services.now_ms(), calls.get_call(tx, call_id)
    reason = call.reason if State(call.state) is State.WITHDRAWN else reason
    receipt = Receipt(call.id, call.token, now, call.wrapped_key is not None, **_count_rows(tx, call.id))
    _erase_rows(tx, call, now)
    audit.note(tx, audit.Action.ERASE, audit.CALL, call_id, actor_id=actor_id, now_ms=now, detail=reason)
    # Last, because it is not taken back when another step fails.
    calls.withdraw(tx, services.keys, call, now_ms=now, reason=reason)
    return receipt


def clear_call(services: Services, closed: Receipt) -> Receipt:
    """The second step: waiting work, files and letters go, and the rows that name them last."""
    call_id = closed.call_id
    with services.database.transaction() as tx:
        files = tx.scalars(select(Artefact).where(Artefact.call_id == call_id)).all()
        mailed = tx.scalars(select(Mailing).where(Mailing.call_id == call_id)).all()
        invited = tx.scalars(select(Invitation).where(Invitation.call_id == call_id)).all()
    jobs, reachable = _erase_jobs(services, call_id)
    receipt = replace(
        closed,
        jobs=jobs,
        queue_reachable=reachable,
        files_in_vault=services.vault.erase_call(call_id),
        messages=erase_letters(services, [row.message_id for row in mailed]) + erase_invitations(services, invited),
    )
    with services.database.transaction() as tx:
        tx.execute(delete(Mailing).where(Mailing.id.in_([row.id for row in mailed])))
        for row in files:  # a late worker may have written one of them again: that one is left for a sweep
            seen = and_(Artefact.id == row.id, Artefact.created_ms == row.created_ms)
            tx.execute(delete(Artefact).where(seen))
    return receipt


def erase_letters(services: Services, message_ids: Sequence[str]) -> int:
    """Remove letters from the mail folder; how many there were. A mail server keeps none of ours."""
    if not isinstance(services.mailer, FolderMailer):
        return 0
    try:
        return sum(services.mailer.erase(message_id) for message_id in message_ids)
    except OSError as fault:
        raise StoreBusy("a letter cannot be removed from the mail folder; check who owns the folder") from fault


def erase_invitations(services: Services, invited: Sequence[Invitation]) -> int:
    """Remove invitations, their letters before them, which hold the client's address; how many letters there were."""
    domain = sender_domain(services.settings.mail.sender)
    letters = erase_letters(services, [invitations.message_id(row, domain) for row in invited])
    with services.database.transaction() as tx:
        tx.execute(delete(Invitation).where(Invitation.id.in_([row.id for row in invited])))
    return letters


def _count_rows(tx: Session, call_id: int) -> dict[str, Any]:
    remarks = Comment.marking_id.in_(select(Marking.id).where(Marking.call_id == call_id))
    return {
        "recordings_known": _count(tx, CallFile, CallFile.call_id == call_id),
        "shares": _count(tx, Share, Share.call_id == call_id),
        "markings": _count(tx, Marking, Marking.call_id == call_id),
        "comments": _count(tx, Comment, remarks),
        "invitations": _count(tx, Invitation, Invitation.call_id == call_id),
    }


def _erase_rows(tx: Session, call: Call, now: int) -> None:
    """Empty the call's row, delete what hangs on it, and close its invitations."""
    markings = select(Marking.id).where(Marking.call_id == call.id)
    for table in (Comment, Mark):
        tx.execute(delete(table).where(table.marking_id.in_(markings)))
    for hanging in (Marking, Share):
        tx.execute(delete(hanging).where(hanging.call_id == call.id))
    over = {"address_sealed": None, "until_ms": now}
    tx.execute(update(Invitation).where(Invitation.call_id == call.id).values(over))
    tx.execute(update(MentorHour).where(MentorHour.call_id == call.id).values(call_id=None))
    tx.execute(delete(Attendance).where(Attendance.meeting_uuid == call.meeting_uuid))
    call.files.clear()
    forget_client(tx, call)
    call.keep_audio_days = None
    call.grant_until_ms = call.lease_until_ms = 0
    call.lease_fence += 1  # whoever works on it now stops without writing


def forget_client(tx: Session, call: Call) -> None:
    """Untie the client from the call; somebody who was nothing but its client is not kept."""
    client_id, call.client_id = call.client_id, None
    tx.flush()
    if client_id is None or tx.scalar(select(Call.id).where(Call.client_id == client_id).limit(1)) is not None:
        return
    person = tx.get(Person, client_id)
    if person is not None and {role.role for role in person.roles} == {PersonKind.CLIENT}:
        tx.delete(person)


def _count(tx: Session, table: type[Any], condition: Any) -> int:
    return tx.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _erase_jobs(services: Services, call_id: int) -> tuple[int, bool]:
    """Remove the call's jobs from Redis, waiting, failed or done."""
    removed = 0
    try:
        with services.queues.connect() as connection:
            for name in (IO, AUDIO):
                queue = services.queues.queue(name, connection)
                registries = (queue.failed_job_registry, queue.finished_job_registry, queue.deferred_job_registry)
                ids = {*queue.job_ids, *(job for registry in registries for job in registry.get_job_ids())}
                for job_id in (i for i in ids if i.startswith(f"call-{call_id}-")):
                    with contextlib.suppress(NoSuchJobError):
                        Job.fetch(job_id, connection=connection, serializer=queue.serializer).delete()
                    queue.remove(job_id)
                    removed += 1
    except (RedisError, ConfigFault):
        return removed, False
    return removed, True
