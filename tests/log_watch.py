"""A watch over everything that the suite writes: a secret that some test used may stand in none of it (case 106).

A plugin of pytest. What counts as a secret is collected here and nowhere else, where it comes into being or is taken
out to be used, so that no test can forget to name one. At the end every test's output, and the logs of the processes
that journeys started, are searched for every secret of the whole run; one that is found fails the run.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from structlog.testing import LogCapture

from integration.config import Settings
from integration.zoom.connections import Departure
from integration.zoom.standin.server import StandIn
from integration.zoom.standin.world import App, World

SHORTEST = 8
"""A shorter secret ("new") is a word that may stand anywhere; real ones are far longer."""
SPENT = frozenset({"code", "refresh"})
"""What the stand-in gives out beside its tokens that opens something."""


class Watch:
    """Secrets by what they are, and what was written by where."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.written: list[tuple[str, str]] = []
        self._caught: list[list[Any]] = []

    def note(self, what: str, secret: str) -> None:
        """`secret` is in use from now on."""
        if len(secret) >= SHORTEST:
            self.secrets.setdefault(secret, what)

    def read(self, where: str, text: str) -> None:
        """`text` was written by `where`."""
        if text.strip():
            self.written.append((where, text))

    def leaks(self) -> list[str]:
        """What was found and where, without the secret itself."""
        return sorted(
            {f"{what} in {where}" for where, text in self.written for key, what in self.secrets.items() if key in text}
        )

    # What pytest tells

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        caught = "\n".join(map(str, self._caught))
        self.read(report.nodeid, f"{report.capstdout}\n{report.capstderr}\n{report.caplog}\n{caught}")
        if report.when == "teardown":
            self._caught.clear()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.leaks():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if leaks := self.leaks():
            terminalreporter.section("secrets in what was written", red=True, bold=True)
            terminalreporter.write("\n".join(leaks) + "\n", red=True)

    # Where secrets come from

    def listen(self) -> None:
        """Hear of every secret from now on, and of the lines that tests catch for themselves."""
        _when(World, "issue", lambda token, *_: self.note("a token of Zoom", token))
        _when(World, "unique", lambda name, _, what: self.note(f"a {what} of Zoom", name) if what in SPENT else None)
        _when(StandIn, "__init__", lambda _, zoom, **_more: self._note_app(zoom.world.app))
        _when(SecretStr, "get_secret_value", lambda value, *_: self.note("a configured secret", value))
        _when(Settings, "__init__", lambda _, settings, **_more: self._note_servers(settings))
        _when(Fernet, "__init__", lambda _, _fernet, key, *_more: self.note("a master key", _text(key)))
        _when(Departure, "__init__", lambda _, left, *_a, **_b: self._note_way(left))
        _when(LogCapture, "__init__", lambda _, capture: self._caught.append(capture.entries))

    def _note_app(self, app: App) -> None:
        self.note("the app's secret", app.client_secret)
        self.note("the webhook's secret", app.webhook_secret)

    def _note_servers(self, settings: Settings) -> None:
        for address in (settings.redis_url, settings.database_url):
            self.note("a server's password", urlsplit(address).password or "")

    def _note_way(self, left: Departure) -> None:
        self.note("the state of a way to Zoom", left.state)
        self.note("the verifier of a way to Zoom", left.verifier)


def _when(owner: type, name: str, hear: Callable[..., object]) -> None:
    """Have `hear` told of every call of the method, with what it gave back first."""
    method = getattr(owner, name)

    @functools.wraps(method)
    def heard(*given: Any, **more: Any) -> Any:
        result = method(*given, **more)
        hear(result, *given, **more)
        return result

    setattr(owner, name, heard)


def _text(key: bytes | str) -> str:
    return key.decode("ascii", "replace") if isinstance(key, bytes) else key


WATCH = Watch()


def pytest_configure(config: pytest.Config) -> None:
    """Begin with the run."""
    WATCH.listen()
    config.pluginmanager.register(WATCH, "log watch")
