"""Keys: every call has its own, in two halves that are kept apart.

One half lies in the database, wrapped by a master key; the other in the key folder, which is mirrored
but never archived. Dropping the second half erases the call: a backup of database and blobs that is
restored later holds nothing that can be read.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from integration.errors import ConfigFault, StoreFault
from integration.store.blobs import open_blobs, reaching

NONCE_BYTES = 12
NAME_BYTES = 16


@dataclass(frozen=True, slots=True)
class CallKey:
    """The key of one call. `purpose` binds a sealed value to its place, so that it cannot be moved to another."""

    secret: bytes

    def __repr__(self) -> str:
        return "CallKey(…)"

    def seal(self, plain: bytes, purpose: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.secret).encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """The plain value; StoreFault when it is damaged or was sealed elsewhere."""
        try:
            return AESGCM(self.secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
        except InvalidTag as fault:
            raise StoreFault("a sealed value is damaged; restore it from a backup", code="VAULT_DAMAGED") from fault

    def seal_text(self, plain: str, purpose: str) -> bytes:
        return self.seal(plain.encode(), purpose)

    def open_text(self, sealed: bytes, purpose: str) -> str:
        return self.open(sealed, purpose).decode()


class KeyRing:
    """The master keys and the key folder at `url`: the first master wraps, all unwrap, so that they can be rotated."""

    def __init__(self, masters: Sequence[bytes], url: str) -> None:
        self._fs, self._root = open_blobs(url)
        try:
            self._fernet = MultiFernet([Fernet(master.strip()) for master in masters])
        except (ValueError, TypeError) as fault:
            raise ConfigFault(
                "a master key file does not hold a key; restore the file from its backup", code="MASTER_KEY"
            ) from fault

    def new_key(self) -> tuple[CallKey, bytes]:
        """A fresh key, and its wrapped half for the database."""
        name, kept, apart = secrets.token_hex(NAME_BYTES), secrets.token_bytes(32), secrets.token_bytes(32)
        with reaching():
            self._fs.makedirs(self._root, exist_ok=True)
            self._fs.pipe_file(f"{self._root}/{name}", apart)
        return _joined(kept, apart), name.encode() + self._fernet.encrypt(kept)

    def unwrap(self, wrapped: bytes | None) -> CallKey:
        """The call's key. StoreFault ERASED when it was dropped, MASTER_KEY_LOST when no master key opens it."""
        if wrapped is None:
            raise StoreFault("this call was erased", code="ERASED")
        try:
            with reaching():
                apart = self._fs.cat_file(self._path(wrapped))
        except FileNotFoundError as fault:
            raise StoreFault("this call was erased", code="ERASED") from fault
        try:
            return _joined(self._fernet.decrypt(wrapped[2 * NAME_BYTES :]), apart)
        except InvalidToken as fault:
            raise StoreFault(
                "no master key opens this call; put the key file back (docs/operations.md, keys)",
                code="MASTER_KEY_LOST",
            ) from fault

    def drop(self, wrapped: bytes | None) -> None:
        """Erase for good what was sealed with this key, wherever a copy of it lies. Dropping twice is dropping once."""
        with reaching():
            if wrapped is not None and self._fs.exists(self._path(wrapped)):
                self._fs.rm_file(self._path(wrapped))

    def rewrap(self, wrapped: bytes) -> bytes:
        """The same half wrapped by the first master key. StoreFault MASTER_KEY_LOST when no master key opens it."""
        return wrapped[: 2 * NAME_BYTES] + self.reseal_setting(wrapped[2 * NAME_BYTES :])

    def _path(self, wrapped: bytes) -> str:
        return f"{self._root}/{wrapped[: 2 * NAME_BYTES].decode()}"

    def seal_setting(self, plain: str) -> bytes:
        """A secret that belongs to no call (a connection's token), sealed by the first master key."""
        return self._fernet.encrypt(plain.encode())

    def open_setting(self, sealed: bytes) -> str:
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as fault:
            raise StoreFault(
                "no master key opens this secret; put the key file back", code="MASTER_KEY_LOST"
            ) from fault

    def reseal_setting(self, sealed: bytes) -> bytes:
        """The same secret sealed by the first master key."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken as fault:
            raise StoreFault(
                "no master key opens this secret; put the key file back", code="MASTER_KEY_LOST"
            ) from fault


def load_key_ring(files: Sequence[Path], keys_url: str, data_dir: Path) -> KeyRing:
    """The master keys in `files`, newest first; without files, one key that is made once in the data folder.

    `keys_url` is the key folder; empty = `keys/calls` in the data folder.
    """
    url = keys_url or (data_dir / "keys" / "calls").as_uri()
    if not files:
        return KeyRing([_own_key(data_dir / "keys" / "master.key")], url)
    try:
        return KeyRing([path.read_bytes() for path in files], url)
    except OSError as fault:
        raise ConfigFault(
            "a master key file cannot be read; check PARTNERING_MASTER_KEY_FILES", code="MASTER_KEY"
        ) from fault


def own_secret(path: Path) -> str:
    """A random secret that is made once and kept in `path`, readable by its owner only."""
    return _once(path, base64.urlsafe_b64encode(secrets.token_bytes(32))).decode()


def _joined(kept: bytes, apart: bytes) -> CallKey:
    return CallKey(HKDF(SHA256(), length=32, salt=None, info=b"partnering call key").derive(kept + apart))


def _own_key(path: Path) -> bytes:
    return _once(path, Fernet.generate_key())


def _once(path: Path, fresh: bytes) -> bytes:
    """What `path` holds; when it does not exist it is made with `fresh`. Two processes at once get the same."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        new = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            stream.write(fresh)
        try:
            os.link(new, path)  # fails when another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_bytes()
