"""Who uses Partnering, and in which roles."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integration.store.schema import Person, PersonRole


class PersonKind(StrEnum):
    """What somebody may be here; one person may be several."""

    COACH = "coach"
    SUPERVISOR = "supervisor"
    CLIENT = "client"
    ADMINISTRATOR = "administrator"


def add_person(tx: Session, email: str, kinds: tuple[PersonKind, ...], *, now_ms: int, name: str = "") -> Person:
    """The person with this address, made when new, with `kinds` added."""
    person = find_person(tx, email)
    if person is None:
        person = Person(email=_plain(email), name=name, created_ms=now_ms)
        tx.add(person)
    have = {role.role for role in person.roles}
    person.roles.extend(PersonRole(role=kind) for kind in kinds if kind not in have)
    tx.flush()
    return person


def find_person(tx: Session, email: str) -> Person | None:
    """The person with this address, however it is capitalised."""
    return tx.scalar(select(Person).where(func.lower(Person.email) == _plain(email)))


def find_coach(tx: Session, email: str) -> Person | None:
    """The active coach with this address; None for everybody else."""
    return tx.scalar(
        select(Person)
        .join(PersonRole)
        .where(
            func.lower(Person.email) == _plain(email), Person.active.is_(True), PersonRole.role == PersonKind.COACH
        )
    )


def _plain(email: str) -> str:
    return email.strip().lower()
