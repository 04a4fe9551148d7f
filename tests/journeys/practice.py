"""A whole practice in real processes: Redis, mail server, a stand-in of Zoom, and the product's own processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import requests
from sqlalchemy import select

from integration import config, reading, wiring
from integration.redis_server import free_port
from integration.store import calls, consents
from integration.store.people import PersonKind, add_person
from integration.store.schema import Artefact, Call, StageRun
from integration.store.states import Purpose, State
from integration.wiring import Services
from integration.zoom import events, intake
from integration.zoom.standin.recordings import Meeting
from integration.zoom.standin.server import StandIn
from integration.zoom.standin.webhooks import compact
from processor.model.session import Session
from tests.builders import session
from tests.journeys.parts import Nursery, Part
from tests.journeys.servers import PostOffice, RedisServer

COACH = "dana.coach@example.com"
PATIENCE_S = 40
LEASE_OVER_MS = calls.LEASE_MS + 1
PARTS = (("worker", "io"), ("worker", "audio"), ("clock",))
TALK = session("""
    0:01 coach: Hello, what would you like to look at today?
    0:06 client: I keep putting off the talk with my sister.
    0:12 coach: What would make this half hour worth your time?
    0:18 client: To know how I want to begin.
    0:24 coach: So the beginning matters most to you.
    0:30 client: Yes, because it sets the tone for everything.
