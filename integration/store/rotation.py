"""Wrapping everything anew with the first master key, so that an older one can be put away."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from integration.store.database import Database
from integration.store.keys import KeyRing
from integration.store.schema import Call
from integration.store.zoom_schema import ZoomConnection

BATCH = 500
"""Rows changed at a time, so that nobody waits long for the database."""


def rewrap_all(database: Database, keys: KeyRing) -> int:
    """Wrap the key of every call, and the tokens of every connection, by the first master key; how many.

    What was sealed stays as it is, only its wrapping changes. Each batch is one transaction: a run that was cut off
    has lost nothing, and the next one finishes. StoreFault MASTER_KEY_LOST when a row can be opened by no key.
    """
    places: tuple[tuple[Any, Any], ...] = (
        (Call.wrapped_key, keys.rewrap),
        (ZoomConnection.access_sealed, keys.reseal_setting),
        (ZoomConnection.refresh_sealed, keys.reseal_setting),
    )
    return sum(_rewrap_column(database, column, rewrap) for column, rewrap in places)


def _rewrap_column(database: Database, column: Any, rewrap: Any) -> int:
    table, done, last = column.class_, 0, 0
    while True:
        held = select(table).where(table.id > last, column.is_not(None)).order_by(table.id).limit(BATCH)
        with database.transaction() as tx:
            rows = tx.scalars(held.with_for_update()).all()
            for row in rows:
                setattr(row, column.key, rewrap(getattr(row, column.key)))
        if not rows:
            return done
        done, last = done + len(rows), rows[-1].id
