"""Sign-in codes: how they are made, how long they count, and the letter that carries one."""

from __future__ import annotations

import hmac
import re
import secrets
import threading
from hashlib import sha256
from typing import Any

import structlog
from flask import current_app, render_template
from flask_babel import gettext
from flask_security.totp import Totp
from passlib.exc import TokenError

from integration.store import people
from integration.web.letters import letter_to
from processor.errors import ProductError

MAILED_DIGITS = 8
"""With few tries (guard.py), and only the few codes of the last ten minutes open, a mailed code cannot be guessed."""
MAILED = "mailed"
"""Stands where the library keeps a secret: mailed codes have none, each is drawn by chance."""
BLANK = "<code>"
SHOWN_S = 30
"""A code of an authenticator app counts for its own half minute and one on either side."""


class Codes(Totp):
    """Codes that count once. The mailed ones have eight digits, those of an authenticator app six."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._key = sha256(f"mailed:{secrets['1']}".encode()).digest()

    def mark(self, person_id: int, code: str) -> str:
        """What is kept of a mailed code: a mark that only this server's key can make of it. Spaces do not count."""
        digits = re.sub(r"[\s-]", "", code)
        return hmac.new(self._key, f"{person_id}:{digits}".encode(), sha256).hexdigest()

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:  # noqa: ARG002 - the library's signature; each kind of code has its own window
        """Whether the code is right, in time, and not used before."""
        if totp_secret == MAILED:
            services = current_app.extensions["partnering"]
            with services.database.transaction() as tx:
                return people.use_code(tx, user.id, self.mark(user.id, token), now_ms=services.now_ms())
        try:
            match = self._totp.verify(token, totp_secret, window=SHOWN_S)
        except TokenError:
            return False
        first_use: bool = current_app.extensions["security"].datastore.use_app_code(user, match.counter)
        return first_use


def send_code(person_id: int, address: str) -> None:
    """Mail the person a code. Returns at once; a mail server that is away is noted in the log, without a name."""
    codes, services = current_app.extensions["security"].totp_factory, current_app.extensions["partnering"]
    subject = gettext("Your sign-in code")
    text = render_template("mail/code.txt", code=BLANK, minutes=people.CODE_MS // 60_000)

    def send() -> None:
        code = f"{secrets.randbelow(10**MAILED_DIGITS):0{MAILED_DIGITS}}"
        shown = text.replace(BLANK, f"{code[:4]} {code[4:]}")
        try:
            with services.database.transaction() as tx:
                people.keep_code(tx, person_id, codes.mark(person_id, code), now_ms=services.now_ms())
            services.mailer.send(letter_to(address, subject, shown, services.settings.mail.sender))
        except ProductError as fault:
            structlog.get_logger().warning("code_not_sent", code=fault.code)

    threading.Thread(target=send, name="code", daemon=True).start()
