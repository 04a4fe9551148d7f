"""A message is accepted, comes later, or never: the caller learns which."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from integration.config import MailSettings
from integration.errors import DeliveryBusy, DeliveryFault
from integration.mail.mailer import FolderMailer, SmtpMailer, choose_mailer
from integration.redis_server import free_port


class MailServer:
    """A real SMTP server on the loopback address that answers as it is told."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.to_recipient = "250 ok"
        self.to_message = "250 ok"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.to_message.startswith("2"):
            self.received.append(bytes(envelope.content or b""))
        return self.to_message


@pytest.fixture
def server() -> MailServer:
    return MailServer()


@pytest.fixture
def mailer(server: MailServer) -> Iterator[SmtpMailer]:
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield SmtpMailer(MailSettings(host="127.0.0.1", port=controller.port, security="none", timeout_s=5))
    controller.stop()


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@example.com", "b@example.com", "Your notes are ready"
    made["Message-ID"] = "<report.1@example.com>"
    made.set_content("Grüße")
    return made


def test_a_message_arrives(mailer: SmtpMailer, server: MailServer) -> None:
    """What is sent is what the server gets."""
    mailer.send(message())
    (received,) = server.received
    assert message_from_bytes(received)["Message-ID"] == "<report.1@example.com>"


@pytest.mark.parametrize(
    ("to_recipient", "to_message", "fault"),
    [
        ("451 later", "250 ok", DeliveryBusy),
        ("550 no such user", "250 ok", DeliveryFault),
        ("250 ok", "452 full", DeliveryBusy),
        ("250 ok", "554 refused", DeliveryFault),
    ],
)
def test_the_code_decides(
    mailer: SmtpMailer, server: MailServer, to_recipient: str, to_message: str, fault: type[Exception]
) -> None:
    """4xx means later and 5xx means never, whether said of the address or of the message."""
    server.to_recipient, server.to_message = to_recipient, to_message
    with pytest.raises(fault):
        mailer.send(message())
    assert server.received == []


def test_a_server_that_is_away_is_busy() -> None:
    """Nobody listening is a reason to wait."""
    with pytest.raises(DeliveryBusy):
        SmtpMailer(MailSettings(host="127.0.0.1", port=free_port(), security="none", timeout_s=1)).send(message())


def test_the_folder_keeps_one_file_a_message(tmp_path: Path) -> None:
    """Sending the same message twice leaves one private file, and no half one."""
    mailer = FolderMailer(tmp_path / "outbox")
    mailer.send(message())
    mailer.send(message())
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.suffix == ".eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert message_from_bytes(file.read_bytes())["Subject"] == "Your notes are ready"


def test_without_a_server_mail_goes_to_the_folder(tmp_path: Path) -> None:
    """The settings choose the way out."""
    assert isinstance(choose_mailer(MailSettings(), tmp_path), FolderMailer)
    assert isinstance(choose_mailer(MailSettings(host="mail.example.com"), tmp_path), SmtpMailer)
