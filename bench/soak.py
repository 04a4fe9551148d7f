"""Whether memory stays flat while a practice works for half an hour.

    nice .venv/bin/python bench/soak.py                 2 minutes, to see that it runs
    nice .venv/bin/python bench/soak.py --minutes 30    what docs/operations.md quotes

Web app, clock, io and audio worker run as they do in a practice. Every LOOK_S seconds Zoom tells of one recording
too short to hear, which is fetched and refused, and one call waits to be read and delivered; every HEAR_S seconds a
real recording of HEARD_S seconds comes, which is heard with the real models. Memory and open files of each process
are looked at in between. The first third is for warming up; between the second third and the last nothing may grow.
Writes bench/out/soak.json; exit status 1 when memory or open files grew, or a call was left undone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _practice import busy, heard, memory_mb, open_files, practice
from sqlalchemy import func, select

from integration.store.schema import Call
from integration.store.states import State
from tests.integration.zoom.practice import film
from tests.journeys.parts import Part
from tests.journeys.practice import Practice
from tests.sounds import SAMPLE_CALL, beginning

OUT = Path(__file__).parent / "out" / "soak.json"
LOOK_S, HEAR_S, HEARD_S = 5.0, 120.0, 40.0
MOST_GROWTH, MOST_FILES = 1.05, 3
"""How much more memory, and how many more open files, a process may hold in the last third than in the second."""
ENOUGH_MINUTES = 10
"""A shorter run is still warming up; it only shows that all works."""
MOST_UNDONE = 20
"""On a machine that is too busy to keep up, no more comes in than so much."""
UNDONE = (State.RECEIVED, State.FETCHED, State.HEARD, State.ANALYSED)


@dataclass
class Watched:
    """What one process held each time we looked."""

    part: Part
    memory: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def look(self) -> None:
        self.memory.append(memory_mb(self.part))
        self.files.append(open_files(self.part))

    def thirds(self) -> dict[str, Any]:
        """The medians of each third, and how much the last stands above the second."""
        memory, files = _medians(self.memory), _medians(self.files)
        return {
            "memory_mb": [round(one) for one in memory],
            "memory_growth": round(memory[2] / memory[1], 3),
            "open_files": [round(one) for one in files],
        }


def _medians(values: list[Any]) -> list[float]:
    size = max(1, len(values) // 3)
    return [statistics.median(values[third * size : (third + 1) * size]) for third in range(3)]


def soak(running: Practice, minutes: float) -> dict[str, Any]:
    """Work for so many minutes; what came in, what became of it, and what each process held."""
    sound = beginning(SAMPLE_CALL / "mix.m4a", HEARD_S, running.folder / "cut.m4a")
    watched = {
        "clock": Watched(running.start("clock")),
        "io worker": Watched(running.start("worker", "io")),
        "audio worker": Watched(running.start("worker", "audio")),
        "web": Watched(running.serve()),
    }
    loads, sounds = [], 0
    begun = next_hearing = time.monotonic()
    while (now := time.monotonic()) < begun + 60 * minutes:
        has_room = _undone(running) < MOST_UNDONE
        with_sound = has_room and now >= next_hearing and heard(running) == sounds
        if with_sound:
            next_hearing, sounds = now + HEAR_S, sounds + 1
        if has_room:
            meeting = running.record(sound if with_sound else film(), minutes=HEARD_S / 60)
            running.zoom.tell_completed(meeting, f"{running.web_url}/zoom/events")
            running.call_at(State.HEARD)
        for one in watched.values():
            one.look()
        loads.append(busy())
        time.sleep(max(0.0, now + LOOK_S - time.monotonic()))
    processes = {name: one.thirds() for name, one in watched.items()}
    running.until(lambda: _undone(running) == 0, "all is done", 1200)
    return {
        "minutes": minutes,
        "load_of_the_machine": [min(loads), statistics.median(loads), max(loads)],
        "recordings_heard": heard(running),
        "calls": _states(running),
        "letters": len(running.post.letters),
        "processes": processes,
    }


def _undone(running: Practice) -> int:
    found = _states(running)
    return sum(found.get(state, 0) for state in UNDONE)


def _states(running: Practice) -> dict[str, int]:
    with running.services.database.reading() as tx:
        return dict(tx.execute(select(Call.state, func.count()).group_by(Call.state)).all())


def main() -> int:
    """Soak, print, keep; 1 when something grew."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=float, default=2)
    minutes = asked.parse_args().minutes
    with practice() as running:
        figures = soak(running, minutes)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"{minutes:g} minutes, load {figures['load_of_the_machine']}, calls {figures['calls']}")
    print(f"{'process':<14}{'memory (MB), thirds':>24}{'growth':>8}{'open files':>20}")
    for name, held in figures["processes"].items():
        memory, files = (" ".join(map(str, held[what])) for what in ("memory_mb", "open_files"))
        print(f"{name:<14}{memory:>24}{held['memory_growth']:>8}{files:>20}")
    return int(minutes >= ENOUGH_MINUTES and any(map(_grew, figures["processes"].values())))


def _grew(held: dict[str, Any]) -> bool:
    _, before, after = held["open_files"]
    return bool(held["memory_growth"] > MOST_GROWTH or after - before > MOST_FILES)


if __name__ == "__main__":
    sys.exit(main())
