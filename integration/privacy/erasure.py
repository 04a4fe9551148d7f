"""Erasing a call everywhere: key, database, vault, queue, mail folder. What went is listed in a receipt.

The key goes first, together with everything else in the database. From then on nothing that was kept
can be read, backups included; the files are removed after it. Erasing again finishes what a crash
left over. What stays is one line without content: that there was a call of this
day, so that Zoom delivering it again does not bring it back, and the ledger of consent and audit.
"""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass
from typing import Any

from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from rq.job import Job
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from integration.errors import ConfigFault
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
    files_in_vault: int
    recordings_known: int
    shares: int
    markings: int
    comments: int
    invitations: int
    messages: int
    jobs: int
    queue_reachable: bool

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def erase_call(
    services: Services, call_id: int, *, actor_id: int | None, reason: str = "ERASED_BY_ADMINISTRATOR"
) -> Receipt:
    """Erase everything that is kept of the call, and say what went. May be called again at any time.

    `reason` is the code that the coach sees. StoreFault NOT_FOUND when there is no such call; StoreBusy
    when the vault cannot be reached: then the key is gone already, and the same call finishes the rest.
    """
    now = services.now_ms()
    with services.database.transaction() as tx:
        call = calls.get_call(tx, call_id)
        counts, letters = _erase_rows(services, tx, call, reason)
        audit.note(tx, audit.Action.ERASE, audit.CALL, call_id, actor_id=actor_id, now_ms=now, detail=call.reason)
    jobs, reachable = _erase_jobs(services, call_id)
    return Receipt(
        call_id=call_id,
        token=call.token,
        erased_ms=now,
        files_in_vault=services.vault.erase_call(call_id),
        messages=_erase_letters(services, letters),
        jobs=jobs,
        queue_reachable=reachable,
        **counts,
    )


def _erase_rows(services: Services, tx: Session, call: Call, reason: str) -> tuple[dict[str, Any], list[str]]:
    """Empty the call's row and delete what hangs on it; the counts, and the Message-IDs of its letters."""
    markings = select(Marking.id).where(Marking.call_id == call.id)
    letters = list(tx.scalars(select(Mailing.message_id).where(Mailing.call_id == call.id)))
    domain = sender_domain(services.settings.mail.sender)
    invited = tx.scalars(select(Invitation).where(Invitation.call_id == call.id))
    letters += [invitations.message_id(invitation, domain) for invitation in invited]
    counts = {
        "key_dropped": call.wrapped_key is not None,
        "recordings_known": _count(tx, CallFile, CallFile.call_id == call.id),
        "shares": _count(tx, Share, Share.call_id == call.id),
        "markings": _count(tx, Marking, Marking.call_id == call.id),
        "comments": _count(tx, Comment, Comment.marking_id.in_(markings)),
        "invitations": _count(tx, Invitation, Invitation.call_id == call.id),
    }
    for table in (Comment, Mark):
        tx.execute(delete(table).where(table.marking_id.in_(markings)))
    for hanging in (Marking, Share, Invitation, Mailing, Artefact):
        tx.execute(delete(hanging).where(hanging.call_id == call.id))
    tx.execute(update(MentorHour).where(MentorHour.call_id == call.id).values(call_id=None))
    tx.execute(delete(Attendance).where(Attendance.meeting_uuid == call.meeting_uuid))
    first = State(call.state) is not State.WITHDRAWN
    calls.withdraw(tx, services.keys, call, now_ms=services.now_ms(), reason=reason if first else call.reason)
    call.files.clear()
    forget_client(tx, call)
    call.keep_audio_days = None
    call.grant_until_ms = call.lease_until_ms = 0
    call.lease_fence += 1  # whoever works on it now stops without writing
    return counts, letters


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


def _erase_letters(services: Services, message_ids: list[str]) -> int:
    """Remove the call's letters from the mail folder; a mail server keeps none of ours."""
    if not isinstance(services.mailer, FolderMailer):
        return 0
    return sum(services.mailer.erase(message_id) for message_id in message_ids)
