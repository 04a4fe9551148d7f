"""The port through which every message leaves, and its two ways out: a mail server, or a folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol

from integration.config import MailSettings
from integration.errors import DeliveryBusy, DeliveryFault


class Mailer(Protocol):
    """Sends one message. Returns when it was accepted; DeliveryBusy = later, DeliveryFault = never.

    Never is what the server says of the recipient or of the message for good. All else may be put right: a server that
    is away, a password that it refuses, a sender that it does not take. `check` says whether messages could be sent
    now; there DeliveryFault = not with these settings.
    """

    def send(self, message: EmailMessage) -> None: ...

    def check(self) -> None: ...


class SmtpMailer:
    """Through the practice's own mail server."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    def send(self, message: EmailMessage) -> None:
        try:
            with self._signed_in() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as fault:
            codes = [code for code, _ in fault.recipients.values()]
            _refuse(max(codes, default=0))
        except smtplib.SMTPDataError as fault:
            _refuse(fault.smtp_code)
        except OSError as fault:  # smtplib's own are among them
            raise DeliveryBusy(
                "the mail server cannot be reached, or refuses our password or sender; the message will be tried again"
            ) from fault

    def check(self) -> None:
        """Connect, greet, sign in and leave."""
        try:
            with self._signed_in() as server:
                server.ehlo_or_helo_if_needed()
                server.noop()
        except smtplib.SMTPAuthenticationError as fault:
            raise DeliveryFault("the mail server refuses our user and password; check them in the settings") from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise DeliveryFault(
                "the mail server has no STARTTLS or no login; set PARTNERING_MAIL__SECURITY to what it offers"
            ) from fault
        except OSError as fault:
            raise DeliveryBusy("the mail server cannot be reached; check PARTNERING_MAIL__HOST and __PORT") from fault

    @contextlib.contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        s, trusted = self._settings, ssl.create_default_context()
        if s.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(s.host, s.port, timeout=s.timeout_s, context=trusted)
        else:
            server = smtplib.SMTP(s.host, s.port, timeout=s.timeout_s)
        try:
            if s.security == "starttls":
                server.starttls(context=trusted)
            if s.username:
                server.login(s.username, s.password.get_secret_value())
            yield server
        finally:
            # What the server says to our leaving changes nothing: a message that it accepted must not be sent again.
            with contextlib.suppress(OSError):
                server.quit()
            server.close()


class FolderMailer:
    """Into a folder, one .eml a message: the mail box of the demo and of a practice that has no mail server yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message; the same Message-ID again replaces its file, so a second try leaves one message."""
        target = self._file(str(message["Message-ID"]))
        part = self.folder / f".{target.stem}.{secrets.token_hex(4)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
                stream.write(message.as_bytes())
            part.replace(target)
        except OSError as fault:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise DeliveryBusy("the mail folder cannot be written; check the disk's free space") from fault

    def check(self) -> None:
        """Write a file and remove it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = self.folder / f".probe.{secrets.token_hex(4)}"
            probe.touch(mode=0o600)
            probe.unlink()
        except OSError as fault:
            raise DeliveryBusy("the mail folder cannot be written; check the disk and who owns the folder") from fault

    def erase(self, message_id: str) -> bool:
        """Remove the message with this Message-ID; whether it was there."""
        path = self._file(message_id)
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    def _file(self, message_id: str) -> Path:
        return self.folder / f"{hashlib.sha256(message_id.encode()).hexdigest()[:16]}.eml"


def sender_domain(sender: str) -> str:
    """The domain of our own address, for Message-IDs."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def choose_mailer(settings: MailSettings, data_dir: Path) -> Mailer:
    """The mail server when one is set, else the folder `outbox` in the data folder."""
    return SmtpMailer(settings) if settings.host else FolderMailer(data_dir / "outbox")


def _refuse(code: int) -> None:
    if 500 <= code < 600:
        raise DeliveryFault("the mail server refused the address or the message; check the address in the settings")
    raise DeliveryBusy("the mail server asks to come back later; the message will be tried again")
