"""Signing in and out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from passlib.totp import TOTP

from integration.store import people
from integration.store.people import PersonKind
from integration.store.schema import Person
from integration.web.guard import EVEN_S
from integration.web.links import unsubscribe_url
from integration.wiring import Services
from tests.visitors import TOKEN, Visitor, code_in, known, letters, next_letter, someone, without_tokens

COACH = "coach@practice.example"
PARTNERING = Path(sys.executable).parent / "partnering"


def test_a_mailed_code_signs_in(app: Flask, services: Services) -> None:
    """With the code from the mail a coach gets to their sessions."""
    coach = someone(app, services, COACH, PersonKind.COACH)
    assert coach.get("/sessions").status_code == 200


def test_strangers_learn_nothing_about_who_is_known(app: Flask, services: Services) -> None:
    """The answer to a known and to an unknown address is the same page, but for the address typed."""
    known(services, COACH, PersonKind.COACH)
    answers = []
    for address in (COACH, "nobody@practice.example"):
        visitor = Visitor(app, services, address)
        sent = visitor.send("/sign-in/send", identity=address, chosen_method="email", submit_send_code="1")
        answers.append((sent.status_code, without_tokens(sent.text.replace(address, "…"))))
        tried = visitor.enter("00000000")
        answers.append((tried.status_code, without_tokens(tried.text.replace(address, "…"))))
    assert answers[:2] == answers[2:]


def test_strangers_learn_nothing_from_the_time(app: Flask, services: Services) -> None:
    """To look a person up, to draw a code and to compare one takes a few ms; every answer waits for a full tenth of a
    second, known address or not."""
    known(services, COACH, PersonKind.COACH)
    visitor = Visitor(app, services)
    token = {"csrf_token": TOKEN.search(visitor.get("/sign-in").text)[1]}
    for address in (COACH, "nobody@practice.example"):
        for path, fields in (("send", {"chosen_method": "email"}), ("code", {"passcode": "00000000"})):
            began = time.monotonic()
            visitor.browser.post(f"/sign-in/{path}", data={"identity": address, **fields, **token})
            assert time.monotonic() - began >= EVEN_S


def test_an_unknown_address_gets_no_letter(app: Flask, services: Services) -> None:
    """No letter goes to an address that is not known."""
    visitor = Visitor(app, services, "nobody@practice.example")
    visitor.send("/sign-in/send", identity=visitor.address, chosen_method="email", submit_send_code="1")
    known(services, COACH, PersonKind.COACH)
    visitor.send("/sign-in/send", identity=COACH, chosen_method="email", submit_send_code="1")
    next_letter(services, 0)
    assert {letter["To"] for letter in letters(services)} == {COACH}


def test_tries_are_limited(app: Flask, services: Services) -> None:
    """After ten wrong codes for one address within an hour the eleventh is not looked at."""
    known(services, COACH, PersonKind.COACH)
    visitor = Visitor(app, services, COACH)
    answers = [visitor.enter("00000000").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


@pytest.mark.parametrize(
    "written", ["Coach@Practice.Example", "coach@\uff50ractice.example", "coach@practice\u3002example"]
)
def test_tries_of_one_address_are_counted_together(app: Flask, services: Services, written: str) -> None:
    """However the address is written (large or full-width letters, another dot), and whichever of the two forms is
    sent: six and four wrong codes make ten, and the eleventh is looked at in neither."""
    known(services, COACH, PersonKind.COACH)
    visitor = Visitor(app, services)

    def enter(path: str, address: str) -> int:
        return visitor.send(path, identity=address, passcode="00000000", submit="1").status_code

    tries = [("/sign-in/code", COACH)] * 6 + [("/sign-in", written)] * 4
    assert [enter(*one) for one in tries] == [200] * 10
    assert [enter("/sign-in/code", written), enter("/sign-in", COACH)] == [429, 429]


def test_signing_out_ends_every_session(app: Flask, services: Services) -> None:
    """Signing out on one device signs out the others too."""
    phone = someone(app, services, COACH, PersonKind.COACH)
    laptop = Visitor(app, services, COACH)
    laptop.browser.set_cookie("partnering", phone.browser.get_cookie("partnering").value)
    assert laptop.get("/sessions").status_code == 200
    assert phone.send("/sign-out", page="/account").status_code == 302
    assert laptop.get("/sessions").status_code == 302


def test_nobody_is_sent_elsewhere(app: Flask, services: Services) -> None:
    """After signing in, `next` leads to our own pages only."""
    known(services, COACH, PersonKind.COACH)
    visitor = Visitor(app, services, COACH)
    visitor.send("/sign-in/send", identity=COACH, chosen_method="email", submit_send_code="1")
    code = code_in(next_letter(services, 0))
    answer = visitor.send(
        "/sign-in/code?next=https://evil.example/x", identity=COACH, passcode=code, submit="1"
    )
    assert answer.headers["Location"] in {"/", "http://localhost/"}


def test_a_link_cannot_sign_in(app: Flask) -> None:
    """There is no sign-in by opening a link, because mail scanners open links."""
    assert Visitor(app, app.extensions["partnering"]).get("/us-verify-link?id=x&code=y").status_code == 404


def test_the_first_administrator_comes_from_the_command(app: Flask, services: Services) -> None:
    """Whoever was made administrator on the server may sign in, and sees what administrators see."""
    subprocess.run(
        [PARTNERING, "add-person", "Admin@Practice.example", "--as", "administrator"],
        env=os.environ | {"PARTNERING_DATA_DIR": str(services.settings.data_dir), "DATABASE_URL": ""},
        check=True,
        capture_output=True,
    )
    admin = Visitor(app, services, "admin@practice.example")
    assert admin.sign_in().status_code == 302
    assert admin.get("/administration").status_code == 200


@pytest.mark.parametrize("path", ["/sessions", "/account", "/"])
def test_strangers_are_sent_to_the_sign_in(app: Flask, services: Services, path: str) -> None:
    """A page that is not for strangers leads them to the sign-in, and back afterwards."""
    answer = Visitor(app, services).get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_a_form_without_its_token_changes_nothing(app: Flask, services: Services) -> None:
    """A form that another site sends is refused."""
    coach = someone(app, services, COACH, PersonKind.COACH)
    assert coach.browser.post("/sign-out").status_code == 400
    assert coach.get("/sessions").status_code == 200


def test_report_mails_stop_with_one_click(app: Flask, services: Services) -> None:
    """Opening the link changes nothing; the button, or the mail program's own, stops the mails."""
    coach_id = known(services, COACH, PersonKind.COACH)
    with services.database.transaction() as tx:
        path = unsubscribe_url(services.settings, tx.get_one(Person, coach_id)).removeprefix("http://127.0.0.1:8000")
    visitor = Visitor(app, services)

    def wants_mail() -> bool:
        with services.database.transaction() as tx:
            return tx.get_one(Person, coach_id).wants_mail

    assert visitor.get(path).status_code == 200
    assert wants_mail()
    assert visitor.browser.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not wants_mail()


