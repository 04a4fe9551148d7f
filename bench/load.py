"""How fast waiting work drains, and how many calls a day one machine hears.

    nice .venv/bin/python bench/load.py                 queues drain, over SQLite and PostgreSQL, with 1 and 2 workers
    nice .venv/bin/python bench/load.py --capacity      the sample call heard by 1 and by 2 audio workers

Everything runs as it does in a practice: real processes, Redis, mail server and a stand-in of Zoom. Seconds of
computing are given beside seconds on the clock, because a busy machine changes only these. Writes
bench/out/drain.json and bench/out/capacity.json. PostgreSQL is left out aloud when the machine has none.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _practice import busy, computing_s, database, databases, heard, practice
from sqlalchemy import func, select

from integration.store.schema import Call
from integration.store.states import State
from tests.integration.zoom.practice import film
from tests.journeys.parts import Part
from tests.journeys.practice import Practice
from tests.sounds import SAMPLE_CALL, beginning

OUT = Path(__file__).parent / "out"
FETCHES, LETTERS = 100, 50
HEARD_S, EACH_HEARS = 120.0, 2
"""Each audio worker hears so many recordings of this length after one that warms it up."""
HOURS_OF_A_DAY = 24
PATIENCE_S = 3600


@dataclass(frozen=True)
class Drain:
    """How fast one kind of work drained."""

    database: str
    io_workers: int
    work: str
    count: int
    per_second: float
    computing_ms_each: int
    load: float


def drain(kind: str, url: str, workers: int) -> list[Drain]:
    """FETCHES recordings wait for io workers, then LETTERS letters do."""
    with practice(DATABASE_URL=url) as running:
        for _ in range(FETCHES):
            running.tell(running.record(film()))
        parts = [running.start("clock"), *(running.start("worker", "io") for _ in range(workers))]
        found = [_timed(running, parts, State.FETCHED, FETCHES)]
        for _ in range(LETTERS):
            running.call_at(State.ANALYSED)
        found.append(_timed(running, parts, State.DELIVERED, LETTERS))
    return [
        Drain(kind, workers, work, count, round(per_second, 2), round(computing * 1000), busy())
        for work, (count, per_second, computing) in zip(("fetch", "deliver"), found, strict=True)
    ]


def _timed(running: Practice, parts: list[Part], state: State, wanted: int) -> tuple[int, float, float]:
    """Work on the clock a second, and seconds of computing for each, until `wanted` calls have come to `state`."""
    begun, before = time.perf_counter(), sum(map(computing_s, parts))
    running.until(lambda: _count(running, state) >= wanted, f"{wanted} calls are {state}", PATIENCE_S)
    took, computed = time.perf_counter() - begun, sum(map(computing_s, parts)) - before
    return wanted, wanted / took, computed / wanted


def _count(running: Practice, state: State) -> int:
    with running.services.database.reading() as tx:
        return tx.scalar(select(func.count()).select_from(Call).where(Call.state == state)) or 0


def drains() -> list[Drain]:
    """Each database with one io worker and with two."""
    found = []
    for kind in databases():
        for workers in (1, 2):
            with database(kind) as url:
                found += drain(kind, url, workers)
    return found


@dataclass(frozen=True)
class Capacity:
    """What a machine hears with so many audio workers that share its cores."""

    audio_workers: int
    threads_each: int
    recordings: int
    real_time_factor: float
    computing_per_recorded_second: float
    calls_of_an_hour_a_day: int
    load: float


def capacity(workers: int) -> Capacity:
    """Recordings heard and read one after the other, models warm. The factor is of the whole machine: seconds on the
    clock for each recorded second."""
    threads = max(1, len(os.sched_getaffinity(0)) // workers)
    with practice(PARTNERING_SPEECH__THREADS=str(threads)) as running:
        sound = beginning(SAMPLE_CALL / "mix.m4a", HEARD_S, running.folder / "cut.m4a")
        for part in (("clock",), ("worker", "io")):
            running.start(*part)
        total = (1 + EACH_HEARS) * workers
        for _ in range(total):
            running.tell(running.record(sound, minutes=HEARD_S / 60))
        running.until(lambda: _count(running, State.FETCHED) == total, "all are fetched", PATIENCE_S)
        parts = [running.start("worker", "audio") for _ in range(workers)]
        running.until(lambda: heard(running) >= workers, "models are loaded", PATIENCE_S)
        begun, before, done = time.perf_counter(), sum(map(computing_s, parts)), heard(running)
        running.until(lambda: heard(running) == total, "all are heard", PATIENCE_S)
        took, computed = time.perf_counter() - begun, sum(map(computing_s, parts)) - before
    recorded_s = HEARD_S * (total - done)
    factor = took / recorded_s
    per_day = round(HOURS_OF_A_DAY / factor)
    return Capacity(workers, threads, total - done, round(factor, 3), round(computed / recorded_s, 3), per_day, busy())


def main() -> int:
    """Measure what was asked for, print it, keep it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--capacity", action="store_true")
    if asked.parse_args().capacity:
        name, rows = "capacity", [asdict(capacity(workers)) for workers in (1, 2)]
    else:
        name, rows = "drain", [asdict(row) for row in drains()]
    for row in rows:
        print("   ".join(f"{key} {value}" for key, value in row.items()))
    OUT.mkdir(exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
