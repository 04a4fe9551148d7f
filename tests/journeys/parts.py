"""The product's own processes in a journey: started, watched and ended by a test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.log_watch import WATCH


class Nursery:
    """Where parts come from (see part.py)."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._logs: set[Path] = set()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("part.py"))],
            env={k: v for k, v in os.environ.items() if not k.startswith("PARTNERING_")}
            | {"PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )

    def start(self, command: tuple[str, ...], environment: Mapping[str, str], log: Path) -> Part:
        outside = {k: v for k, v in os.environ.items() if not k.startswith("PARTNERING_")}
        env = {**outside, "OMP_NUM_THREADS": "1", **environment}
        self._logs.add(log)
        pid = self._ask({"run": command, "env": env, "log": str(log)})
        assert pid is not None
        return Part(self, pid)

    def ended(self, pid: int) -> int | None:
        return self._ask({"ended": pid})

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        for log in self._logs:
            WATCH.read(f"the processes of {log.parent.name}", log.read_text() if log.exists() else "")

    def _ask(self, request: Mapping[str, object]) -> int | None:
        assert self._process.stdin
        assert self._process.stdout
        with self._one_at_a_time:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            answer: int | None = json.loads(self._process.stdout.readline())
        return answer


@dataclass(frozen=True, slots=True)
class Part:
    """One running process of the product. It leads a group of its own."""

    nursery: Nursery
    pid: int

    def status(self) -> int | None:
        """The exit status (minus the signal that killed it); None while it lives."""
        return self.nursery.ended(self.pid)

    def wait(self, patience_s: float = 60) -> int:
        deadline = time.monotonic() + patience_s
        while (status := self.status()) is None:
            assert time.monotonic() < deadline, f"still alive after {patience_s} s"
            time.sleep(0.02)
        return status

    def terminate(self) -> None:
        """Ask it to stop."""
        os.kill(self.pid, signal.SIGTERM)

    def kill_alone(self) -> None:
        """kill -9 of this process; what it started is left to itself."""
        if self.status() is None:
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def kill(self) -> None:
        """kill -9 of this process and of whatever it started."""
        self.kill_alone()
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
