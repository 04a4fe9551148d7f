"""The vault: sealed files of calls, on a local folder or a shared blob store. The only module that forms paths."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import struct
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from integration.errors import StoreBusy, StoreFault
from integration.store.blobs import open_blobs, reaching
from integration.store.keys import CallKey

CHUNK = 1 << 20
PART = ".part"
LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written: the sha256 and the size of the plain content."""

    sha256: str
    size: int


class Vault:
    """Sealed files, one folder a call, in chunks that are sealed one by one (so a film never sits in memory).

    `url` is any address that fsspec knows (a folder, an S3 bucket). A file appears whole or not at all.
    `scratch` is a private local folder for what must be a plain file for a moment.
    """

    def __init__(self, url: str, scratch: Path) -> None:
        self._fs, self._root = open_blobs(url)
        self._scratch = scratch

    def write(self, call_id: int, name: str, content: Iterable[bytes], key: CallKey) -> Kept:
        """Seal `content` as `name` of the call, replacing what was there."""
        digest, size = hashlib.sha256(), 0
        path = self._path(call_id, name)
        part = f"{path}.{secrets.token_hex(6)}{PART}"  # two writers never share a part
        try:
            with reaching():
                self._fs.makedirs(self._folder(call_id), exist_ok=True)
                with self._fs.open(part, "wb") as stream:
                    for index, chunk in enumerate(_even(content)):
                        digest.update(chunk)
                        size += len(chunk)
                        self._put(stream, key.seal(chunk, f"{name}:{index}"))
                    self._put(stream, key.seal(digest.digest(), f"{name}:end"))
                self._fs.mv(part, path)
        except BaseException:
            with suppress(StoreBusy):
                self._remove(part)
            raise
        return Kept(digest.hexdigest(), size)

    def read(self, call_id: int, name: str, key: CallKey) -> Iterator[bytes]:
        """The content of `name`, chunk by chunk. StoreFault NOT_KEPT when it is not there."""
        digest = hashlib.sha256()
        index = 0
        try:
            with reaching(), self._fs.open(self._path(call_id, name), "rb") as stream:
                sealed = self._take(stream)
                while (following := self._take(stream)) is not None:
                    chunk = key.open(sealed or b"", f"{name}:{index}")
                    digest.update(chunk)
                    yield chunk
                    sealed, index = following, index + 1
        except FileNotFoundError as fault:
            raise StoreFault("this part of the call is not kept any more", code="NOT_KEPT") from fault
        if sealed is None or key.open(sealed, f"{name}:end") != digest.digest():
            raise StoreFault("a kept file is damaged; restore it from a backup", code="VAULT_DAMAGED")

    def read_text(self, call_id: int, name: str, key: CallKey) -> str:
        return b"".join(self.read(call_id, name, key)).decode()

    @contextmanager
    def plain_folder(self) -> Iterator[Path]:
        """A private folder for plain files that is gone on every way out."""
        with self._one_at_a_time():
            folder = Path(tempfile.mkdtemp(dir=self._scratch))
            held = _lock(folder)  # gone with this process, however it ends: then sweep_scratch may take the folder
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)

    def write_plain(self, call_id: int, name: str, key: CallKey, path: Path) -> Path:
        """Put the plain content of `name` at `path` (inside a plain_folder), and give the path back."""
        with reaching(), path.open("wb") as stream:
            for chunk in self.read(call_id, name, key):
                stream.write(chunk)
        return path

    def erase(self, call_id: int, name: str) -> None:
        """Remove one file; nothing happens when it is not there."""
        self._remove(self._path(call_id, name))

    def erase_parts(self, call_id: int) -> None:
        """Remove what killed writers left half-written. A writer that still lives fails, and tries again later."""
        folder = self._folder(call_id)
        with reaching():
            if self._fs.exists(folder):
                for path in self._fs.find(folder):
                    if path.endswith(PART):
                        self._fs.rm(path)

    def erase_call(self, call_id: int) -> int:
        """Remove every file of the call; how many there were."""
        folder = self._folder(call_id)
        with reaching():
            if not self._fs.exists(folder):
                return 0
            count = len(self._fs.find(folder))
            self._fs.rm(folder, recursive=True)
        return count

    def sweep_scratch(self) -> int:
        """Remove the plain folders that killed processes left behind, and no others; how many there were."""
        swept = 0
        with self._one_at_a_time():
            for folder in self._scratch.iterdir():
                try:
                    held = _lock(folder, wait=False)
                except BlockingIOError:
                    continue  # its process lives
                shutil.rmtree(folder, ignore_errors=True)
                os.close(held)
                swept += 1
        return swept

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """So that no folder is swept between its making and its locking."""
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = _lock(self._scratch)
        try:
            yield
        finally:
            os.close(held)

    def _folder(self, call_id: int) -> str:
        return f"{self._root}/{int(call_id):08d}"

    def _path(self, call_id: int, name: str) -> str:
        if not name or not all(c.isalnum() or c in "-_." for c in name) or name.startswith("."):
            raise StoreFault("a name for the vault may hold letters, digits, '-', '_' and '.' only", code="VAULT_NAME")
        return f"{self._folder(call_id)}/{name}"

    def _remove(self, path: str) -> None:
        with reaching():
            if self._fs.exists(path):
                self._fs.rm(path)

    @staticmethod
    def _put(stream: IO[Any], sealed: bytes) -> None:
        stream.write(LENGTH.pack(len(sealed)))
        stream.write(sealed)

    @staticmethod
    def _take(stream: IO[Any]) -> bytes | None:
        head = stream.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack(head)
        sealed: bytes = stream.read(length)
        if len(sealed) < length:
            raise StoreFault("a kept file is damaged; restore it from a backup", code="VAULT_DAMAGED")
        return sealed


def _lock(folder: Path, *, wait: bool = True) -> int:
    """Lock `folder` until what is given back is closed, or this process ends. BlockingIOError when another has it."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(held)
        raise
    return held


def _even(content: Iterable[bytes]) -> Iterator[bytes]:
    """`content` in chunks of CHUNK bytes, whatever the pieces were."""
    waiting = bytearray()
    for piece in content:
        waiting += piece
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting)
