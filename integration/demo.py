"""The whole way on one machine: a stand-in of Zoom delivers a call, and its report is e-mailed.

Every part is the real one (web app, Redis, workers, models, mail); only Zoom is played by
`integration.zoom.standin`. The parts run as processes of their own and end with the command.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import click
import requests
from sqlalchemy import select

from integration import config, wiring
from integration.errors import ConfigFault
from integration.presenting import present
from integration.redis_server import free_port, redis_server
from integration.store import calls
from integration.store.people import PersonKind, add_person
from integration.store.schema import Call
from integration.store.states import Stage, State
from integration.web.links import report_url
from integration.wiring import Services
from integration.zoom.standin.server import StandIn
from processor.errors import ProductError
from processor.formats import findings_json
from reports.audience import Audience
from reports.page import render_page

COACH = "dana.coach@example.com"
SAMPLE = Path(__file__).parent.parent / "samples" / "sample_call"
PATIENCE_S = 15 * 60
START_S = 60
STOP_S = 10
ENDED = {State.DELIVERED, State.FAILED, State.REFUSED, State.WITHDRAWN}


def run_demo(*, keep: bool) -> None:
    """Run the demo and print each stage with its time. ProductError when the call did not end in a report."""
    if not SAMPLE.is_dir():
        raise ConfigFault("the sample call is part of a checkout; run `make demo` in one", code="NO_SAMPLE")
    settings = config.from_env()
    folder = settings.data_dir.absolute() / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    (folder / "models").symlink_to(_shared_models(settings.data_dir.absolute()))
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server(folder / "redis"))
        zoom = stack.enter_context(StandIn())
        environment = _environment(folder, redis, zoom)
        os.environ.update(environment)
        services = wiring.build(config.from_env())
        services.database.migrate()
        with services.database.transaction() as tx:
            add_person(tx, COACH, (PersonKind.COACH,), now_ms=services.now_ms(), name="Dana")
        stack.enter_context(_processes(environment, folder))
        call = _deliver(services, zoom)
        _tell(services, call, folder)
        if keep:
            _stay(services, call)


def _deliver(services: Services, zoom: StandIn) -> Call:
    """Let the stand-in record the sample call and post its webhook, and follow the call to its end."""
    meeting = zoom.record(COACH, topic="Coaching", mixed=SAMPLE / "mix.m4a")
    told = zoom.tell_completed(meeting, f"{services.settings.web.public_url}/zoom/events")
    _say("webhook", f"signed by the stand-in, answered {told.status} by the web app", told.seconds)
    if not told.taken:
        raise ProductError("the web app did not take the webhook; see log.jsonl in the demo's folder", code="DEMO")
    seen: set[str] = set()
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        services.queues.dispatch(services.database, services.now_ms())
        with services.database.transaction() as tx:
            call: Call | None = tx.scalar(select(Call))
            done = calls.stage_seconds(tx, call.id) if call is not None else ()
        for stage, seconds in done:
            if stage not in seen:
                seen.add(stage)
                _say(stage, _DONE[Stage(stage)], seconds)
        if call is not None and call.state in ENDED:
            if call.state != State.DELIVERED:
                raise ProductError("the call did not end in a report; see the logs above", code=call.reason or "DEMO")
            return call
        time.sleep(0.2)
    raise ProductError("the demo took too long; see the logs in var/demo", code="DEMO_TIME")


_DONE = {
    Stage.FETCH: "the recording came from the stand-in, with its token and redirect, and is sealed in the vault",
    Stage.HEAR: "whisperx and pyannote.audio heard the words and who spoke when",
    Stage.ANALYSE: "the words were read: floor, leading, phases, partnering",
    Stage.DELIVER: "the report was e-mailed to the coach",
}


def _tell(services: Services, call: Call, folder: Path) -> None:
    """Leave the report where it can be looked at, and say where."""
    record = services.record(call.id)
    out = folder / "out"
    out.mkdir(mode=0o700)
    page = out / "report.html"
    page.write_text(render_page(present(services, record, Audience.COACH)), encoding="utf-8")
    found = out / "findings.json"
    found.write_text(findings_json.dump(*record.findings()), encoding="utf-8")
    (mail,) = (folder / "outbox").glob("*.eml")
    _say("e-mail", str(mail))
    _say("page", str(page))
    _say("findings", str(found))
    _say("link", f"{report_url(services.settings, call)} (opens while the app runs: make demo KEEP=1)")


def _stay(services: Services, call: Call) -> None:
    _say("kept", f"open {report_url(services.settings, call)} and sign in as {COACH}; the code comes as a mail in")
    _say("", str(services.settings.data_dir / "outbox"))
    _say("", "Ctrl-C ends it")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return


@contextmanager
def _processes(environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    """The web app and two workers; all are gone when the block ends."""
    web = environment["PARTNERING_WEB__PUBLIC_URL"]
    partnering = str(Path(sys.executable).parent / "partnering")
    serve = ("serve", "--bind", web.removeprefix("http://"), "--workers", "1")
    running: list[subprocess.Popen[bytes]] = []
    with (folder / "log.jsonl").open("wb") as log:
        try:
            running.extend(
                subprocess.Popen(  # noqa: S603 - our own commands
                    [partnering, *command], env=dict(environment), stdout=log, stderr=log, start_new_session=True
                )
                for command in (serve, ("worker", "io"), ("worker", "audio"))
            )
            _wait_for(f"{web}/health", running, folder)
            _say("started", "Redis, a stand-in of Zoom, the web app, an io worker, an audio worker")
            yield
        finally:
            _stop(running)


def _wait_for(url: str, running: list[subprocess.Popen[bytes]], folder: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and all(process.poll() is None for process in running):
        try:
            requests.get(url, timeout=2)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise ConfigFault(f"a part of the demo did not start; its log is {folder / 'log.jsonl'}", code="DEMO_START")


def _stop(running: list[subprocess.Popen[bytes]]) -> None:
    """End every process and what it started, politely and then for good."""
    for process in running:
        _signal(process, 15)
    deadline = time.monotonic() + STOP_S
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        _signal(process, 9)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _environment(folder: Path, redis: str, zoom: StandIn) -> dict[str, str]:
    """What the parts are told: embedded defaults, everything in `folder`, Zoom played on the loopback address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARTNERING_")}
    return {
        **kept,
        "DATABASE_URL": "",
        "REDIS_URL": redis,
        "PARTNERING_DATA_DIR": str(folder),
        "PARTNERING_WEB__PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
        **zoom.environment(),
    }


def _shared_models(data_dir: Path) -> Path:
    """Models are joined once, for the demo and everything else."""
    models = data_dir / "models"
    models.mkdir(parents=True, exist_ok=True)
    return models


def _say(what: str, sentence: str, seconds: float | None = None) -> None:
    click.echo(f"{what:>9}  {'' if seconds is None else f'{seconds:6.1f} s  '}{sentence}")