def test_an_authenticator_app_may_take_the_place_of_the_mail(app: Flask, services: Services) -> None:
    """Once set up, its code signs in, until the app is forgotten; mailed codes go on working."""
    coach = someone(app, services, COACH, PersonKind.COACH)
    page = coach.send("/account/authenticator", page="/account/authenticator", chosen_method="authenticator").text
    assert len(letters(services)) == 1, "the code of an app was mailed"
    key = re.search(r"type this key: ([A-Z2-7-]+)", page)
    path = re.search(r'action="(/account/authenticator/[^"]+)"', page)
    assert key
    assert path
    shown = TOTP(key=key[1].replace("-", ""), format="base32").generate().token
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    answer = coach.browser.post(path[1], data={"csrf_token": token[1], "passcode": shown})
    assert answer.status_code == 302
    laptop = Visitor(app, services, COACH)
    later = TOTP(key=key[1].replace("-", ""), format="base32").generate(time=time.time() + 30).token
    assert laptop.enter(later).status_code == 302
    assert laptop.get("/sessions").status_code == 200
    coach.send("/account/app-off", page="/account")
    lost = Visitor(app, services, COACH)
    with time_machine.travel(time.time() + 600):
        assert lost.enter(TOTP(key=key[1].replace("-", ""), format="base32").generate().token).status_code == 200
    assert lost.get("/sessions").status_code == 302


def test_a_session_ends_after_twelve_hours(app: Flask, services: Services) -> None:
    """However busy somebody is: after twelve hours they sign in again."""
    coach = someone(app, services, COACH, PersonKind.COACH)
    signed_in_at = time.time()
    for hours, status in ((6, 200), (11, 200), (13, 302)):
        with time_machine.travel(signed_in_at + hours * 3600):
            assert coach.get("/sessions").status_code == status


def test_a_name_is_theirs_to_choose(app: Flask, services: Services) -> None:
    """What they type is what others read, with its spaces in order; an empty one is none."""
    coach = someone(app, services, COACH, PersonKind.COACH)
    for typed, kept in (("  Dana   Hale ", "Dana Hale"), ("", "")):
        coach.send("/account/name", page="/account", name=typed)
        with services.database.transaction() as tx:
            assert people.find_coach(tx, COACH).name == kept
