"""Starting a call again that failed or was refused."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.store import calls
from integration.store.schema import Call, StageRun
from integration.store.states import Stage, State


def retry(tx: Session, call_id: int, *, now_ms: int) -> bool:
    """Let the stage that failed or refused run once more; False when the call did not stop, or is erased."""
    call = calls.get_call(tx, call_id)
    if State(call.state) not in (State.FAILED, State.REFUSED) or call.wrapped_key is None:
        return False
    calls.set_state(tx, call, _stage_that_stopped(tx, call).reads, now_ms=now_ms)
    calls.schedule(tx, call, due_ms=now_ms)
    return True


def _stage_that_stopped(tx: Session, call: Call) -> Stage:
    last = tx.scalar(
        select(StageRun.stage).where(StageRun.call_id == call.id).order_by(StageRun.id.desc()).limit(1)
    )
    return Stage.FETCH if last is None else Stage(last)
