"""How fast the door for Zoom's webhooks answers when 50 deliveries come at once.

    nice .venv/bin/python bench/hook.py

The real web app under gunicorn (2 processes of 4 threads), once over SQLite and once over PostgreSQL, Redis beside it.
50 senders deliver one signed recording.completed after the other, each of another meeting, each over a new
connection. Zoom waits 3 seconds: the 99th percentile must stay below. Writes bench/out/hook.json, with how busy
the machine was besides, and prints a table; exit status 1 when the limit is broken. PostgreSQL is left out aloud when
the machine has none.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import requests
from sqlalchemy import func, select

from integration import config, wiring
from integration.redis_server import free_port, redis_server
from integration.store import people
from integration.store.people import PersonKind
from integration.store.schema import OutboxEntry
from integration.web.server import serve
from integration.wiring import Services
from integration.zoom.standin.server import StandIn
from integration.zoom.standin.webhooks import Delivery, compact
from tests.integration.zoom.practice import DANA, film
from tests.postgresql import find_programs, postgresql_server

SENDERS, EACH = 50, 20
LIMIT_S = 3.0
WORKERS = 2
START_S = 90
OUT = Path(__file__).parent / "out" / "hook.json"


@dataclass(frozen=True)
class Figures:
    """What was measured with one database: seconds, and deliveries a second."""

    database: str
    deliveries: int
    refused: int
    p50_s: float
    p90_s: float
    p99_s: float
    slowest_s: float
    per_second: float
    calls_waiting: int


def measure(name: str, database_url: str, folder: Path, redis_url: str) -> Figures:
    """Deliver to a hook over the database at `database_url`."""
    with StandIn() as zoom:
        settings = {"data_dir": folder, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
        build = _builder(zoom, settings)
        services = build()
        services.database.migrate()
        with services.database.transaction() as tx:
            people.add_person(tx, DANA, (PersonKind.COACH,), now_ms=services.now_ms())
        bodies = [compact(zoom.event(zoom.record(DANA, mixed=film()))) for _ in range(SENDERS * EACH)]
        with _serving(build) as hook:
            begun = time.perf_counter()
            answers = _deliver(zoom, hook, bodies)
            took = time.perf_counter() - begun
        with services.database.transaction() as tx:
            waiting = tx.scalar(select(func.count()).select_from(OutboxEntry)) or 0
        services.database.close()
    seconds = sorted(answer.seconds for answer in answers)
    cuts = statistics.quantiles(seconds, n=100)
    return Figures(
        database=name,
        deliveries=len(answers),
        refused=sum(answer.status != 204 for answer in answers),
        p50_s=round(cuts[49], 3),
        p90_s=round(cuts[89], 3),
        p99_s=round(cuts[98], 3),
        slowest_s=round(seconds[-1], 3),
        per_second=round(len(answers) / took, 1),
        calls_waiting=waiting,
    )


def _builder(zoom: StandIn, settings: dict[str, object]) -> Callable[[], Services]:
    app = zoom.world.app
    told = {"account_id": app.account_id, "webhook_secrets": [app.webhook_secret]}
    return lambda: wiring.build(config.from_env({**settings, "zoom": told}))


@contextmanager
def _serving(build: Callable[[], Services]) -> Iterator[str]:
    port = free_port()
    server = multiprocessing.get_context("fork").Process(target=serve, args=(build, f"127.0.0.1:{port}", WORKERS))
    server.start()
    address = f"http://127.0.0.1:{port}/zoom/events"
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.join()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            if requests.get(address, timeout=2).status_code == 405:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise SystemExit("the web app did not start")


def _deliver(zoom: StandIn, hook: str, bodies: list[bytes]) -> list[Delivery]:
    """Every body, by SENDERS senders at once."""
    sender, answers = zoom.sender(hook), list[Delivery]()
    gate = threading.Barrier(SENDERS)

    def send(mine: list[bytes]) -> None:
        gate.wait()
        answers.extend([sender.post(body) for body in mine])

    threads = [threading.Thread(target=send, args=(bodies[n::SENDERS],)) for n in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def main() -> int:
    """Measure, print, write; 1 when Zoom would have waited in vain."""
    figures = []
    conditions = {"cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 1), "nice": os.nice(0)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user
        with redis_server(folder / "redis") as redis_url:
            figures.append(measure("SQLite", "", folder / "sqlite", redis_url))
            if find_programs() is None:
                print("PostgreSQL is not on this machine: left out (Debian package postgresql)")
            else:
                with postgresql_server(folder / "postgresql") as url:
                    figures.append(measure("PostgreSQL", url, folder / "data", redis_url))
    print(", ".join(f"{name} {value}" for name, value in conditions.items()))
    names = f"{'p50':>8}{'p90':>8}{'p99':>8}{'slowest':>9}{'per s':>8}"
    print(f"{'database':<12}{'deliveries':>11}{'refused':>9}{names}")
    for one in figures:
        times = "".join(f"{seconds:>8.3f}" for seconds in (one.p50_s, one.p90_s, one.p99_s))
        rest = f"{one.slowest_s:>9.3f}{one.per_second:>8}"
        print(f"{one.database:<12}{one.deliveries:>11}{one.refused:>9}{times}{rest}")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"conditions": conditions, "figures": [asdict(one) for one in figures]}, indent=1) + "\n")
    return int(any(one.p99_s >= LIMIT_S or one.refused for one in figures))


if __name__ == "__main__":
    sys.exit(main())
