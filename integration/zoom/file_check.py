"""Whether what comes is what it claims to be, looked at while it streams by. Pure.

Zoom answers a bad token with status 200 and a page for signing in, so the first bytes decide; and a film
that was cut off still begins well, so its boxes are followed to the last byte (ISO/IEC 14496-12, 4.2).
"""

from __future__ import annotations

import struct
from typing import Protocol

from integration.errors import DownloadFault
from integration.zoom.recordings import FileKind

HEAD = 16
"""Bytes that are needed to tell one kind from another."""
MOST_BOX_TREE = 64 * 1024 * 1024
"""A larger index than this belongs to no call of a day's length."""


class SignInPage(Exception):
    """A page for signing in came instead of the file: the token was not accepted."""


class Check(Protocol):
    """Looks at the pieces of one file in their order."""

    def feed(self, piece: bytes) -> None: ...

    def finish(self) -> None: ...


def check_for(kind: str) -> Check:
    """The check for one kind of file."""
    if kind in {FileKind.MIXED, FileKind.TRACK, FileKind.VIDEO}:
        return FilmCheck()
    return TextCheck(b"WEBVTT" if kind == FileKind.TRANSCRIPT else b"{")


class TextCheck:
    """A text file that begins with a known mark, perhaps after a byte order mark."""

    def __init__(self, mark: bytes) -> None:
        self._mark, self._head, self._done = mark, b"", False

    def feed(self, piece: bytes) -> None:
        if not self._done:
            self._head += piece
            if len(self._head) >= HEAD:
                self._judge()

    def finish(self) -> None:
        if not self._done:
            self._judge()

    def _judge(self) -> None:
        self._done = True
        refuse_page(self._head)
        if not self._head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(self._mark):
            raise wrong_kind()


class FilmCheck:
    """An MP4 or M4A: begins with ftyp, its boxes end where the file ends, one describes sound and one holds it.

    DownloadFault WRONG_KIND (another kind of file), DAMAGED (cut off, no index, no content), NO_SOUND.
    """

    def __init__(self) -> None:
        self._waiting = bytearray()  # bytes of a header, or of the index, that are not complete yet
        self._skip = 0  # bytes of the current box that are of no interest
        self._index: int | None = None  # bytes of the index (moov) that are still to come
        self._begun = self._has_index = self._has_content = self._open_ended = False

    def feed(self, piece: bytes) -> None:
        rest = memoryview(piece)
        while rest:
            if self._skip:
                step = min(self._skip, len(rest))
                self._skip -= step
                rest = rest[step:]
            elif self._open_ended:
                return
            else:
                rest = self._header(rest) if self._index is None else self._collect(rest)

    def finish(self) -> None:
        if self._skip or self._waiting or not (self._has_index and self._has_content):
            refuse_page(bytes(self._waiting))
            raise DownloadFault("the recording came damaged or cut off; nothing was kept", code="DAMAGED")

    def _header(self, rest: memoryview) -> memoryview:
        take = HEAD - len(self._waiting)
        self._waiting += rest[:take]
        rest = rest[take:]
        if not self._begun:
            if len(self._waiting) < HEAD:
                return rest
            self._begin()
        size = _box_size(self._waiting)
        if size is None:
            return rest
        kind, length, header = bytes(self._waiting[4:8]), *size
        # What was taken beyond the header goes back in front of the rest.
        back = bytes(self._waiting[header:]) + bytes(rest)
        self._waiting.clear()
        self._has_content |= kind == b"mdat"
        if length is None:
            self._open_ended = True
        elif kind == b"moov":
            self._index = length - header
        else:
            self._skip = length - header
        return memoryview(back)

    def _begin(self) -> None:
        refuse_page(bytes(self._waiting))
        if self._waiting[4:8] != b"ftyp":
            raise wrong_kind()
        self._begun = True

    def _collect(self, rest: memoryview) -> memoryview:
        if self._index is None or self._index > MOST_BOX_TREE:
            raise wrong_kind()
        take = self._index - len(self._waiting)
        self._waiting += rest[:take]
        if len(self._waiting) == self._index:
            if b"soun" not in self._waiting:
                raise DownloadFault("the recording holds no sound; there is nothing to hear", code="NO_SOUND")
            self._waiting.clear()
            self._index, self._has_index = None, True
        return rest[take:]


def refuse_page(head: bytes) -> None:
    """SignInPage when a file begins like a web page."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise SignInPage


def wrong_kind() -> DownloadFault:
    """What came is another kind of file."""
    return DownloadFault("what came is not the kind of file that Zoom announced; nothing was kept", code="WRONG_KIND")


def _box_size(head: bytearray) -> tuple[int | None, int] | None:
    """Length (None = to the end of the file) and header length of a box; None while more bytes are needed."""
    if len(head) < 8:
        return None
    (size,) = struct.unpack(">I", head[:4])
    if size == 0:
        return None, 8
    if size != 1:
        if size < 8:
            raise wrong_kind()
        return size, 8
    if len(head) < 16:
        return None
    (large,) = struct.unpack(">Q", head[8:16])
    if large < 16:
        raise wrong_kind()
    return large, 16
