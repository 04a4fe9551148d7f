"""The codes that were mailed: each is somebody's, for a time, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from integration.store import people
from integration.store.people import CODE_MS, PersonKind
from integration.store.schema import MailedCode, Person
from integration.wiring import Services

NOW = 1_794_000_000_000
ASKING = 8


def known(services: Services) -> int:
    with services.database.transaction() as tx:
        return people.add_person(tx, "dana@practice.example", (PersonKind.COACH,), now_ms=NOW).id


def keep(services: Services, person_id: int, mark: str, now_ms: int = NOW) -> None:
    with services.database.transaction() as tx:
        people.keep_code(tx, person_id, mark, now_ms=now_ms)


def use(services: Services, person_id: int, mark: str, now_ms: int = NOW) -> bool:
    with services.database.transaction() as tx:
        return people.use_code(tx, person_id, mark, now_ms=now_ms)


def test_of_many_at_once_one_wins(services: Services) -> None:
    """Eight send the same code in the same moment: it signs in one of them, and counts as one that was used."""
    person_id = known(services)
    keep(services, person_id, "a mark")
    with ThreadPoolExecutor(ASKING) as pool:
        won = list(pool.map(lambda _: use(services, person_id, "a mark"), range(ASKING)))
    assert sorted(won) == [False] * (ASKING - 1) + [True]
    with services.database.transaction() as tx:
        assert tx.get_one(Person, person_id).code_counter == 1


def test_the_same_code_drawn_twice_counts_from_the_later_letter(services: Services) -> None:
    """Chance may draw a code again while it is open: it is one code, ten minutes from the second letter on."""
    person_id = known(services)
    keep(services, person_id, "a mark")
    keep(services, person_id, "a mark", NOW + 1000)
    assert use(services, person_id, "a mark", NOW + CODE_MS + 999)
    assert not use(services, person_id, "a mark", NOW + CODE_MS + 999)


def test_codes_go_with_their_person(services: Services) -> None:
    """Nothing is kept of the codes of somebody who was removed."""
    person_id = known(services)
    keep(services, person_id, "a mark")
    with services.database.transaction() as tx:
        tx.delete(tx.get_one(Person, person_id))
    with services.database.transaction() as tx:
        assert tx.query(MailedCode).count() == 0
