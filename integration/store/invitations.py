"""Invitations by mail: only a hash of the token is kept, each is answered once, opening one changes nothing."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from integration.store.keys import CallKey
from integration.store.people import PersonKind
from integration.store.schema import Person
from integration.store.sharing_schema import Invitation

CONSENT = "consent"
DAY_MS = 86_400_000
VALID_DAYS = 14
ADDRESS = "invitation.address"


def invite_person(tx: Session, person: Person, kind: PersonKind, *, now_ms: int) -> tuple[Invitation, str]:
    """A letter to somebody with an account to be; the token stands in the letter and nowhere else."""
    return _add(tx, Invitation(kind=kind, person_id=person.id), now_ms)


def invite_client(
    tx: Session, call_id: int, address: str, key: CallKey, *, now_ms: int
) -> tuple[Invitation, str]:
    """A letter to the client of a call. An earlier one that was not answered no longer counts."""
    tx.execute(
        update(Invitation)
        .where(Invitation.call_id == call_id, Invitation.used_ms.is_(None))
        .values(until_ms=now_ms, address_sealed=None)
    )
    sealed = key.seal_text(address.strip().lower(), ADDRESS)
    return _add(tx, Invitation(kind=CONSENT, call_id=call_id, address_sealed=sealed), now_ms)


def find(tx: Session, token: str, *, now_ms: int) -> Invitation | None:
    """The invitation with this token that can still be answered. Looking does not use it up."""
    return tx.scalar(
        select(Invitation).where(
            Invitation.token_sha256 == _hash(token), Invitation.used_ms.is_(None), Invitation.until_ms > now_ms
        )
    )


def use(tx: Session, token: str, *, now_ms: int) -> Invitation | None:
    """Use the invitation up; None when somebody already did, or its time is over. Two at once: one wins."""
    used = tx.execute(
        update(Invitation)
        .where(Invitation.token_sha256 == _hash(token), Invitation.used_ms.is_(None), Invitation.until_ms > now_ms)
        .values(used_ms=now_ms)
        .returning(Invitation.id)
    ).scalar_one_or_none()
    return None if used is None else tx.get(Invitation, used)


def waiting_for_client(tx: Session, call_id: int, *, now_ms: int) -> bool:
    """Whether an invitation of this call can still be answered."""
    found = tx.scalar(
        select(Invitation.id).where(
            Invitation.call_id == call_id, Invitation.used_ms.is_(None), Invitation.until_ms > now_ms
        )
    )
    return found is not None


def not_here_yet(tx: Session) -> set[int]:
    """Ids of people who were invited and never took an invitation up."""
    took_up = select(Invitation.person_id).where(Invitation.person_id.is_not(None), Invitation.used_ms.is_not(None))
    signed_in = select(Person.id).where(Person.code_counter > 0)
    invited = select(Invitation.person_id).where(Invitation.person_id.is_not(None))
    wanted = invited.where(Invitation.person_id.not_in(took_up), Invitation.person_id.not_in(signed_in))
    return {person_id for person_id in tx.scalars(wanted) if person_id is not None}


def message_id(invitation: Invitation, domain: str) -> str:
    """The Message-ID of the invitation's letter, so that it can be found again and erased."""
    return f"<invitation.{invitation.token_sha256[:24]}@{domain}>"


def _add(tx: Session, invitation: Invitation, now_ms: int) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(24)
    invitation.token_sha256 = _hash(token)
    invitation.created_ms, invitation.until_ms = now_ms, now_ms + VALID_DAYS * DAY_MS
    tx.add(invitation)
    tx.flush()
    return invitation, token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
