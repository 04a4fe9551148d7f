"""When something was last seen: a worker, the clock, a webhook, Zoom's challenge."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from integration.store.schema import Heartbeat

WORKER, CLOCK = "worker", "clock"
AWAKE = (f"{WORKER} io", f"{WORKER} audio", CLOCK)
"""What has to be running; of each kind of worker there may be several, so these are beginnings of names."""
ASLEEP_MS = 300_000
"""They tell every half minute that they live; ten times missed is asleep."""
LONGEST_NAME = 60
FORGET_MS = 7 * 86_400_000
"""A machine that was not seen for a week has been taken away."""


def worker_name(queue: str, host: str) -> str:
    """What the workers of one queue on one machine are noted as."""
    return f"{WORKER} {queue} on {host}"[:LONGEST_NAME]


def note_seen(tx: Session, name: str, now_ms: int) -> None:
    """Note that `name` was seen now. Two processes of one name may do so at once, also for the first time."""
    row = insert(Heartbeat).values(name=name, at_ms=now_ms)
    tx.execute(row.on_conflict_do_update(index_elements=[Heartbeat.name], set_={"at_ms": now_ms}))


def last_seen(tx: Session) -> dict[str, int]:
    """Everything that was ever seen, and when (milliseconds since 1970)."""
    return {row.name: row.at_ms for row in tx.scalars(select(Heartbeat).order_by(Heartbeat.name))}


def forget_workers(tx: Session, now_ms: int) -> None:
    """Forget workers that were not seen for FORGET_MS."""
    tx.execute(delete(Heartbeat).where(Heartbeat.name.startswith(WORKER), Heartbeat.at_ms < now_ms - FORGET_MS))
