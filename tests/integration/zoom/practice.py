"""A practice with one coach, connected to the stand-in of Zoom: so that a test reads as what happened between them."""

from __future__ import annotations

import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from integration.store.people import find_coach
from integration.store.schema import Call, OutboxEntry, WebhookReceipt
from integration.store.zoom_schema import ZoomConnection
from integration.web import hooks
from integration.wiring import Services
from integration.zoom import fetching
from integration.zoom.connections import Departure, arrive, connection_of, depart
from integration.zoom.standin.recordings import File, Meeting
from integration.zoom.standin.server import StandIn
from integration.zoom.standin.webhooks import Delivery, Sender
from tests.sounds import as_m4a, tone

DANA = "dana.coach@example.com"
NINE = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)


def box(kind: bytes, content: bytes) -> bytes:
    """One box of an MP4 (ISO/IEC 14496-12)."""
    return struct.pack(">I", 8 + len(content)) + kind + content


def boxes(size: int = 4000, *, sound: bool = True) -> bytes:
    """What is an M4A from outside: a type, an index with a sound track, and `size` bytes that nothing can play."""
    index = box(b"hdlr", b"\0" * 8 + (b"soun" if sound else b"vide") + b"\0" * 12)
    content = bytes(number * 7 % 251 for number in range(size))
    return box(b"ftyp", b"M4A \0\0\2\0isom") + box(b"moov", index) + box(b"mdat", content)


@cache
def film(size: int = 4000) -> bytes:
    """An M4A that plays: an eighth of a second of a tone, `size` bytes beside it, and the index last."""
    tune = as_m4a(tone(0.125), 8000)
    index = tune.index(b"moov") - 4
    return tune[:index] + box(b"free", bytes(number * 7 % 251 for number in range(size))) + tune[index:]


def unplayable(recording: bytes) -> bytes:
    """`recording` with its boxes as they were, and nothing that plays in the one that holds its sound."""
    start = recording.index(b"mdat") - 4
    (size,) = struct.unpack(">I", recording[start : start + 4])
    return recording[: start + 8] + bytes(size - 8) + recording[start + size :]


@dataclass(slots=True)
class Practice:
    """The practice's side and Zoom's side of the same story."""

    services: Services
    zoom: StandIn
    hook: str

    @property
    def sender(self) -> Sender:
        return self.zoom.sender(self.hook)

    def record(self, *, mixed: bytes | None = None, minutes: float = 50, **more: Any) -> Meeting:
        """A meeting of Dana's that was recorded; with one mixed audio file unless told otherwise."""
        given = film() if mixed is None and "tracks" not in more else mixed
        return self.zoom.record(DANA, mixed=given, started=more.pop("started", NINE), minutes=minutes, **more)

    def tell(self, meeting: Meeting, name: str = "recording.completed", files: list[File] | None = None) -> Delivery:
        """Zoom delivers an event about `meeting`."""
        return self.sender.deliver(self.zoom.event(meeting, name, files))

    def deliver(self, name: str, thing: dict[str, Any], **more: Any) -> Delivery:
        """Zoom delivers an event with this object."""
        app, world = self.zoom.world.app, self.zoom.world
        return self.sender.deliver(
            {
                "event": name,
                "event_ts": int(world.now() * 1000),
                "payload": {"account_id": app.account_id, "object": thing, **more},
            }
        )

    def add_file(self, meeting: Meeting, kind: str, content: bytes, **more: Any) -> File:
        """One more file of the recording; minutes from and to as `begin` and `end`."""
        begin = meeting.started + timedelta(minutes=more.pop("begin", 0))
        end = meeting.started + timedelta(minutes=more.pop("end", 50))
        types = {"TIMELINE": "timeline", "TRANSCRIPT": "audio_transcript", "M4A": "audio_only", "MP4": "active_speaker"}
        file = self.zoom.file(kind, types.get(kind, "chat_file"), content, begin, end, **more)
        meeting.files.append(file)
        return file

    def call(self, meeting: Meeting) -> Call:
        """The call of `meeting`."""
        found = self.find(meeting)
        assert found is not None, "the meeting has no call"
        return found

    def find(self, meeting: Meeting) -> Call | None:
        with self.services.database.transaction() as tx:
            call = tx.scalar(select(Call).where(Call.meeting_uuid == meeting.uuid))
            if call is not None:
                _ = call.files
            return call

    def calls(self) -> Sequence[Call]:
        with self.services.database.transaction() as tx:
            return tx.scalars(select(Call)).all()

    def receipts(self) -> list[str]:
        """The names of the events that were taken in."""
        with self.services.database.transaction() as tx:
            return list(tx.scalars(select(WebhookReceipt.event).order_by(WebhookReceipt.id)))

    def waiting(self) -> list[tuple[int, str]]:
        """What is to be done: call and stage."""
        with self.services.database.transaction() as tx:
            return [(row.call_id, row.stage) for row in tx.scalars(select(OutboxEntry).order_by(OutboxEntry.id))]

    def fetch(self, meeting: Meeting) -> tuple[str, ...]:
        """Run the stage fetch; the names of what lies in the vault afterwards."""
        call_id = self.call(meeting).id
        fetching.fetch_call(self.services, call_id, lambda _part, _share: None)
        return self.services.record(call_id).names()

    def kept(self, meeting: Meeting, name: str) -> bytes:
        """The content that the vault holds under `name`."""
        record = self.services.record(self.call(meeting).id)
        return b"".join(record.vault.read(record.call.id, name, record.key))


class serving:  # noqa: N801 - reads as a word: with serving(services) as hook
    """The hook of `services` over HTTP; the context gives its address."""

    def __init__(self, services: Services) -> None:
        self._app = Flask("hook")
        self._app.register_blueprint(hooks.make_blueprint(services))
        self._server = make_server("127.0.0.1", 0, self._app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}/zoom/events"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._app.extensions[hooks.DOOR].close()


# A coach's own account

BACK = "http://127.0.0.1:8000/account/zoom/back"


def dana(practice: Practice) -> int:
    """Dana's id."""
    with practice.services.database.transaction() as tx:
        person = find_coach(tx, DANA)
        assert person is not None
        return person.id


def go(practice: Practice) -> tuple[Departure, str, str]:
    """Dana goes to Zoom and says yes: what she left with, and the state and code that she comes back with."""
    left = depart(practice.services.settings.zoom, BACK)
    answer = requests.get(left.url, allow_redirects=False, timeout=5)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    return left, back["state"][0], back["code"][0]


def connect(practice: Practice) -> ZoomConnection:
    """Dana connects her own account."""
    left, state, code = go(practice)
    arrive(practice.services, dana(practice), left, state=state, code=code, return_url=BACK)
    return row(practice)


def row(practice: Practice) -> ZoomConnection:
    """Dana's connection."""
    found = connection_of(practice.services, dana(practice))
    assert found is not None
    return found
