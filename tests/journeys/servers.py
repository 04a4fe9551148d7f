"""The servers around a practice, which a journey may stop, fill or let misbehave."""

from __future__ import annotations

import secrets
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from redis import Redis
from redis.exceptions import RedisError

from integration.redis_server import find_server, free_port

START_S = 10


class RedisServer:
    """A Redis with one address for its whole life, however often it is killed and started again."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder, self._port = folder, free_port()
        self._password = secrets.token_hex(8)
        self.url = f"redis://:{self._password}@127.0.0.1:{self._port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve what the append-only file holds."""
        self._process = subprocess.Popen(
            [find_server(), "--port", str(self._port), "--requirepass", self._password, "--bind", "127.0.0.1",
             "--dir", str(self._folder), "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_S
        while True:
            try:
                with self.connect() as connection:
                    connection.ping()
            except RedisError:
                assert time.monotonic() < deadline, "Redis did not start"
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Kill it, as a loss of power does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def connect(self) -> Redis:
        return Redis.from_url(self.url)


class PostOffice:
    """A real SMTP server. `answers` are given to the next messages, then 250; a function is asked for its answer."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: deque[str | Callable[[], str]] = deque()
        self.port = free_port()
        self._server: Controller | None = None

    def open(self) -> None:
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)
        self._server.start()

    def close(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take one message in, or say why not."""
        answer = self.answers.popleft() if self.answers else "250 taken"
        said = answer() if callable(answer) else answer
        if said.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return said

    def settings(self) -> dict[str, str]:
        """The settings with which messages come here."""
        return {
            "PARTNERING_MAIL__HOST": "127.0.0.1",
            "PARTNERING_MAIL__PORT": str(self.port),
            "PARTNERING_MAIL__SECURITY": "none",
            "PARTNERING_MAIL__TIMEOUT_S": "5",
        }
