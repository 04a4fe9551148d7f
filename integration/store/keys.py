"""Keys: every call has its own, wrapped by a master key. Dropping the wrapped key erases the call, backups included."""

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

from integration.errors import ConfigFault, StoreFault

NONCE_BYTES = 12


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
    """The master keys: the first wraps, all unwrap, so that keys can be rotated."""

    def __init__(self, masters: Sequence[bytes]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(master.strip()) for master in masters])
        except (ValueError, TypeError) as fault:
            raise ConfigFault(
                "a master key file does not hold a key; restore the file from its backup", code="MASTER_KEY"
            ) from fault

    def new_key(self) -> tuple[CallKey, bytes]:
        """A fresh key, and the same key wrapped for the database."""
        secret = AESGCM.generate_key(bit_length=256)
        return CallKey(secret), self._fernet.encrypt(secret)

    def unwrap(self, wrapped: bytes | None) -> CallKey:
        """The call's key. StoreFault ERASED when it was dropped, MASTER_KEY_LOST when no master key opens it."""
        if wrapped is None:
            raise StoreFault("this call was erased", code="ERASED")
        try:
            return CallKey(self._fernet.decrypt(wrapped))
        except InvalidToken as fault:
            raise StoreFault(
                "no master key opens this call; put the key file back (docs/operations.md, keys)",
                code="MASTER_KEY_LOST",
            ) from fault

    def rewrap(self, wrapped: bytes) -> bytes:
        """The same key wrapped by the first master key."""
        return self._fernet.rotate(wrapped)

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


def load_key_ring(files: Sequence[Path], data_dir: Path) -> KeyRing:
    """The master keys in `files`, newest first; without files, one key that is made once in the data folder."""
    if not files:
        return KeyRing([_own_key(data_dir / "keys" / "master.key")])
    try:
        return KeyRing([path.read_bytes() for path in files])
    except OSError as fault:
        raise ConfigFault(
            "a master key file cannot be read; check PARTNERING_MASTER_KEY_FILES", code="MASTER_KEY"
        ) from fault


def own_secret(path: Path) -> str:
    """A random secret that is made once and kept in `path`, readable by its owner only."""
    return _once(path, base64.urlsafe_b64encode(secrets.token_bytes(32))).decode()


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
