"""A call's way through its stages: who works on it, what it waits for, how it ends.

Every function takes an open transaction. What changes the state also writes or clears the outbox, so
that the database alone says what is to be done next.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from integration.errors import LeaseLost, StoreFault
from integration.store.keys import CallKey, KeyRing
from integration.store.schema import Artefact, Call, OutboxEntry, Person, StageRun
from integration.store.states import Stage, State, stage_reading
from integration.store.vault import Kept

LEASE_MS = 120_000
"""A worker that has not renewed for this long is taken for dead. Renewed every 30 s: three renewals may be missed."""
CLOCK_SKEW_MS = 60_000
"""How far two machines' clocks may differ. A lease that ends later than any could was given before a clock was set
back, and holds nobody up."""
MOST_ATTEMPTS = 3
"""Runs of one stage that may end without a word (killed, crashed) before the call is given up."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one stage of a call. `fence` grows with every lease, so that a late writer is refused."""

    call_id: int
    stage: Stage
    owner: str
    fence: int
    taken_ms: int
    attempt: int


def add_call(
    tx: Session,
    keys: KeyRing,
    *,
    origin: str,
    started_ms: int,
    now_ms: int,
    meeting_uuid: str | None = None,
    account_id: str = "",
    coach_id: int | None = None,
) -> tuple[Call, CallKey]:
    """A new call in state RECEIVED with a key of its own, its audio kept as its coach wishes. Nothing is queued yet."""
    key, wrapped = keys.new_key()
    coach = None if coach_id is None else tx.get(Person, coach_id)
    call = Call(
        token=secrets.token_urlsafe(16),
        origin=origin,
        meeting_uuid=meeting_uuid,
        account_id=account_id,
        coach_id=coach_id,
        keep_audio_days=None if coach is None else coach.keep_audio_days,
        started_ms=started_ms,
        state=State.RECEIVED,
        created_ms=now_ms,
        changed_ms=now_ms,
        wrapped_key=wrapped,
    )
    tx.add(call)
    tx.flush()
    return call, key


def get_call(tx: Session, call_id: int) -> Call:
    """The call; StoreFault NOT_FOUND when there is none."""
    call = tx.get(Call, call_id)
    if call is None:
        raise StoreFault("there is no such call", code="NOT_FOUND")
    return call


def schedule(tx: Session, call: Call, *, due_ms: int) -> None:
    """Ask for the stage that carries the call on, not before `due_ms`. Asking twice is asking once."""
    stage = stage_reading(State(call.state))
    if stage is None:
        return
    entry = tx.scalar(select(OutboxEntry).where(OutboxEntry.call_id == call.id, OutboxEntry.stage == stage))
    if entry is None:
        tx.add(OutboxEntry(call_id=call.id, stage=stage, due_ms=due_ms))
    else:
        entry.due_ms, entry.queued_ms = due_ms, None


def set_state(tx: Session, call: Call, state: State, *, now_ms: int, reason: str = "") -> None:
    """Move the call to `state` and clear what was queued for it."""
    call.state, call.reason, call.changed_ms = state, reason, now_ms
    call.attempts, call.waiting_since_ms = 0, None
    call.progress_part, call.progress_share, call.progress_left_ms = "", 0.0, None
    tx.execute(delete(OutboxEntry).where(OutboxEntry.call_id == call.id))


def withdraw(tx: Session, keys: KeyRing, call: Call, *, now_ms: int, reason: str) -> None:
    """Erase the call: its key is gone at once, so that nothing sealed can be read again; files follow in a sweep."""
    set_state(tx, call, State.WITHDRAWN, now_ms=now_ms, reason=reason)
    keys.drop(call.wrapped_key)
    call.wrapped_key = call.title_sealed = call.grant_sealed = None
    for file in call.files:
        file.address_sealed = file.participant_sealed = None


def take_lease(tx: Session, call_id: int, stage: Stage, owner: str, now_ms: int) -> Lease | None:
    """The right to run `stage`, or None when there is nothing to do: another works on it, or the state has moved on.

    A call whose last MOST_ATTEMPTS runs ended without a word becomes FAILED (GAVE_UP).
    """
    call = tx.get(Call, call_id)
    if call is None or call.state != stage.reads or call.trashed or _is_held(call, now_ms):
        return None
    if call.attempts >= MOST_ATTEMPTS:
        set_state(tx, call, State.FAILED, now_ms=now_ms, reason="GAVE_UP")
        return None
    taken = tx.execute(
        update(Call)
        .where(Call.id == call_id, Call.lease_fence == call.lease_fence)
        .values(
            lease_owner=owner,
            lease_fence=Call.lease_fence + 1,
            lease_until_ms=now_ms + LEASE_MS,
            attempts=Call.attempts + 1,
        )
        .returning(Call.lease_fence, Call.attempts)
    ).one_or_none()
    return None if taken is None else Lease(call_id, stage, owner, taken[0], now_ms, taken[1])


