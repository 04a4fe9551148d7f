"""One run of one stage: lease, consent, work, and what follows from how it ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict

import structlog
from rq.timeouts import JobTimeoutException
from sqlalchemy.orm import Session

from integration.errors import DeliveryBusy, LeaseLost, NoConsent, StoreBusy, ZoomBusy, where_raised
from integration.jobs import stages
from integration.jobs.progress import Progress
from integration.jobs.queues import QUEUE_OF
from integration.store import calls, consents
from integration.store.calls import Lease
from integration.store.states import Purpose, Stage, State, stage_reading
from integration.wiring import Services
from processor.errors import ModelMissing, NoRoom, ProductError, RecordingUnusable

RENEW_S = 30
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
FIRST_WAIT_MS, LONGEST_WAIT_MS = MINUTE_MS, HOUR_MS
PATIENCE_MS: Mapping[type[ProductError], int] = {
    ZoomBusy: 24 * HOUR_MS,
    DeliveryBusy: 48 * HOUR_MS,
    StoreBusy: 48 * HOUR_MS,
    NoRoom: 48 * HOUR_MS,
    ModelMissing: 365 * 24 * HOUR_MS,
}
"""How long a stage waits for what is away before the call is given up (Zoom works on a recording for up to 24 h)."""

Work = Callable[[Services, stages.Task], None]
WORK: Mapping[Stage, Work] = {
    Stage.FETCH: stages.fetch,
    Stage.HEAR: stages.hear,
    Stage.ANALYSE: stages.analyse,
    Stage.DELIVER: stages.deliver,
}


def run_stage(
    services: Services, call_id: int, *, owner: str, queue: str | None = None, work: Mapping[Stage, Work] = WORK
) -> str:
    """Carry the call on by one stage; the stage's name, or "idle" when there was nothing to do.

    Only a stage of `queue` is run (None = any): a job that was queued twice may come when its stage is done, and
    the next one may need models that only the other queue's workers have. `work` says what each stage does.
    Every ending is written to the database: done, later, refused or failed. A bug is noted there too and
    then raised, without any word of the call in its text.
    """
    lease = _take(services, call_id, owner, queue)
    if lease is None:
        return "idle"
    log = structlog.get_logger().bind(call=call_id, stage=lease.stage.value, attempt=lease.attempt)
    try:
        with services.database.transaction() as tx:
            consents.require(tx, call_id, Purpose.OWN_REPORT)
        with _kept(services, lease) as progress:
            work[lease.stage](services, stages.Task(lease, _reporter(progress)))
        services.database.insist(lambda tx: calls.complete(tx, lease, services.now_ms()))
        log.info("stage_done")
    except LeaseLost:
        log.info("lease_lost")
    except ProductError as fault:
        log.warning("stage_ended", code=fault.code, permanent=fault.permanent)
        _settle(services, lease, fault)
    except Exception as bug:  # noqa: BLE001 - the one boundary: the database must learn of every ending
        log.error("stage_crashed", error=type(bug).__name__, where=where_raised(bug))
        _crash(services, lease, "TOOK_TOO_LONG" if isinstance(bug, JobTimeoutException) else "BUG")
        raise _Crash(f"{lease.stage} crashed with {type(bug).__name__} at {where_raised(bug)}") from None
    services.queues.dispatch(services.database, services.now_ms())
    return lease.stage.value


class _Crash(RuntimeError):
    """A bug, told without anything that was said."""


def _take(services: Services, call_id: int, owner: str, queue: str | None) -> Lease | None:
    with services.database.transaction() as tx:
        call = calls.get_call(tx, call_id)
        stage = stage_reading(State(call.state))
        if stage is None or queue not in (None, QUEUE_OF[stage]):
            return None
        return calls.take_lease(tx, call_id, stage, owner, services.now_ms())


@contextmanager
def _kept(services: Services, lease: Lease) -> Iterator[Progress]:
    """Renew the lease and write the progress down while the work goes on."""
    progress, done = Progress(services.now_ms), threading.Event()

    def keep() -> None:
        while not done.is_set():
            progress.changed.wait(RENEW_S)
            progress.changed.clear()
            if done.is_set():
                return
            try:
                with services.database.transaction() as tx:
                    calls.renew(tx, lease, services.now_ms(), **asdict(progress.shown))
            except LeaseLost:
                progress.lost = True
                return
            except StoreBusy:
                continue  # the next renewal comes in time: three may be missed
            done.wait(1)

    keeper = threading.Thread(target=keep, name="lease", daemon=True)
    keeper.start()
    try:
        yield progress
    finally:
        done.set()
        progress.changed.set()
        keeper.join()


def _reporter(progress: Progress) -> Callable[[str, float], None]:
    """How a stage tells how far it is; also where a stage learns that its call was taken or withdrawn."""

    def report(part: str, share: float) -> None:
        if progress.lost:
            raise LeaseLost("another worker has taken this call over, or it was withdrawn")
        progress.tell(part, share)

    return report


def _settle(services: Services, lease: Lease, fault: ProductError) -> None:
    """Write down how the stage ended: refused, failed, or to be tried again."""
    now = services.now_ms()

    def settle(tx: Session) -> None:
        if isinstance(fault, RecordingUnusable | NoConsent):
            calls.give_up(tx, lease, now, state=State.REFUSED, code=fault.code)
        elif fault.permanent:
            calls.give_up(tx, lease, now, state=State.FAILED, code=fault.code)
        else:
            _later(tx, lease, fault, now)

    _note_ending(services, lease, settle)


def _later(tx: Session, lease: Lease, fault: ProductError, now: int) -> None:
    """Try again, unless it was tried or waited for long enough. Waits double, from a minute to an hour."""
    patience = next((limit for kind, limit in PATIENCE_MS.items() if isinstance(fault, kind)), None)
    since = calls.get_call(tx, lease.call_id).waiting_since_ms
    waited = 0 if since is None else now - since
    tired = lease.attempt >= calls.MOST_ATTEMPTS if patience is None else waited > patience
    if tired:
        calls.give_up(tx, lease, now, state=State.FAILED, code=fault.code)
        return
    asked_s = getattr(fault, "retry_after_s", None)
    wait = int(asked_s * 1000) if asked_s is not None else min(LONGEST_WAIT_MS, max(FIRST_WAIT_MS, waited))
    calls.postpone(tx, lease, now, code=fault.code, due_ms=now + wait, counts=patience is None)


def _crash(services: Services, lease: Lease, code: str) -> None:
    now = services.now_ms()

    def settle(tx: Session) -> None:
        if lease.attempt >= calls.MOST_ATTEMPTS:
            calls.give_up(tx, lease, now, state=State.FAILED, code=code)
        else:
            calls.postpone(tx, lease, now, code=code, due_ms=now + FIRST_WAIT_MS, counts=True)

    _note_ending(services, lease, settle)


def _note_ending(services: Services, lease: Lease, settle: Callable[[Session], None]) -> None:
    """Write an ending down; when that cannot be, the lease runs out and the stage is run again."""
    try:
        services.database.insist(settle)
    except (LeaseLost, StoreBusy) as fault:
        structlog.get_logger().warning("ending_not_noted", call=lease.call_id, code=fault.code)
