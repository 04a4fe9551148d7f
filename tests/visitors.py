"""People in front of the web app: they sign in with the code from their mail and send forms as a browser does."""

from __future__ import annotations

import email
import re
import time
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from integration.store import people
from integration.store.people import PersonKind
from integration.wiring import Services

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
MAIL_S = 10


class Visitor:
    """One person with one browser."""

    def __init__(self, app: Flask, services: Services, address: str = "") -> None:
        self.browser: FlaskClient = app.test_client()
        self.services = services
        self.address = address

    def get(self, path: str, **more: object) -> TestResponse:
        return self.browser.get(path, **more)

    def send(self, path: str, *, page: str = "/sign-in", **fields: object) -> TestResponse:
        """Send a form, with the token that `page` carries."""
        found = TOKEN.search(self.get(page, follow_redirects=True).text)
        assert found, f"{page} carries no form token"
        return self.browser.post(path, data={"csrf_token": found[1], **fields})

    def sign_in(self) -> TestResponse:
        """Ask for a code, read it in the mail, and use it."""
        before = len(letters(self.services))
        self.send("/sign-in/send", identity=self.address, chosen_method="email", submit_send_code="1")
        return self.enter(code_in(next_letter(self.services, before)))

    def enter(self, code: str) -> TestResponse:
        """Use a code."""
        return self.send("/sign-in/code", identity=self.address, passcode=code, submit="1")


def without_tokens(page: str) -> str:
    """A page as everybody would get it: without the form tokens, which change with the second."""
    return TOKEN.sub("", page)


def someone(app: Flask, services: Services, address: str, *kinds: PersonKind, name: str = "") -> Visitor:
    """A person who is already in the database, signed in."""
    known(services, address, *kinds, name=name)
    visitor = Visitor(app, services, address)
    assert visitor.sign_in().status_code == 302
    return visitor


def known(services: Services, address: str, *kinds: PersonKind, name: str = "") -> int:
    """The id of a person with this address, made when new."""
    with services.database.transaction() as tx:
        return people.add_person(tx, address, kinds, now_ms=services.now_ms(), name=name).id


def letters(services: Services) -> list[EmailMessage]:
    """Every letter in the mail folder, oldest first."""
    folder: Path = services.mailer.folder  # tests use the folder as mail box
    found = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=default) for path in found]


def next_letter(services: Services, before: int) -> EmailMessage:
    """The letter that comes after the first `before` ones."""
    deadline = time.monotonic() + MAIL_S
    while time.monotonic() < deadline:
        found = letters(services)
        if len(found) > before:
            return found[-1]
        time.sleep(0.01)
    raise AssertionError("no letter came")


def code_in(letter: EmailMessage) -> str:
    """The sign-in code in a letter."""
    found = re.search(r"\b(\d{4}) (\d{4})\b", letter.get_content())
    assert found, "the letter holds no code"
    return found[1] + found[2]
