"""How long anything is kept: each class by its own setting, swept by the clock, every step safe to repeat.

    audio        erased once heard, N days after it came in (the coach may ask for another N for one call)
    transcript   the words go, Zoom's own too; the times stay, so that the report still stands without quotes
    report       the whole call is erased and its key dropped
    webhooks     receipts of webhooks, invitations whose time is over with their letters
    withdrawn    what an interrupted no left
    leftovers    what an interrupted erasure left, or a worker wrote while its call was being erased

Each step is taken for one call in one short transaction; a sweep that is cut off goes on with the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog
from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from integration.config import RetentionSettings
from integration.errors import StoreFault
from integration.privacy import withdrawal
from integration.privacy.erasure import erase_call, erase_invitations
from integration.reflection import REFLECTION
from integration.store import audit
from integration.store.record import CORRECTIONS, FINDINGS, MEDIA, PARTS, TIMELINE, TRANSCRIPT, WORDS
from integration.store.schema import Artefact, Call, Mailing, WebhookReceipt
from integration.store.sharing_schema import Invitation
from integration.store.states import State
from integration.wiring import Services
from processor.errors import ProductError

DAY_MS = 86_400_000
WORDLESS = frozenset({WORDS, FINDINGS, CORRECTIONS, REFLECTION})
"""What stays when the words go. The words file itself is written again without words."""
HEARD = (State.HEARD, State.ANALYSED, State.DELIVERED)
ENDED = (State.FAILED, State.REFUSED)


@dataclass(frozen=True, slots=True)
class Swept:
    """What was erased (or would be, in a dry run): ids of calls by class, and how many rows of webhooks."""

    audio: tuple[int, ...]
    transcripts: tuple[int, ...]
    reports: tuple[int, ...]
    withdrawn: tuple[int, ...]
    leftovers: tuple[int, ...]
    webhooks: int


def sweep(services: Services, *, dry_run: bool) -> Swept:
    """Erase everything whose time is over; with `dry_run` only say what that is."""
    with services.database.transaction() as tx:
        found = _due(services, tx)
        if not dry_run:
            _forget_webhooks(services, tx)
    if dry_run:
        return found
    swept = Swept(
        reports=_each(services, found.reports, "report", _erase_report),
        withdrawn=_each(services, found.withdrawn, "withdrawn", withdrawal.finish),
        leftovers=_each(services, found.leftovers, "leftovers", _erase_leftovers),
        transcripts=_each(services, found.transcripts, "transcript", _erase_words),
        audio=_each(services, found.audio, "audio", _erase_audio),
        webhooks=found.webhooks,
    )
    _forget_invitations(services)
    return swept


def _due(services: Services, tx: Session) -> Swept:
    """What is due now. A call whose report is due is in no other class: all of it goes. With a no it may, too."""
    settings, now = services.settings.retention, services.now_ms()
    reports = _ids(tx, Call.wrapped_key.is_not(None), Call.created_ms <= now - settings.report_days * DAY_MS)
    withdrawn = _without(reports, withdrawal.cut_off(tx))
    gone = (*reports, *withdrawn)
    return Swept(
        audio=_without(gone, _ids(tx, or_(_has(MEDIA), _has(PARTS)), _audio_is_due(settings, now))),
        transcripts=_without(
            gone,
            _ids(
                tx,
                or_(and_(_has(WORDS), Call.words_erased.is_(False)), _has(TRANSCRIPT), _has(TIMELINE)),
                Call.created_ms <= now - settings.transcript_days * DAY_MS,
                Call.state.in_((State.DELIVERED, *ENDED)),
            ),
        ),
        reports=reports,
        withdrawn=withdrawn,
        leftovers=_ids(tx, Call.wrapped_key.is_(None), _has_leftovers()),
        webhooks=_count_webhooks(services, tx),
    )


def audio_days(settings: RetentionSettings, call: Call) -> int:
    """For how many days the audio of `call` stays: as its coach said for it, else as the settings say."""
    return settings.audio_days if call.keep_audio_days is None else call.keep_audio_days


def _audio_is_due(settings: RetentionSettings, now: int) -> ColumnElement[bool]:
    """Heard and kept for long enough; or never heard, and no retry came while words would have been kept.

    A call that ended after its hearing was heard: it needs its audio for no retry.
    """
    kept = func.coalesce(Call.keep_audio_days, settings.audio_days) * DAY_MS
    heard = or_(Call.state.in_(HEARD), and_(Call.state.in_(ENDED), _has(WORDS)))
    return or_(
        and_(heard, Call.created_ms <= now - kept),
        and_(Call.state.in_(ENDED), Call.changed_ms <= now - settings.transcript_days * DAY_MS),
    )


def _has(name: str) -> ColumnElement[bool]:
    return Call.id.in_(select(Artefact.call_id).where(Artefact.name.startswith(name)))


def _has_leftovers() -> ColumnElement[bool]:
    """What an erasure removes last: while it is there, the erasure is not finished."""
    named = (select(table.call_id).where(table.call_id.is_not(None)) for table in (Artefact, Mailing, Invitation))
    return or_(Call.files.any(), *(Call.id.in_(calls) for calls in named))


def _ids(tx: Session, *conditions: ColumnElement[bool]) -> tuple[int, ...]:
    return tuple(tx.scalars(select(Call.id).where(*conditions).order_by(Call.id)))


def _without(taken: Sequence[int], ids: Sequence[int]) -> tuple[int, ...]:
    return tuple(i for i in ids if i not in set(taken))


def _each(
    services: Services, ids: Sequence[int], kind: str, erase: Callable[[Services, int], None]
) -> tuple[int, ...]:
    """Erase one after the other; one that fails is left for the next sweep and does not hold up the rest."""
    done = []
    for call_id in ids:
        try:
            erase(services, call_id)
        except ProductError as fault:
            structlog.get_logger().warning("retention", call=call_id, action=kind, code=fault.code)
            continue
        with services.database.transaction() as tx:
            audit.note(
                tx, audit.Action.RETENTION, audit.CALL, call_id, actor_id=None, now_ms=services.now_ms(), detail=kind
            )
        done.append(call_id)
    structlog.get_logger().info("retention", action=kind, count=len(done))
    return tuple(done)


def _erase_report(services: Services, call_id: int) -> None:
    erase_call(services, call_id, actor_id=None, reason="RETENTION")


def _erase_leftovers(services: Services, call_id: int) -> None:
    """Files and letters of a call whose key is gone: the files can be opened by nobody, and here all of them go."""
    erase_call(services, call_id, actor_id=None)


def _erase_audio(services: Services, call_id: int) -> None:
    record = services.record(call_id)
    record.drop(MEDIA)
    record.drop(PARTS)


def _erase_words(services: Services, call_id: int) -> None:
    """Keep when somebody spoke, forget what was said: in our words, in Zoom's transcript, in checkpoints."""
    record = services.record(call_id)
    for name in record.names():
        if name not in WORDLESS and not name.startswith(MEDIA):
            record.drop(name)
    try:
        record.keep_session(replace(record.heard(), words=(), speech_given=True))
    except StoreFault as fault:
        if fault.code != "NOT_KEPT":
            raise
        return  # it was never heard
    with services.database.transaction() as tx:
        tx.get_one(Call, call_id).words_erased = True


def _count_webhooks(services: Services, tx: Session) -> int:
    return tx.scalar(select(func.count()).select_from(WebhookReceipt).where(_old_webhook(services))) or 0


def _forget_webhooks(services: Services, tx: Session) -> None:
    tx.execute(delete(WebhookReceipt).where(_old_webhook(services)))


def _forget_invitations(services: Services) -> None:
    """An invitation that can no longer be answered goes with its letter, because nothing else names that letter."""
    with services.database.transaction() as tx:
        over = tx.scalars(select(Invitation).where(Invitation.until_ms <= services.now_ms())).all()
    erase_invitations(services, over)


def _old_webhook(services: Services) -> ColumnElement[bool]:
    return WebhookReceipt.received_ms <= services.now_ms() - services.settings.retention.webhook_days * DAY_MS
