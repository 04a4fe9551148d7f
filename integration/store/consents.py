"""Consent: a ledger by purpose. Rows are only added; the latest counts; without a row the answer is no."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.errors import NoConsent
from integration.store.schema import Consent
from integration.store.states import Purpose


def record(
    tx: Session, call_id: int, purpose: Purpose, *, granted: bool, basis: str, text_version: str, now_ms: int
) -> None:
    """Note a yes or a no."""
    tx.add(
        Consent(
            call_id=call_id, purpose=purpose, granted=granted, basis=basis, text_version=text_version, at_ms=now_ms
        )
    )


def latest(tx: Session, call_id: int, purpose: Purpose) -> Consent | None:
    """The answer that counts; None when nobody was asked."""
    return tx.scalar(
        select(Consent)
        .where(Consent.call_id == call_id, Consent.purpose == purpose)
        .order_by(Consent.id.desc())
        .limit(1)
    )


def is_granted(tx: Session, call_id: int, purpose: Purpose) -> bool:
    """Whether there is a yes that still stands."""
    row = latest(tx, call_id, purpose)
    return row is not None and row.granted


def require(tx: Session, call_id: int, purpose: Purpose) -> None:
    """NoConsent unless there is a yes to `purpose` that still stands."""
    if not is_granted(tx, call_id, purpose):
        raise NoConsent("there is no consent for this use of the call; ask the client, then start it again")
