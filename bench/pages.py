"""How long pages take with many sessions in the store: list, report, supervisor's list, practice figures.

Then, in a browser, when the first words of list and report stand on the screen (None without Chromium).
Writes bench/out/pages.json. Sessions beside the coach's own are rows without content; the report is a real one.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from _practice import busy, database, databases  # noqa: E402 - the checkout goes first

from integration import wiring  # noqa: E402 - the checkout goes first
from integration.redis_server import redis_server  # noqa: E402 - as above
from integration.reflection import keep_reflection  # noqa: E402 - as above
from integration.store import calls  # noqa: E402 - as above
from integration.store.people import PersonKind  # noqa: E402 - as above
from integration.store.states import State  # noqa: E402 - as above
from integration.web.app import create_app  # noqa: E402 - as above
from tests.conftest import settings_for  # noqa: E402 - as above
from tests.journeys.office import Office  # noqa: E402 - as above
from tests.practices import COACH, EVERY, STARTED_MS, Practice  # noqa: E402 - as above

SESSIONS, COACHES, ROUNDS = 100_000, 200, 100


def main() -> None:
    """Fill each kind of database, ask for each page ROUNDS times, print and keep the times."""
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder) / "redis") as redis_url:
        found = {}
        for kind in databases():
            with database(kind) as url:
                found[kind] = _pages(Path(folder) / kind, redis_url, url)
        paints = _first_paints(Path(folder) / "office", redis_url)
    out = ROOT / "bench" / "out"
    out.mkdir(exist_ok=True)
    measured = {"sessions": SESSIONS, "pages": found, "first_paint_ms": paints, "load": busy()}
    (out / "pages.json").write_text(json.dumps(measured, indent=1) + "\n")
    for kind, pages in found.items():
        for name, times in pages.items():
            print(f"{kind:12}{name:12}" + "".join(f"{what} {ms:7.1f} ms   " for what, ms in times.items()))
    for name, paint in paints.items():
        print(f"{name:12} first paint {'not measured' if paint is None else f'{paint:.0f} ms'}")


def _pages(folder: Path, redis_url: str, database_url: str) -> dict[str, dict[str, float]]:
    """Each page's times with one kind of database."""
    services = wiring.build(settings_for(folder, redis_url, DATABASE_URL=database_url))
    services.database.migrate()
    practice = Practice(create_app(services), services)
    coach, supervisor = practice.coach(), practice.supervisor()
    call = practice.session(purposes=EVERY)
    practice.tie()
    practice.share(call)
    keep_reflection(services.record(call.id), revealed=True)
    _fill(practice)
    pages = {
        "sessions": lambda: coach.get("/sessions"),
        "report": lambda: coach.get(f"/sessions/{call.token}"),
        "supervision": lambda: supervisor.get("/supervision"),
    }
    found = {name: _times(ask) for name, ask in pages.items()}
    services.database.close()
    return found


def _fill(practice: Practice) -> None:
    """Rows of SESSIONS sessions by COACHES coaches, 500 of them the measured coach's own."""
    services, now = practice.services, practice.services.now_ms()
    coaches = [practice.person(f"c{i}@x.example", PersonKind.COACH) for i in range(COACHES - 1)]
    coaches.append(practice.person(practice.coach().address, PersonKind.COACH))
    _key, wrapped = services.keys.new_key()
    with services.database.transaction() as tx:
        tx.execute(
            calls.Call.__table__.insert(),
            [
                {
                    "token": f"bench-{i}", "origin": "upload", "account_id": "", "coach_id": coaches[i % COACHES],
                    "started_ms": STARTED_MS - i * 60_000, "state": State.DELIVERED, "created_ms": now,
                    "changed_ms": now, "wrapped_key": wrapped,
                }
                for i in range(SESSIONS)
            ],
        )


def _first_paints(folder: Path, redis_url: str) -> dict[str, float | None]:
    """For list and report: when the first words stand on the screen, the best of three; the server is a real one."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return {"sessions": None, "report": None}
    folder.mkdir()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with Office(folder, redis_url, browser) as office:
            call = office.sessions.session()
            keep_reflection(office.services.record(call.id), revealed=True)
            coach = office.visitor()
            coach.sign_in(COACH)
            paths = {"sessions": "/sessions", "report": f"/sessions/{call.token}"}
            return {name: round(coach.first_paint_ms(path)) for name, path in paths.items()}


def _times(ask: Callable[[], object]) -> dict[str, float]:
    """Median and 99th percentile of ROUNDS askings, and what one costs in computing, busy or not."""
    ask()
    spent, computed = [], time.process_time()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - began) * 1000)
    computed = (time.process_time() - computed) * 1000 / ROUNDS
    cuts = statistics.quantiles(spent, n=100)
    return {"median_ms": round(cuts[49], 1), "p99_ms": round(cuts[98], 1), "computing_ms": round(computed, 1)}


if __name__ == "__main__":
    main()
