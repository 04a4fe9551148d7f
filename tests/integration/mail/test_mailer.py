"""A message is accepted, comes later, or never: the caller learns which."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integration.config import MailSettings
from integration.errors import DeliveryBusy, DeliveryFault
from integration.mail.mailer import FolderMailer, SmtpMailer, choose_mailer
from integration.redis_server import free_port


class MailServer:
    """A real SMTP server on the loopback address that answers as it is told."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.to_sender = "250 ok"
        self.to_recipient = "250 ok"
        self.to_message = "250 ok"
        self.to_leaving = "221 bye"

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to_sender.startswith("2"):
            envelope.mail_from = address
        return self.to_sender

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

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - as above
        return self.to_leaving


SECRET = "a long word"
ADDRESS = "127.0.0.1"
unseen = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd does not see the TLS that lies around it
over_tls = pytest.mark.parametrize("security", ["starttls", pytest.param("tls", marks=unseen)])


@pytest.fixture
def server() -> MailServer:
    return MailServer()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for ADDRESS that vouches for itself, and its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ADDRESS)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(ADDRESS))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "mail.pem"
    kind = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem = serialization.Encoding.PEM
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, *kind))
    return path


@contextmanager
def listening(
    server: MailServer, certificate: Path, security: Literal["starttls", "tls"], password: str = SECRET
) -> Iterator[SmtpMailer]:
    """The server behind TLS, which asks for SECRET, and the mailer that gives `password`."""

    def knows(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object) -> AuthResult:
        known = isinstance(given, LoginPassword) and given == LoginPassword(b"practice", SECRET.encode())
        return AuthResult(success=known, handled=known)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    secured = {"starttls": {"tls_context": context}, "tls": {"ssl_context": context, "auth_require_tls": False}}
    controller = Controller(
        server, hostname=ADDRESS, port=free_port(), authenticator=knows, auth_required=True, **secured[security]
    )
    controller.start()
    settings = {"host": ADDRESS, "port": controller.port, "security": security, "username": "practice"}
    yield SmtpMailer(MailSettings(**settings, password=password, timeout_s=5))
    controller.stop()


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
    """4xx means later and 5xx means never, whether said of the recipient or of the message."""
    server.to_recipient, server.to_message = to_recipient, to_message
    with pytest.raises(fault):
        mailer.send(message())
    assert server.received == []


def test_a_refused_sender_may_be_put_right(mailer: SmtpMailer, server: MailServer) -> None:
    """553 to our own address says nothing of whom the message goes to: it waits, and goes out when that is mended."""
    server.to_sender = "553 not an address of yours"
    with pytest.raises(DeliveryBusy):
        mailer.send(message())
    server.to_sender = "250 ok"
    mailer.send(message())
    assert len(server.received) == 1


@pytest.mark.parametrize("to_leaving", ["500 what", "421 too busy"])
def test_what_is_said_to_our_leaving_changes_nothing(mailer: SmtpMailer, server: MailServer, to_leaving: str) -> None:
    """The server took the message and answers oddly to QUIT: it is sent, and sending it again would double it."""
    server.to_leaving = to_leaving
    mailer.send(message())
    assert len(server.received) == 1


def test_a_server_that_turns_us_away_is_busy() -> None:
    """554 in place of a greeting is no word on the message: it waits."""
    with socket.create_server((ADDRESS, 0)) as door:

        def turn_away() -> None:
            caller, _ = door.accept()
            with caller:
                caller.sendall(b"554 not you\r\n")

        threading.Thread(target=turn_away, daemon=True).start()
        settings = MailSettings(host=ADDRESS, port=door.getsockname()[1], security="none", timeout_s=5)
        with pytest.raises(DeliveryBusy):
            SmtpMailer(settings).send(message())


@over_tls
def test_a_message_arrives_over_tls(
    server: MailServer, certificate: Path, monkeypatch: pytest.MonkeyPatch, security: Literal["starttls", "tls"]
) -> None:
    """With the certificate among those that the machine trusts, and the right password."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(server, certificate, security) as mailer:
        mailer.check()
        mailer.send(message())
    assert len(server.received) == 1


@over_tls
def test_a_certificate_that_nobody_vouches_for(
    server: MailServer, certificate: Path, security: Literal["starttls", "tls"]
) -> None:
    """With the usual roots no password and no message is given to such a server: the message waits."""
    with listening(server, certificate, security) as mailer, pytest.raises(DeliveryBusy):
        mailer.send(message())
    assert server.received == []


def test_a_refused_password_may_be_put_right(
    server: MailServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """535: the message waits for the settings to be mended, and the check says what is wrong with them."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(server, certificate, "starttls", password="the one of last year") as mailer:
        with pytest.raises(DeliveryBusy):
            mailer.send(message())
        with pytest.raises(DeliveryFault, match="user and password"):
            mailer.check()
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
