"""How long pages take with many sessions in the store: list, report, supervisor's list, practice figures.

Writes bench/out/pages.json. Sessions beside the coach's own are rows without content; the report is a real one.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from integration import wiring  # noqa: E402 - the checkout goes first
from integration.redis_server import redis_server  # noqa: E402 - as above
from integration.reflection import keep_reflection  # noqa: E402 - as above
from integration.store import calls  # noqa: E402 - as above
from integration.store.people import PersonKind  # noqa: E402 - as above
from integration.store.states import State  # noqa: E402 - as above
from integration.web.app import create_app  # noqa: E402 - as above
from tests.conftest import settings_for  # noqa: E402 - as above
from tests.practices import EVERY, STARTED_MS, Practice  # noqa: E402 - as above

SESSIONS, COACHES, ROUNDS = 100_000, 200, 40


def main() -> None:
    """Fill a store, ask for each page ROUNDS times, print and keep the times."""
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder) / "redis") as redis_url:
        services = wiring.build(settings_for(Path(folder), redis_url))
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
    out = ROOT / "bench" / "out"
    out.mkdir(exist_ok=True)
    (out / "pages.json").write_text(json.dumps({"sessions": SESSIONS, "pages": found}, indent=1) + "\n")
    for name, times in found.items():
        print(f"{name:12} median {times['median_ms']:6.1f} ms   p99 {times['p99_ms']:6.1f} ms")


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


def _times(ask: Callable[[], object]) -> dict[str, float]:
    ask()
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - began) * 1000)
    spent.sort()
    return {"median_ms": round(spent[len(spent) // 2], 1), "p99_ms": round(spent[-1], 1)}


if __name__ == "__main__":
    main()
