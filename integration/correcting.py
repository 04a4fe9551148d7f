"""A correction takes effect at once: what was heard is read again with it."""

from __future__ import annotations

from collections.abc import Callable

from integration import reading
from integration.corrections import Corrections, dump
from integration.store import calls
from integration.store.record import CORRECTIONS, Record
from integration.wiring import Services


def correct(services: Services, record: Record, change: Callable[[Corrections], Corrections]) -> None:
    """Change the call's corrections and read it again. StoreFault NOT_KEPT when its words are gone."""
    record.keep_text(CORRECTIONS, dump(change(record.corrections())))
    read_again(services, record)


def read_again(services: Services, record: Record) -> None:
    """Read what was heard, with the coach's corrections, and keep what was found."""
    with services.database.transaction() as tx:
        seconds = calls.stage_seconds(tx, record.call.id)
    record.keep_findings(*reading.read(record.session(), services.settings.speech.profile, seconds))
