"""How a stage ends decides what happens next, and every ending is written down."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import select

from integration.errors import DeliveryBusy, LeaseLost, StoreFault, ZoomBusy
from integration.jobs.run import run_stage
from integration.jobs.stages import Task
from integration.store import calls, consents
from integration.store.schema import Call, OutboxEntry, StageRun
from integration.store.states import Purpose, Stage, State
from integration.wiring import Services
from processor.errors import ModelMissing, OutOfMemory, ProductError, RecordingUnusable
from tests.conftest import Clock

MINUTE, HOUR = 60_000, 3_600_000
CANARY = "the canary sings at noon"


def new_call(services: Services, clock: Clock, *, consent: bool = True) -> int:
    with services.database.transaction() as tx:
        call, _ = calls.add_call(tx, services.keys, origin="zoom", started_ms=0, now_ms=clock())
        calls.schedule(tx, call, due_ms=clock())
        if consent:
            consents.record(
                tx, call.id, Purpose.OWN_REPORT, granted=True, basis="test", text_version="1", now_ms=clock()
            )
        return call.id


def run(services: Services, call_id: int, ending: Callable[[], None]) -> str:
    def work(_services: Services, _task: Task) -> None:
        ending()

    return run_stage(services, call_id, owner="worker", work=dict.fromkeys(Stage, work))


def raising(fault: Exception) -> Callable[[], None]:
    def ending() -> None:
        raise fault

    return ending


def end(services: Services, call_id: int) -> tuple[str, str, int | None]:
    """State, reason, and when the next try is due (None = never)."""
    with services.database.transaction() as tx:
        call = tx.get_one(Call, call_id)
        due = tx.scalar(select(OutboxEntry.due_ms).where(OutboxEntry.call_id == call_id))
        return call.state, call.reason, due


def test_a_good_end_moves_on(services: Services, clock: Clock) -> None:
    """A stage that ends well moves the call on, and the next stage is due at once."""
    call_id = new_call(services, clock)
    assert run(services, call_id, lambda: None) == "fetch"
    assert end(services, call_id) == (State.FETCHED, "", clock())


def test_without_consent_nothing_is_done(services: Services, clock: Clock) -> None:
    """A call that nobody agreed to is refused before its stage begins."""
    call_id = new_call(services, clock, consent=False)
    run(services, call_id, raising(AssertionError("must not run")))
    assert end(services, call_id) == (State.REFUSED, "NO_CONSENT", None)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (RecordingUnusable("too short", code="TOO_SHORT"), State.REFUSED),
        (StoreFault("damaged", code="VAULT_DAMAGED"), State.FAILED),
    ],
)
def test_a_permanent_fault_ends_the_call(services: Services, clock: Clock, fault: ProductError, state: State) -> None:
    """What cannot be helped is not tried again; an unusable recording is refused, anything else has failed."""
    call_id = new_call(services, clock)
    run(services, call_id, raising(fault))
    assert end(services, call_id) == (state, fault.code, None)


def test_a_busy_zoom_is_waited_for(services: Services, clock: Clock) -> None:
    """Zoom is asked again after as long as it said."""
    call_id = new_call(services, clock)
    run(services, call_id, raising(ZoomBusy("later", retry_after_s=90)))
    assert end(services, call_id) == (State.RECEIVED, "ZOOM_BUSY", clock() + 90_000)


def test_waits_double_and_end(services: Services, clock: Clock) -> None:
    """A mail server that is away is asked after 1, 1, 2, 4, ... minutes, at most hourly, and given up after 48 h."""
    call_id = new_call(services, clock)
    waits = []
    for _ in range(60):
        run(services, call_id, raising(DeliveryBusy("away")))
        state, _, due = end(services, call_id)
        if due is None:
            break
        waits.append(due - clock())
        clock.pass_time(due - clock())
    assert [w // MINUTE for w in waits[:7]] == [1, 1, 2, 4, 8, 16, 32]
    assert max(waits) == HOUR
    assert state == State.FAILED
    assert 48 * HOUR <= sum(waits) <= 50 * HOUR


def test_a_missing_model_never_fails_the_coach(services: Services, clock: Clock) -> None:
    """A call waits for a model for as long as it takes (here 30 days)."""
    call_id = new_call(services, clock)
    for _ in range(30):
        run(services, call_id, raising(ModelMissing("no model")))
        clock.pass_time(24 * HOUR)
    assert end(services, call_id)[0] == State.RECEIVED


@pytest.mark.parametrize("fault", [OutOfMemory("too large"), RuntimeError("a bug")])
def test_three_tries_and_no_more(services: Services, clock: Clock, fault: Exception) -> None:
    """Running out of memory, or a bug, is tried three times; then the coach reads that it failed."""
    call_id = new_call(services, clock)
    for _ in range(3):
        assert end(services, call_id)[0] == State.RECEIVED
        with suppress(RuntimeError):
            run(services, call_id, raising(fault))
        clock.pass_time(HOUR)
    assert end(services, call_id)[0] == State.FAILED


def test_a_bug_tells_where_and_not_what(services: Services, clock: Clock) -> None:
    """The error that a bug leaves names file and line, and not a word of the call."""
    call_id = new_call(services, clock)
    with pytest.raises(RuntimeError) as crash:
        run(services, call_id, raising(ValueError(CANARY)))
    assert "ValueError at test_run.py" in str(crash.value)
    assert CANARY not in str(crash.value)
    assert crash.value.__suppress_context__


def test_a_lost_lease_writes_nothing(services: Services, clock: Clock) -> None:
    """A worker that was taken for dead leaves the call as its successor made it."""
    call_id = new_call(services, clock)
    run(services, call_id, raising(LeaseLost("taken over")))
    assert end(services, call_id)[:2] == (State.RECEIVED, "")


def test_a_call_withdrawn_meanwhile_stays_withdrawn(services: Services, clock: Clock) -> None:
    """When a call is withdrawn while a stage runs, the stage's end does not bring it back."""
    call_id = new_call(services, clock)

    def withdraw() -> None:
        with services.database.transaction() as tx:
            calls.set_state(tx, tx.get_one(Call, call_id), State.WITHDRAWN, now_ms=clock())

    run(services, call_id, withdraw)
    assert end(services, call_id) == (State.WITHDRAWN, "", None)


def test_a_second_run_finds_nothing_to_do(services: Services, clock: Clock) -> None:
    """A job that comes twice, or too late, is idle."""
    call_id = new_call(services, clock)
    for _ in Stage:
        run(services, call_id, lambda: None)
    assert run(services, call_id, raising(AssertionError("must not run"))) == "idle"
    with services.database.transaction() as tx:
        assert [r.stage for r in tx.scalars(select(StageRun))] == ["fetch", "hear", "analyse", "deliver"]


def test_a_late_job_does_no_other_queues_work(services: Services, clock: Clock) -> None:
    """A job of the queue io that comes when the call is fetched leaves the hearing to the queue audio."""
    call_id = new_call(services, clock)
    done: list[Stage] = []
    work = {stage: (lambda _services, task: done.append(task.lease.stage)) for stage in Stage}
    for queue in ("io", "io", "audio"):
        run_stage(services, call_id, owner="worker", queue=queue, work=work)
    assert done == [Stage.FETCH, Stage.HEAR]
