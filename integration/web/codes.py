"""Sign-in codes: how they are made, how long they count, and the letter that carries one."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from flask import current_app, render_template
from flask_babel import gettext
from flask_security.totp import Totp
from passlib.exc import TokenError
from passlib.totp import TOTP

from integration.web.letters import letter_to
from processor.errors import ProductError

MAILED_DIGITS = 8
MAILED_S = 600
"""A mailed code counts for ten minutes; with eight digits and few tries (guard.py) it cannot be guessed in them."""
FRESH_S = 1
"""After so many seconds a new mailed code is another one. A code counts once, so whoever signs in on a second device
right after the first needs it. Some 1,200 codes of a hundred million are good at a time."""
BLANK = "<code>"
SHOWN_S = 30
"""A code of an authenticator app counts for its own half minute and one on either side."""


class Codes(Totp):
    """Codes that count once. The mailed ones have eight digits, those of an authenticator app six."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._mailed = TOTP.using(issuer=issuer, secrets=secrets, digits=MAILED_DIGITS, period=FRESH_S)

    def new_mail_secret(self) -> str:
        """A new secret for mailed codes, sealed."""
        secret: str = self._mailed.new().to_json(encrypt=True)
        return secret

    def can_open(self, secret: str) -> bool:
        """Whether the sealed secret was sealed by this server's key."""
        try:
            self._totp.from_source(secret)
        except (ValueError, KeyError):
            return False
        return True

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:  # noqa: ARG002 - the library's signature; each kind of code has its own window
        """Whether the code is right, in time, and not used before."""
        mailed = self._totp.from_source(totp_secret).digits == MAILED_DIGITS
        kind, seconds = ("email", MAILED_S) if mailed else ("authenticator", SHOWN_S)
        try:
            match = self._totp.verify(token, totp_secret, window=seconds)
        except TokenError:
            return False
        first_use: bool = current_app.extensions["security"].datastore.use_code(user, kind, match.counter)
        return first_use


def send_code(address: str, secret: str) -> None:
    """Mail the person their code. Returns at once; a mail server that is away is noted in the log, without a name."""
    security = current_app.extensions["security"]
    subject, text = gettext("Your sign-in code"), render_template("mail/code.txt", code=BLANK, minutes=MAILED_S // 60)

    def send() -> None:
        code = security.totp_factory.generate_totp_password(secret)
        letter = letter_to(address, subject, text.replace(BLANK, f"{code[:4]} {code[4:]}"), sender)
        try:
            mailer.send(letter)
        except ProductError as fault:
            structlog.get_logger().warning("code_not_sent", code=fault.code)

    services = current_app.extensions["partnering"]
    mailer, sender = services.mailer, services.settings.mail.sender
    threading.Thread(target=send, name="code", daemon=True).start()
