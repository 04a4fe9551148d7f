"""A PostgreSQL of our own for tests and benchmarks: loopback, a fresh folder, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from integration.redis_server import free_port

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def find_programs() -> Path | None:
    """The folder with initdb and postgres; None when this machine has none."""
    found = shutil.which("initdb")
    return Path(found).parent if found else next(iter(reversed(DEBIAN)), None)


@contextmanager
def postgresql_server(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL that keeps its data in `folder` while the block runs. Needs find_programs()."""
    programs = find_programs()
    assert programs is not None, "there is no PostgreSQL on this machine"
    # PostgreSQL refuses to run as root; its Debian package brings a user of its own.
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    data, port = folder / "data", free_port()
    data.mkdir(parents=True, mode=0o700)
    for place in (folder, data):
        shutil.chown(place, user)

    def run(*command: object) -> None:
        subprocess.run(
            [str(word) for word in command],
            check=True,
            user=user,
            cwd=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    run(programs / "initdb", "-D", data, "-U", "partnering", "-A", "trust", "-N")
    options = f"-p {port} -h 127.0.0.1 -k {data} -c max_connections=200"
    run(programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start")
    try:
        yield f"postgresql://partnering@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
