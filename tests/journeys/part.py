"""Processes of the product, as `partnering` starts them, with what a journey needs to be short and to be steered.

This runs as a process of its own that has imported the product once and forks for each part, because every
part would else spend seconds on its imports. A request is a line of JSON, and so is its answer:

    {"run": ["worker", "io"], "env": {…}, "log": "log.jsonl"}  ->  its process id
    {"ended": 4711}                                            ->  its exit status, null while it lives

What the environment of a part may hold beside the product's own settings:

JOURNEY_CLOCK    a file with milliseconds: the product's clock is ahead by so much, so that a test can let
                 two minutes of a dead worker's lease pass at once. The lease itself stays what it is.
JOURNEY_RETRIES  how often a worker asks a Redis that is away, instead of 40 times
JOURNEY_BYTES    no file may grow longer: the disk is full

The clock process makes a round every ROUND_S seconds instead of every 30.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from integration import cli, processes, wiring
from integration.jobs import clock, worker
from integration.web import server

ROUND_S = 0.5
IMPORTED = (clock, server)


def main() -> None:
    """Answer requests until there are no more."""
    ended: dict[int, int] = {}
    for line in sys.stdin:
        request = json.loads(line)
        answer = start(request) if "run" in request else status(request["ended"], ended)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def start(request: dict[str, Any]) -> int:
    """Fork a part."""
    if pid := os.fork():
        return pid
    os.setsid()
    log = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = ["partnering", *request["run"]]
    code = 1
    try:
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        os._exit(code)


def run() -> None:
    """Run one command of the product under the conditions that the environment sets."""
    processes.CLOCK_S = ROUND_S
    wiring.build = functools.partial(wiring.build, now_ms=functools.partial(now_ms, Path(os.environ["JOURNEY_CLOCK"])))
    worker.WORKER_RETRIES = int(os.environ.get("JOURNEY_RETRIES", worker.WORKER_RETRIES))
    if most := int(os.environ.get("JOURNEY_BYTES", "0")):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    cli.main()


def now_ms(ahead: Path) -> int:
    """The time of the journey's clock, in milliseconds since 1970."""
    return wiring.wall_clock_ms() + int(ahead.read_text())


def status(pid: int, ended: dict[int, int]) -> int | None:
    """The exit status of a part; None while it lives."""
    if pid not in ended:
        found, code = os.waitpid(pid, os.WNOHANG)
        if not found:
            return None
        ended[pid] = os.waitstatus_to_exitcode(code)
    return ended[pid]


if __name__ == "__main__":
    main()
