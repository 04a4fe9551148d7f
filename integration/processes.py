"""The long-running commands, and the short ones that look after the store."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from integration import config, logs, wiring
from integration.errors import ConfigFault
from integration.store.heartbeats import CLOCK, worker_name
from integration.store.people import PersonKind
from integration.store.people import add_person as add_to_store
from integration.watching.pulse import Pulse
from integration.wiring import Services

CLOCK_S = 30
SWEEP_S = 3600


def services_of_this_process() -> Services:
    """Services from the environment, logs set up, and the three packages proved to be ours."""
    settings = config.from_env()
    logs.configure(settings.log_level)
    return wiring.build(settings)


def serve_web(bind: str, workers: int) -> None:
    """Serve the web app with gunicorn until told to stop."""
    services = services_of_this_process()
    services.database.migrate()
    services.database.close()
    from integration.web.server import serve  # noqa: PLC0415 - the web's libraries are for this command only

    serve(lambda: wiring.build(services.settings), bind, workers)


def run_worker(queue: str, *, burst: bool) -> None:
    """Work on one queue until told to stop."""
    from integration.jobs import worker  # noqa: PLC0415 - rq is for this command only

    services = services_of_this_process()
    services.vault.sweep_scratch()
    pulse = Pulse(services.settings, worker_name(queue, socket.gethostname()), services.now_ms)
    worker.run(services.queues, queue, pulse.beat, burst=burst)


def run_clock(*, once: bool) -> None:
    """Hand over waiting work every CLOCK_S seconds; look for missed recordings and erase what is due every hour."""
    from integration.jobs import clock  # noqa: PLC0415 - zoomus and requests are for this command only
    from integration.watching import metrics  # noqa: PLC0415 - and so is prometheus-client

    services = services_of_this_process()
    pulse = Pulse(services.settings, CLOCK, services.now_ms)
    metrics.serve(services)
    swept = 0.0
    while True:
        pulse.beat()
        clock.attempt(services, clock.hand_over)
        if once or time.monotonic() - swept > SWEEP_S:
            clock.look_after(services)
            swept = time.monotonic()
        if once:
            return
        time.sleep(CLOCK_S)


def what_is_due() -> str:
    """What the next sweep will erase, as JSON: numbers of calls by class, and how many rows of webhooks."""
    from integration.privacy.retention import sweep  # noqa: PLC0415 - for this command only

    services = services_of_this_process()
    services.database.migrate()
    return json.dumps(asdict(sweep(services, dry_run=True)), indent=1)


def migrate_database(revision: str) -> None:
    """Bring the database to `revision`."""
    services_of_this_process().database.migrate(revision)


def describe_settings() -> str:
    """What the settings lead to, without a secret."""
    settings = config.from_env()
    wiring.build(settings)
    lines = {
        "data folder": settings.data_dir.absolute(),
        "database": settings.database.partition("://")[0],
        "redis": "set" if settings.redis_url else "not set (set REDIS_URL)",
        "mail": settings.mail.host or "folder outbox in the data folder",
        "hearing": settings.speech.profile,
        "zoom": "server-to-server" if settings.zoom.account_id else "not connected",
        "webhook secret": "set" if settings.zoom.webhook_secrets else "not set: the hook refuses everything",
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items())


def erase_session(call_id: int) -> str:
    """Erase one call; the receipt as JSON."""
    from integration.privacy.erasure import erase_call  # noqa: PLC0415 - for this command only

    return json.dumps(erase_call(services_of_this_process(), call_id, actor_id=None).as_dict(), indent=1)


def rotate_keys() -> int:
    """Wrap every key anew with the first master key; how many there were."""
    from integration.store.rotation import rewrap_all  # noqa: PLC0415 - for this command only

    services = services_of_this_process()
    return rewrap_all(services.database, services.keys)


def add_person(email: str, kinds: tuple[str, ...], name: str) -> str:
    """Let somebody sign in; says where, and where the code for it goes."""
    from integration.web.links import sign_in_url  # noqa: PLC0415 - for this command only

    services = services_of_this_process()
    services.database.migrate()
    with services.database.transaction() as tx:
        add_to_store(tx, email, tuple(PersonKind(kind) for kind in kinds), now_ms=services.now_ms(), name=name)
    settings = services.settings
    outbox = settings.data_dir / "outbox"
    where = "by e-mail" if settings.mail.host else f"as a letter in {outbox} (no mail server is set)"
    return f"Added. They sign in at {sign_in_url(settings)} while `partnering serve` runs; the code comes {where}."


def run_benchmarks() -> None:
    """Run every script of bench/ in this checkout; in the end exit status 1 when a limit was missed in any of them."""
    folder = Path(__file__).parent.parent / "bench"
    scripts = sorted(folder.glob("[a-z]*.py"))
    if not scripts:
        raise ConfigFault("the benchmarks are part of a checkout, not of an installed package", code="NO_BENCH")
    ended = [
        subprocess.run([sys.executable, str(script)], check=False, env=os.environ)  # noqa: S603 - our own scripts
        for script in scripts
    ]
    if any(done.returncode for done in ended):
        raise SystemExit(1)
