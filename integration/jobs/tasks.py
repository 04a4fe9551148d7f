"""What Redis starts: a stable path, one integer. The one place that catches what went wrong."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
from functools import cache

import structlog
from rq import get_current_job

from integration import config, wiring
from integration.jobs.run import run_stage

PR_SET_PDEATHSIG = 1


def run(call_id: int) -> str:
    """Run the stage that carries the call on; "idle" when there is nothing to do for it in this job's queue now."""
    job = get_current_job()
    owner = f"{socket.gethostname()}:{os.getpid()}"
    return run_stage(_services(), int(call_id), owner=owner, queue=None if job is None else job.origin)


def die_with_parent() -> None:
    """Ask Linux to kill this process when its parent dies, so that no orphan works on beside a second run."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        structlog.get_logger().info("no_pdeathsig")


@cache
def _services() -> wiring.Services:
    """This process's services: made once, shared by its jobs."""
    return wiring.build(config.from_env())