""")


def long_talk(minutes: int) -> Session:
    """A call that takes some seconds to read (about 0.1 for each minute)."""
    said = ("coach: What would make this half hour worth your time?", "client: To know how I want to begin, and why.")
    return session("\n".join(f"{at // 60}:{at % 60:02} {said[at // 6 % 2]}" for at in range(1, 60 * minutes, 6)))


class Practice:
    """Everything lies in `folder`. The clock of all parts is one, and a test can set it on."""

    def __init__(self, folder: Path, nursery: Nursery, **settings: str) -> None:
        self.folder, self._nursery = folder, nursery
        self._ahead = folder / "ahead"
        self.set_clock(0)
        self.redis, self.post = RedisServer(folder / "redis"), PostOffice()
        self.zoom = StandIn(clock=lambda: self.now_ms() / 1000)
        self.web_url = f"http://127.0.0.1:{free_port()}"
        self._settings = settings
        self.running: list[Part] = []
        self.services: Services

    def __enter__(self) -> Self:
        self.redis.start()
        self.post.open()
        self.zoom.start()
        own = {name: value for name, value in self.environment().items() if name not in os.environ}
        os.environ.update(own)
        self.services = wiring.build(config.from_env(), now_ms=self.now_ms)
        for name in own:
            del os.environ[name]
        self.services.database.migrate()
        with self.services.database.transaction() as tx:
            self.coach_id = add_person(tx, COACH, (PersonKind.COACH,), now_ms=self.now_ms(), name="Dana").id
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in self.running:
            part.kill()
        self.zoom.stop()
        self.post.close()
        self.redis.stop()
        self.services.database.close()

    def environment(self) -> dict[str, str]:
        """The settings of every part."""
        return {
            "DATABASE_URL": "",
            "REDIS_URL": self.redis.url,
            "PARTNERING_DATA_DIR": str(self.folder / "var"),
            "PARTNERING_WEB__PUBLIC_URL": self.web_url,
            "JOURNEY_CLOCK": str(self._ahead),
            **self.zoom.environment(),
            **self.post.settings(),
            **self._settings,
        }

    # The clock

    def now_ms(self) -> int:
        return wiring.wall_clock_ms() + int(self._ahead.read_text())

    def set_clock(self, ahead_ms: int) -> None:
        """Put every part's clock `ahead_ms` before the real time (or behind)."""
        fresh = self._ahead.with_suffix(".new")
        fresh.write_text(str(ahead_ms))
        fresh.replace(self._ahead)

    def pass_time(self, ms: int) -> None:
        self.set_clock(int(self._ahead.read_text()) + ms)

    # Processes

    def start(self, *command: str, **more: str) -> Part:
        """Start a part, with `more` in its environment; its log goes into log.jsonl."""
        part = self._nursery.start(command, {**self.environment(), **more}, self.log)
        self.running.append(part)
        return part

    def serve(self, **more: str) -> Part:
        """Start the web app and wait until it answers."""
        web = self.start("serve", "--bind", self.web_url.removeprefix("http://"), "--workers", "1", **more)
        self.until(self._answers, "the web app answers")
        return web

    def start_all(self) -> None:
        """Workers of both queues and the clock."""
        for command in PARTS:
            self.start(*command)

    def lose_power(self) -> None:
        """Every process of the product dies at once, and Redis with them; Redis is there again."""
        for part in self.running:
            part.kill()
        self.running.clear()
        self.redis.stop()
        self.redis.start()

    def kill_job(self, call_id: int) -> None:
        """kill -9 of the very process that holds the call's lease."""
        os.kill(self.job_pid(call_id), signal.SIGKILL)

    def job_pid(self, call_id: int) -> int:
        """The process that holds the call's lease."""
        return int(self.call(call_id).lease_owner.rpartition(":")[2])

    @property
    def log(self) -> Path:
        return self.folder / "log.jsonl"

    def secrets(self) -> dict[str, str]:
        """What no log may hold."""
        world, master = self.zoom.world, self.folder / "var" / "keys" / "master.key"
        return {
            "a coach's address": COACH,
            "the Redis password": self.redis.url.split(":")[2].split("@")[0],
            "the app's secret": world.app.client_secret,
            "the webhook secret": world.app.webhook_secret,
            **({"the master key": master.read_text()} if master.exists() else {}),
            **{f"token {number}": token for number, token in enumerate(world.access)},
        }

    # Calls

    def record(self, content: bytes, **more: object) -> Meeting:
        """A recording at Zoom."""
        return self.zoom.record(COACH, mixed=content, **more)

    def tell(self, meeting: Meeting) -> int:
        """Take recording.completed in as the web app does, without its door; the call's id."""
        event = events.parse(compact(self.zoom.event(meeting)))
        intake.take_in(self.services, self.services.database, event, meeting.uuid)
        with self.services.database.transaction() as tx:
            return tx.scalars(select(Call.id).where(Call.meeting_uuid == meeting.uuid)).one()

    def call_at(self, state: State, talk: Session = TALK) -> int:
        """A call that has come as far as `state`; what the stages before would have kept is kept."""
        now = self.now_ms()
        with self.services.database.transaction() as tx:
            call, _ = calls.add_call(
                tx, self.services.keys, origin="upload", started_ms=now, now_ms=now, coach_id=self.coach_id
            )
            consents.record(
                tx, call.id, Purpose.OWN_REPORT, granted=True, basis="upload", text_version="1", now_ms=now
            )
            call.state = state
        record = self.services.record(call.id)
        if state in {State.HEARD, State.ANALYSED}:
            record.keep_session(talk)
        if state is State.ANALYSED:
            record.keep_findings(*reading.read(talk, "given", ()))
        with self.services.database.transaction() as tx:
            calls.schedule(tx, tx.get_one(Call, call.id), due_ms=now)
        self.hand_over()
        return call.id

    def hand_over(self) -> int:
        return self.services.queues.dispatch(self.services.database, self.now_ms()).jobs

    def call(self, call_id: int) -> Call:
        with self.services.database.transaction() as tx:
            return calls.get_call(tx, call_id)

    def runs(self, call_id: int) -> list[tuple[str, str]]:
        """Every run that ended: stage and code (empty = well)."""
        with self.services.database.transaction() as tx:
            rows = tx.scalars(select(StageRun).where(StageRun.call_id == call_id).order_by(StageRun.id))
            return [(row.stage, row.code) for row in rows]

    def artefacts(self, call_id: int) -> list[Artefact]:
        with self.services.database.transaction() as tx:
            return list(tx.scalars(select(Artefact).where(Artefact.call_id == call_id)))

    def vault_files(self, call_id: int) -> list[str]:
        """What lies in the vault's folder of the call, half-written files too."""
        return sorted(path.name for path in (self.folder / "var" / "vault" / f"{call_id:08d}").iterdir())

    # Waiting

    def until(self, holds: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until `holds`; the parts' log is shown when it does not come true."""
        deadline = time.monotonic() + patience_s
        while not holds():
            assert time.monotonic() < deadline, f"not in {patience_s} s: {what}\n{self._last_lines()}"
            time.sleep(0.05)

    def until_state(self, call_id: int, state: State, patience_s: float = PATIENCE_S) -> None:
        self.until(lambda: self.call(call_id).state == state, f"call {call_id} is {state}", patience_s)

    def until_leased(self, call_id: int) -> None:
        """Wait until somebody works on the call."""
        self.until(lambda: self.call(call_id).lease_until_ms > self.now_ms(), f"somebody works on call {call_id}")

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.web_url}/health", timeout=2).ok
        except requests.RequestException:
            return False

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text().splitlines()[-30:]) if self.log.exists() else "no log"


def message_ids(practice: Practice) -> list[str]:
    """The Message-ID of every letter that the mail server took."""
    return [str(letter["Message-ID"]) for letter in practice.post.letters]


