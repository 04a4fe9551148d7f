"""Who uses Partnering, and in which roles."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from integration.store.schema import MailedCode, Person, PersonRole

CODE_MS = 600_000
"""A mailed code counts for ten minutes. # Source: the house's choice: mails may take some, and few codes are open."""


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
        person = Person(email=plain(email), name=name, created_ms=now_ms)
        tx.add(person)
    have = {role.role for role in person.roles}
    person.roles.extend(PersonRole(role=kind) for kind in kinds if kind not in have)
    tx.flush()
    return person


def find_person(tx: Session, email: str) -> Person | None:
    """The person with this address, however it is capitalised."""
    return tx.scalar(select(Person).where(func.lower(Person.email) == plain(email)))


def find_coach(tx: Session, email: str) -> Person | None:
    """The active coach with this address; None for everybody else."""
    return tx.scalar(
        select(Person)
        .join(PersonRole)
        .where(
            func.lower(Person.email) == plain(email), Person.active.is_(True), PersonRole.role == PersonKind.COACH
        )
    )


def keep_code(tx: Session, person_id: int, mark: str, *, now_ms: int) -> None:
    """Note that a sign-in code is on its way to the person, and forget all whose time is over."""
    tx.execute(delete(MailedCode).where(MailedCode.until_ms <= now_ms))
    tx.merge(MailedCode(person_id=person_id, mark=mark, until_ms=now_ms + CODE_MS))


def use_code(tx: Session, person_id: int, mark: str, *, now_ms: int) -> bool:
    """Whether this code was mailed to the person and counts; then no more. Of two at once one wins."""
    mailed = delete(MailedCode).where(
        MailedCode.person_id == person_id, MailedCode.mark == mark, MailedCode.until_ms > now_ms
    )
    if tx.execute(mailed.returning(MailedCode.person_id)).first() is None:
        return False
    tx.execute(update(Person).where(Person.id == person_id).values(code_counter=Person.code_counter + 1))
    return True


def plain(email: str) -> str:
    """The address as it is looked up: without spaces around it, in small letters."""
    return email.strip().lower()