def nobody_works_on_it(now_ms: int) -> ColumnElement[bool]:
    """The condition on a Call that no lease holds it now."""
    return or_(Call.lease_until_ms <= now_ms, Call.lease_until_ms > now_ms + LEASE_MS + CLOCK_SKEW_MS)


def _is_held(call: Call, now_ms: int) -> bool:
    return now_ms < call.lease_until_ms <= now_ms + LEASE_MS + CLOCK_SKEW_MS


def renew(
    tx: Session, lease: Lease, now_ms: int, *, part: str = "", share: float = 0.0, left_ms: int | None = None
) -> None:
    """Keep the lease and tell how far the work is: a part, how much of it is done, how long the rest will take.

    LeaseLost when another took over or the call was withdrawn.
    """
    held = tx.execute(
        update(Call)
        .where(*_held(lease))
        .values(lease_until_ms=now_ms + LEASE_MS, progress_part=part, progress_share=share, progress_left_ms=left_ms)
        .returning(Call.id)
    ).one_or_none()
    if held is None:
        raise LeaseLost("another worker has taken this call over, or it was withdrawn")


def complete(tx: Session, lease: Lease, now_ms: int) -> None:
    """The stage is done: move on and ask for the next stage. LeaseLost when the lease is no longer held."""
    call = _leased(tx, lease)
    set_state(tx, call, lease.stage.writes, now_ms=now_ms)
    call.lease_until_ms = 0
    schedule(tx, call, due_ms=now_ms)
    _log(tx, lease, now_ms, "")


def postpone(tx: Session, lease: Lease, now_ms: int, *, code: str, due_ms: int, counts: bool) -> None:
    """The stage could not be done now: try again at `due_ms`. `counts` = this run counts as an attempt."""
    call = _leased(tx, lease)
    call.reason, call.changed_ms, call.lease_until_ms = code, now_ms, 0
    if not counts:
        call.attempts = 0
    if call.waiting_since_ms is None:
        call.waiting_since_ms = now_ms
    schedule(tx, call, due_ms=due_ms)
    _log(tx, lease, now_ms, code)


def give_up(tx: Session, lease: Lease, now_ms: int, *, state: State, code: str) -> None:
    """The stage cannot be done: the call ends in `state` with a reason that its coach can read."""
    call = _leased(tx, lease)
    set_state(tx, call, state, now_ms=now_ms, reason=code)
    call.lease_until_ms = 0
    _log(tx, lease, now_ms, code)


def keep_artefact(tx: Session, call_id: int, name: str, kept: Kept, now_ms: int) -> None:
    """Note that the vault holds `name`."""
    row = tx.scalar(select(Artefact).where(Artefact.call_id == call_id, Artefact.name == name))
    if row is None:
        tx.add(Artefact(call_id=call_id, name=name, sha256=kept.sha256, size=kept.size, created_ms=now_ms))
    else:
        row.sha256, row.size, row.created_ms = kept.sha256, kept.size, now_ms


def find_artefact(tx: Session, call_id: int, name: str) -> Artefact | None:
    """What is known of `name` in the vault; None when it was not kept."""
    return tx.scalar(select(Artefact).where(Artefact.call_id == call_id, Artefact.name == name))


def artefact_names(tx: Session, call_id: int) -> tuple[str, ...]:
    """What the vault holds of the call, in the order in which it came."""
    return tuple(tx.scalars(select(Artefact.name).where(Artefact.call_id == call_id).order_by(Artefact.id)))


def stage_seconds(tx: Session, call_id: int) -> tuple[tuple[str, float], ...]:
    """How long the last good run of each stage took, in seconds, in the order of the stages."""
    rows = tx.execute(
        select(StageRun.stage, StageRun.milliseconds).where(StageRun.call_id == call_id, StageRun.code == "")
    ).all()
    last = {stage: milliseconds / 1000 for stage, milliseconds in rows}
    return tuple((stage.value, last[stage]) for stage in Stage if stage in last)


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return (
        Call.id == lease.call_id,
        Call.lease_fence == lease.fence,
        Call.lease_owner == lease.owner,
        Call.state == lease.stage.reads,
        Call.trashed.is_(False),
    )


def _leased(tx: Session, lease: Lease) -> Call:
    call: Call | None = tx.scalar(select(Call).where(*_held(lease)).with_for_update())
    if call is None:
        raise LeaseLost("another worker has taken this call over, or it was withdrawn")
    return call


def _log(tx: Session, lease: Lease, now_ms: int, code: str) -> None:
    tx.add(
        StageRun(
            call_id=lease.call_id,
            stage=lease.stage,
            started_ms=lease.taken_ms,
            milliseconds=max(0, now_ms - lease.taken_ms),
            code=code,
        )
    )


def forget_artefacts(tx: Session, call_id: int, names: Sequence[str]) -> None:
    """Note that the vault no longer holds `names`."""
    tx.execute(delete(Artefact).where(Artefact.call_id == call_id, Artefact.name.in_(names)))
