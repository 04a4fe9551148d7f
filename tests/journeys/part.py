"""One process of the product, as `partnering` starts it, with what a journey needs to be short and to be steered.

    python part.py worker io

JOURNEY_CLOCK    a file with milliseconds: the product's clock is ahead by so much, so that a test can let
                 two minutes of a dead worker's lease pass at once. The lease itself stays what it is.
JOURNEY_RETRIES  how often a worker asks a Redis that is away, instead of 40 times
JOURNEY_BYTES    no file may grow longer: the disk is full
The clock process makes a round every ROUND_S seconds instead of every 30.
"""

from __future__ import annotations

import functools
import os
import resource
import sys
from pathlib import Path

from integration import cli, processes, wiring
from integration.jobs import worker

ROUND_S = 0.5


def shifted(ahead: Path) -> int:
    """The time of the journey's clock, in milliseconds since 1970."""
    return wiring.wall_clock_ms() + int(ahead.read_text())


def main() -> None:
    """Run one command of the product under the conditions that the environment sets."""
    processes.CLOCK_S = ROUND_S
    wiring.build = functools.partial(wiring.build, now_ms=lambda: shifted(Path(os.environ["JOURNEY_CLOCK"])))
    worker.WORKER_RETRIES = int(os.environ.get("JOURNEY_RETRIES", worker.WORKER_RETRIES))
    if bytes_at_most := int(os.environ.get("JOURNEY_BYTES", "0")):
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_at_most, resource.RLIM_INFINITY))
    cli.main()


if __name__ == "__main__":
    sys.exit(main())
