"""The codes that are mailed: who gets one, how long it counts, and that it counts once."""

from __future__ import annotations

import pytest
from flask import Flask

from integration.store.people import PersonKind
from integration.store.schema import MailedCode
from integration.web.codes import Codes
from integration.wiring import Services
from tests.conftest import Clock
from tests.visitors import Visitor, code_in, known, letters, next_letter, someone

COACH = "coach@practice.example"


def ask_for_code(visitor: Visitor) -> str:
    """Let a code be mailed, and read it."""
    before = len(letters(visitor.services))
    visitor.send("/sign-in/send", identity=visitor.address, chosen_method="email", submit_send_code="1")
    return code_in(next_letter(visitor.services, before))


def open_codes(services: Services) -> int:
    with services.database.transaction() as tx:
        return tx.query(MailedCode).count()


def test_the_code_is_not_in_the_subject(app: Flask, services: Services) -> None:
    """A locked phone shows subjects, so the code stands only inside the letter."""
    someone(app, services, COACH, PersonKind.COACH)
    (letter,) = letters(services)
    assert code_in(letter)[:4] not in letter["Subject"]


def test_a_second_device_signs_in_right_after_the_first(app: Flask, services: Services) -> None:
    """Each letter brings another code, so nobody is sent a code that they have just used."""
    someone(app, services, COACH, PersonKind.COACH)
    assert Visitor(app, services, COACH).sign_in().status_code == 302


def test_a_code_counts_once(app: Flask, services: Services) -> None:
    """A code that was used signs nobody in again, not even within its ten minutes."""
    someone(app, services, COACH, PersonKind.COACH)
    used = code_in(letters(services)[0])
    thief = Visitor(app, services, COACH)
    assert thief.enter(used).status_code == 200
    assert thief.get("/sessions").status_code == 302


def test_a_code_may_be_typed_as_it_is_written(app: Flask, services: Services) -> None:
    """The letter writes it in two groups of four, and many type the space."""
    known(services, COACH, PersonKind.COACH)
    visitor = Visitor(app, services, COACH)
    code = ask_for_code(visitor)
    assert visitor.enter(f" {code[:4]} {code[4:]}").status_code == 302


def test_only_mailed_codes_count(app: Flask, services: Services) -> None:
    """As many codes count as letters are on their way: none at first, two of two letters, one after one was used."""
    known(services, COACH, PersonKind.COACH)
    visitor = Visitor(app, services, COACH)
    assert open_codes(services) == 0
    codes = [ask_for_code(visitor), ask_for_code(visitor)]
    assert open_codes(services) == 2
    for code, left in zip(codes, (1, 0), strict=True):
        assert Visitor(app, services, COACH).enter(code).status_code == 302
        assert open_codes(services) == left


def test_a_code_is_for_whom_it_was_mailed_to(app: Flask, services: Services) -> None:
    """The code of one person does not sign in another, and still counts for the first."""
    for address in (COACH, "other@practice.example"):
        known(services, address, PersonKind.COACH)
    code = ask_for_code(Visitor(app, services, COACH))
    assert Visitor(app, services, "other@practice.example").enter(code).status_code == 200
    assert Visitor(app, services, COACH).enter(code).status_code == 302


@pytest.mark.parametrize(("seconds", "status"), [(599, 302), (600, 200)])
def test_a_code_counts_for_ten_minutes(
    app: Flask, services: Services, clock: Clock, seconds: int, status: int
) -> None:
    """In the last second of its ten minutes it signs in, and after it no more."""
    known(services, COACH, PersonKind.COACH)
    visitor = Visitor(app, services, COACH)
    code = ask_for_code(visitor)
    clock.pass_time(seconds * 1000)
    assert visitor.enter(code).status_code == status


def test_codes_whose_time_is_over_are_forgotten(app: Flask, services: Services, clock: Clock) -> None:
    """With the next letter to anybody the code of eleven minutes ago is gone from the database."""
    for address in (COACH, "other@practice.example"):
        known(services, address, PersonKind.COACH)
    ask_for_code(Visitor(app, services, COACH))
    clock.pass_time(660_000)
    ask_for_code(Visitor(app, services, "other@practice.example"))
    assert open_codes(services) == 1


def test_what_is_kept_of_a_code_does_not_tell_it(app: Flask, services: Services) -> None:
    """The database holds a mark of the code that differs with the server's key: not the code, nor its plain hash."""
    person_id = known(services, COACH, PersonKind.COACH)
    code = ask_for_code(Visitor(app, services, COACH))
    with services.database.transaction() as tx:
        mark = tx.query(MailedCode).one().mark
    assert mark == Codes({"1": app.config["SECURITY_TOTP_SECRETS"]["1"]}, "").mark(person_id, code)
    assert mark != Codes({"1": "another key"}, "").mark(person_id, code)
