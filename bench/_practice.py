"""A practice in real processes for benchmarks, and what they use: computing, memory, open files (Linux's /proc)."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import func, select

from integration.store.schema import StageRun
from tests.journeys.parts import Nursery, Part
from tests.journeys.practice import Practice
from tests.postgresql import find_programs, postgresql_server

TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def practice(**settings: str) -> Iterator[Practice]:
    """Redis, mail server and stand-in of Zoom run; parts of the product are started by who measures."""
    nursery = Nursery()
    try:
        with tempfile.TemporaryDirectory(prefix="partnering-") as folder, Practice(
            Path(folder), nursery, **settings
        ) as running:
            yield running
    finally:
        nursery.close()


def databases() -> tuple[str, ...]:
    """The kinds of database that this machine has."""
    if find_programs() is None:
        print("PostgreSQL is not on this machine: left out (Debian package postgresql)")
        return ("SQLite",)
    return ("SQLite", "PostgreSQL")


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database of this kind; "" = SQLite in the data folder."""
    if kind == "SQLite":
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="partnering-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as another user
        with postgresql_server(Path(folder) / "postgresql") as url:
            yield url


def heard(running: Practice) -> int:
    """How many recordings were heard well."""
    with running.services.database.reading() as tx:
        well = select(func.count()).select_from(StageRun).where(StageRun.stage == "hear", StageRun.code == "")
        return tx.scalar(well) or 0


def processes_of(part: Part) -> Iterator[tuple[Path, list[str]]]:
    """The part and everything it started, each with the fields of its `stat` from the third on (proc(5))."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended while we looked
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == part.pid:  # its process group
                yield stat.parent, fields


def computing_s(part: Part) -> float:
    """Seconds of computing of the part, of what it started, and of their children that have ended."""
    return sum(sum(map(int, fields[11:15])) for _, fields in processes_of(part)) / TICK


def memory_mb(part: Part) -> float:
    """Resident memory of the largest of the part's processes."""
    pages = max((int(fields[21]) for _, fields in processes_of(part)), default=0)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files(part: Part) -> int:
    """Files, sockets and pipes that the part and its processes hold open."""
    count = 0
    for process, _ in processes_of(part):
        with suppress(OSError):
            count += len(list((process / "fd").iterdir()))
    return count


def busy() -> float:
    """How many processes wanted a core over the last minute (load average): figures of a busy machine say so."""
    return round(os.getloadavg()[0], 1)
