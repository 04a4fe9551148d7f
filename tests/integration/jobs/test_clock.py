"""What happens without anybody asking: each duty for itself, and none of them waits for Zoom."""

from __future__ import annotations

import threading

import pytest
import structlog

from integration.errors import StoreFault
from integration.jobs import clock as rounds
from integration.privacy import retention
from integration.store import heartbeats
from integration.wiring import Services
from integration.zoom import reconcile, reconnecting

PATIENCE_S = 10
MODULES = {
    "sweep": retention,
    "clear_away": reconcile,
    "forget_workers": heartbeats,
    "reconcile": reconcile,
    "ask_who_must": reconnecting,
    "hand_over": rounds,
}
"""Each duty, in the order in which they are done, and where it is."""


def asking() -> list[threading.Thread]:
    """The threads that ask Zoom now."""
    return [thread for thread in threading.enumerate() if thread.name == rounds.ZOOM]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The duties that were done; what each does is held by tests of its own."""
    names: list[str] = []
    for name, module in MODULES.items():
        monkeypatch.setattr(module, name, lambda *_args, name=name, **_more: names.append(name))
    return names


@pytest.mark.parametrize("failing", [*MODULES][:-1])
@pytest.mark.parametrize("fault", [StoreFault, ValueError])
def test_a_duty_that_fails_keeps_no_other_from_being_done(
    services: Services, done: list[str], monkeypatch: pytest.MonkeyPatch, failing: str, fault: type[Exception]
) -> None:
    """Whichever fails, with a fault or with a bug: all others are done, and one line of the log says so, without
    words."""

    def fail(*_: object, **__: object) -> None:
        raise fault("some words")

    monkeypatch.setattr(MODULES[failing], failing, fail)
    with structlog.testing.capture_logs() as logged:
        rounds.look_after(services)
        for thread in asking():
            thread.join(PATIENCE_S)
    assert done == [duty for duty in MODULES if duty != failing]
    (line,) = (line for line in logged if line["event"] == "clock")
    assert line.get("code", line.get("error")) in {"STORE", "ValueError"}
    assert "some words" not in str(line)


def test_nothing_waits_for_a_slow_zoom(
    services: Services, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zoom does not answer for two rounds: both rounds come to their end, and it is asked once."""
    answers = threading.Event()

    def wait(_services: Services) -> int:
        done.append("reconcile")
        answers.wait(PATIENCE_S)
        return 0

    monkeypatch.setattr(reconcile, "reconcile", wait)
    for _ in range(2):
        rounds.look_after(services)
    assert (done.count("sweep"), done.count("reconcile"), len(asking())) == (2, 1, 1)
    answers.set()
    for thread in asking():
        thread.join(PATIENCE_S)
