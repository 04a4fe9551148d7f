"""Answers that no web framework would give: cut off, dripping, reset, of the wrong length."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable
from typing import NoReturn

from flask import request


def send(head: str, body: Iterable[bytes], *, reset: bool = False, pause_s: float = 0.0) -> NoReturn:
    """Write an answer to the caller's socket by hand, then close it. Never returns: the framework must stay silent."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    for piece in body:
        connection.sendall(piece)
        if pause_s:
            time.sleep(pause_s)
    if reset:
        # With a linger time of zero, closing sends a reset instead of a proper end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(connection.detach())
    else:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


def chunked(body: bytes, size: int = 8192) -> Iterable[bytes]:
    """`body` in the chunked transfer coding (RFC 9112, 7.1)."""
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    yield b"0\r\n\r\n"


def endless(total: int, head: bytes, size: int = 1 << 20) -> Iterable[bytes]:
    """`head` and then zeros, `total` bytes in all, without ever holding them."""
    yield head
    sent = len(head)
    while sent < total:
        piece = min(size, total - sent)
        yield bytes(piece)
        sent += piece
