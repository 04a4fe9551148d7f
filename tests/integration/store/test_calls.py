"""A call's way: one worker at a time, nothing lost, every ending told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from integration.errors import LeaseLost
from integration.store import calls
from integration.store.calls import LEASE_MS, MOST_ATTEMPTS, Lease
from integration.store.schema import Call, OutboxEntry
from integration.store.states import Stage, State
from integration.wiring import Services
from tests.conftest import Clock


@pytest.fixture
def call_id(services: Services, clock: Clock) -> int:
    with services.database.transaction() as tx:
        call, _ = calls.add_call(tx, services.keys, origin="zoom", started_ms=0, now_ms=clock())
        calls.schedule(tx, call, due_ms=clock())
        return call.id


def take(services: Services, clock: Clock, call_id: int, owner: str = "a", stage: Stage = Stage.FETCH) -> Lease | None:
    with services.database.transaction() as tx:
        return calls.take_lease(tx, call_id, stage, owner, clock())


def outbox(services: Services, call_id: int) -> list[tuple[str, int]]:
    with services.database.transaction() as tx:
        rows = tx.scalars(select(OutboxEntry).where(OutboxEntry.call_id == call_id))
        return [(row.stage, row.due_ms) for row in rows]


def state(services: Services, call_id: int) -> tuple[str, str]:
    with services.database.transaction() as tx:
        call = tx.get_one(Call, call_id)
        return call.state, call.reason


def test_two_workers_cannot_have_one_call(services: Services, clock: Clock, call_id: int) -> None:
    """While one holds the lease, another gets none."""
    assert take(services, clock, call_id) is not None
    assert take(services, clock, call_id, "b") is None


def test_a_dead_workers_call_is_taken_over(services: Services, clock: Clock, call_id: int) -> None:
    """After the lease ran out another may work, and the first can write no more."""
    first = take(services, clock, call_id)
    clock.pass_time(LEASE_MS)
    second = take(services, clock, call_id, "b")
    assert first is not None
    assert second is not None
    for write in (calls.complete, calls.renew):
        with pytest.raises(LeaseLost), services.database.transaction() as tx:
            write(tx, first, clock())
    with services.database.transaction() as tx:
        calls.complete(tx, second, clock())
    assert state(services, call_id) == (State.FETCHED, "")


def test_a_renewed_lease_is_kept(services: Services, clock: Clock, call_id: int) -> None:
    """A worker that renews in time keeps its call."""
    lease = take(services, clock, call_id)
    assert lease is not None
    clock.pass_time(LEASE_MS - 1)
    with services.database.transaction() as tx:
        calls.renew(tx, lease, clock(), part="words", share=0.5)
    clock.pass_time(LEASE_MS - 1)
    assert take(services, clock, call_id, "b") is None


def test_a_finished_stage_asks_for_the_next(services: Services, clock: Clock, call_id: int) -> None:
    """Completing moves the state and leaves exactly the next stage in the outbox; the last leaves none."""
    for stage, after in zip(Stage, ["hear", "analyse", "deliver", None], strict=True):
        lease = take(services, clock, call_id, stage=stage)
        assert lease is not None
        with services.database.transaction() as tx:
            calls.complete(tx, lease, clock())
        assert [name for name, _ in outbox(services, call_id)] == ([after] if after else [])
    assert state(services, call_id) == (State.DELIVERED, "")


def test_a_stage_runs_on_its_own_state_only(services: Services, clock: Clock, call_id: int) -> None:
    """A stage whose state has not come, or has passed, finds nothing to do."""
    assert take(services, clock, call_id, stage=Stage.HEAR) is None


def test_three_silent_deaths_end_the_call(services: Services, clock: Clock, call_id: int) -> None:
    """A recording that kills its worker three times is given up with a reason, and blocks nobody."""
    for _ in range(MOST_ATTEMPTS):
        assert take(services, clock, call_id) is not None
        clock.pass_time(LEASE_MS)
    assert take(services, clock, call_id) is None
    assert state(services, call_id) == (State.FAILED, "GAVE_UP")
    assert outbox(services, call_id) == []


def test_waiting_does_not_use_up_attempts(services: Services, clock: Clock, call_id: int) -> None:
    """Postponing for something that is away may happen often; it is queued for the time given."""
    for _ in range(MOST_ATTEMPTS + 2):
        lease = take(services, clock, call_id)
        assert lease is not None
        with services.database.transaction() as tx:
            calls.postpone(tx, lease, clock(), code="ZOOM_BUSY", due_ms=clock() + 60_000, counts=False)
        assert outbox(services, call_id) == [("fetch", clock() + 60_000)]
        clock.pass_time(60_000)


def test_a_trashed_call_is_not_worked_on(services: Services, clock: Clock, call_id: int) -> None:
    """Nobody gets a lease on a recording that was put in the trash, and who has one loses it."""
    lease = take(services, clock, call_id)
    assert lease is not None
    with services.database.transaction() as tx:
        tx.get_one(Call, call_id).trashed = True
    with pytest.raises(LeaseLost), services.database.transaction() as tx:
        calls.complete(tx, lease, clock())
    clock.pass_time(LEASE_MS)
    assert take(services, clock, call_id) is None


def test_asking_twice_is_asking_once(services: Services, clock: Clock, call_id: int) -> None:
    """A stage stands in the outbox once, at the time last asked for."""
    with services.database.transaction() as tx:
        calls.schedule(tx, tx.get_one(Call, call_id), due_ms=clock() + 5)
    assert outbox(services, call_id) == [("fetch", clock() + 5)]


def test_stage_times_are_kept(services: Services, clock: Clock, call_id: int) -> None:
    """How long a stage took can be told afterwards."""
    lease = take(services, clock, call_id)
    assert lease is not None
    clock.pass_time(1_500)
    with services.database.transaction() as tx:
        calls.complete(tx, lease, clock())
    with services.database.transaction() as tx:
        assert calls.stage_seconds(tx, call_id) == (("fetch", 1.5),)
