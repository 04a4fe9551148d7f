"""A small coaching practice for tests: people, ties, and sessions that were really read from a script."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from flask import Flask
from sqlalchemy.orm import Session

from integration import reading
from integration.store import calls, consents, people, supervision
from integration.store.people import PersonKind
from integration.store.record import MEDIA, Record
from integration.store.schema import Call, CallFile
from integration.store.states import Purpose, State
from integration.wiring import Services
from processor.formats.findings_json import Pipeline
from processor.model.findings import Findings
from tests.builders import session
from tests.visitors import Visitor, known, someone

DAY_MS = 86_400_000
EVERY = tuple(Purpose)
TALK = """
0:01 coach: What would make today worth it for you?
0:06 client: I want to find out whether I really want the new post or only feel that I ought to want it.
0:16 coach: The want or the ought.
0:20 client: Yes, and I notice that I go quiet each time my boss asks me about it, so something is in there for me.
0:33.5 coach: mm-hm
0:41 coach: What does the quiet tell you?
0:48 client: That I am afraid to let her down, I think, and that I have not asked myself what I would like at all.
1:05 coach: You should write her a list.
1:08 client: I could do that.
1:30 coach: How far have we come with what you wanted from today?
1:36 client: Further than I thought, because I can now say that I want the post and that I want it in my own way.
2:10 coach: What will you do next, and by when?
2:14 client: I will talk to her on Monday and say that I need two weeks to think about what I would bring.
2:30 coach: And who could help you with it?
2:33 client: My sister, she always asks me the right thing at the right moment.
2:45 coach: Before we close, what have you learnt about yourself today?
2:50 client: That quiet is not no, it is me thinking, and that I may ask for the time that I need.
"""
COACH, CLIENT = "dana@practice.example", "client@elsewhere.example"
SUPERVISOR, ADMINISTRATOR = "sam@practice.example", "admin@practice.example"
STARTED_MS = 1_793_900_000_000


@cache
def read(script: str) -> tuple[Findings, Pipeline]:
    """What the real reading finds in a script; each script is read once for the whole run."""
    return reading.read(session(script), "embedded", ())


def known_in(tx: Session, now_ms: int, address: str, kind: PersonKind) -> int:
    """The id of a person with this address, made when new."""
    return people.add_person(tx, address, (kind,), now_ms=now_ms).id


@dataclass
class Practice:
    """An app, its services, and the people who were signed in."""

    app: Flask
    services: Services
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, address: str, *kinds: PersonKind, name: str = "") -> Visitor:
        """Somebody signed in; the same browser every time."""
        if address not in self.visitors:
            self.visitors[address] = someone(self.app, self.services, address, *kinds, name=name)
        return self.visitors[address]

    def coach(self, address: str = COACH) -> Visitor:
        return self.visitor(address, PersonKind.COACH, name="Dana Hale" if address == COACH else "")

    def supervisor(self, address: str = SUPERVISOR) -> Visitor:
        return self.visitor(address, PersonKind.SUPERVISOR, name="Sam Ortiz" if address == SUPERVISOR else "")

    def administrator(self) -> Visitor:
        return self.visitor(ADMINISTRATOR, PersonKind.ADMINISTRATOR)

    def client(self, address: str = CLIENT) -> Visitor:
        return self.visitor(address, PersonKind.CLIENT)

    def person(self, address: str, kind: PersonKind) -> int:
        return known(self.services, address, kind)

    def session(
        self,
        script: str = TALK,
        *,
        coach: str = COACH,
        client: str = "",
        purposes: tuple[Purpose, ...] = (Purpose.OWN_REPORT,),
        started_ms: int = STARTED_MS,
        media: bytes = b"",
        state: State = State.DELIVERED,
    ) -> Call:
        """A session that went all the way: its words and findings lie in the vault."""
        services, now = self.services, self.services.now_ms()
        with services.database.transaction() as tx:
            coach_id = known_in(tx, services.now_ms(), coach, PersonKind.COACH)
            call, _key = calls.add_call(
                tx, services.keys, origin="upload", started_ms=started_ms, now_ms=now, coach_id=coach_id
            )
            row = CallFile(call_id=call.id, zoom_id="upload", kind="mixed", start_ms=started_ms)
            row.end_ms = started_ms + session(script).duration_ms
            tx.add(row)
            for purpose in purposes:
                consents.record(
                    tx, call.id, purpose, granted=True, basis="client_page", text_version="1", now_ms=now
                )
            if client:
                call.client_id = known_in(tx, services.now_ms(), client, PersonKind.CLIENT)
            calls.set_state(tx, call, state, now_ms=now)
            tx.flush()
        record = services.record(call.id)
        record.keep_session(session(script))
        record.keep_findings(*read(script))
        if media:
            self.keep_media(record, row.id, media)
        return call

    def keep_media(self, record: Record, file_id: int, media: bytes) -> None:
        name = f"{MEDIA}-mixed-{file_id}"
        kept = record.vault.write(record.call.id, name, [media], record.key)
        with self.services.database.transaction() as tx:
            calls.keep_artefact(tx, record.call.id, name, kept, self.services.now_ms())

    def tie(self, supervisor: str = SUPERVISOR, coach: str = COACH) -> int:
        """Supervisor and coach assigned to each other; the id of the assignment."""
        with self.services.database.transaction() as tx:
            return supervision.assign(
                tx,
                supervisor_id=known_in(tx, self.services.now_ms(), supervisor, PersonKind.SUPERVISOR),
                coach_id=known_in(tx, self.services.now_ms(), coach, PersonKind.COACH),
                now_ms=self.services.now_ms(),
                accepted=True,
            ).id

    def share(self, call: Call, supervisor: str = SUPERVISOR) -> None:
        """The coach shows the session to the supervisor."""
        with self.services.database.transaction() as tx:
            supervisor_id = known_in(tx, self.services.now_ms(), supervisor, PersonKind.SUPERVISOR)
            supervision.share(
                tx, call.id, supervisor_id, purpose="supervision", question=None, now_ms=self.services.now_ms()
            )

    def now(self, call: Call) -> Call:
        """The call as it stands in the database."""
        with self.services.database.transaction() as tx:
            return calls.get_call(tx, call.id)
