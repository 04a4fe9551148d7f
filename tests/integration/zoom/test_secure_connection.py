"""Over TLS: the connection goes to the checked address, and the certificate must be the host's all the same."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from urllib3.exceptions import SSLError

from integration.zoom.addresses import Place
from integration.zoom.download import open_pool

HOST = "files.zoom.example"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for HOST that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return public, private


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["Host"].encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class Files:
    """A file host on loopback that notes the names it was asked for in the handshake."""

    def __init__(self, folder: Path) -> None:
        self.certificate, private = certificate(folder)
        self.names: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, private)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self.server = HTTPServer(("127.0.0.1", 0), Answer)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.server.handle_error = lambda *_: None  # a refused handshake is expected

    def ask(self, host: str) -> bytes:
        """Connect to loopback and speak as to `host`."""
        place = Place(secure=True, host=host, port=self.server.server_port, ip="127.0.0.1", target="/")
        with open_pool(place) as pool:
            return pool.request("GET", place.target, headers={"Host": host}, retries=False).data


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    made = Files(tmp_path)
    monkeypatch.setattr(certifi, "where", lambda: str(made.certificate))
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def test_50_the_name_is_asked_for_at_the_checked_address(files: Files) -> None:
    """Connected to 127.0.0.1 as it was told; host name in the handshake, in the certificate and in the request."""
    assert files.ask(HOST) == HOST.encode()
    assert files.names == [HOST]


def test_50_another_hosts_certificate_is_refused(files: Files) -> None:
    """The machine at the address cannot prove to be the host: no request is made."""
    with pytest.raises(SSLError):
        files.ask("other.zoom.example")


def test_a_certificate_that_nobody_vouches_for_is_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the usual roots: refused."""
    monkeypatch.undo()
    with pytest.raises(SSLError):
        files.ask(HOST)
