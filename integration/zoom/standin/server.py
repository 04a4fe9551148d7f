"""The stand-in as something that runs: two servers on loopback, one for Zoom and one for its file host."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from integration.zoom.standin import api, control, events, files, oauth
from integration.zoom.standin.recordings import File, Meeting
from integration.zoom.standin.webhooks import Delivery, Sender
from integration.zoom.standin.world import App, World

ZOOM_NAME, FILES_NAME = "localhost", "127.0.0.1"
"""Two names of loopback, so that the way from Zoom to its file host is a way to another host."""

POLL_S = 0.02
"""How often the servers look whether they are to end."""


class _Quiet(WSGIRequestHandler):
    """Writes no log: the journal holds what came."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002, ARG002 - the names are werkzeug's
        logging.getLogger(__name__).debug(message, *args)


class StandIn:
    """A Zoom of our own. Use it as a context, or `start` and `stop` it.

    Ports are free ones unless given; `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        *,
        app: App | None = None,
        port: int = 0,
        files_port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = World(app=app or App(), clock=clock)
        self._files = _server(files_port)
        self._zoom = _server(port)
        self.url = f"http://{ZOOM_NAME}:{self._zoom.server_port}"
        self.files_url = f"http://{FILES_NAME}:{self._files.server_port}"
        self._zoom.app = self._make_zoom()
        self._files.app = self._make_files()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve in threads of this process."""
        for server in (self._zoom, self._files):
            thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), name="zoom-stand-in", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End both servers."""
        for server in (self._zoom, self._files):
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def environment(self) -> dict[str, str]:
        """The settings with which Partnering takes this for Zoom."""
        app = self.world.app
        return {
            "PARTNERING_ZOOM__ACCOUNT_ID": app.account_id,
            "PARTNERING_ZOOM__CLIENT_ID": app.client_id,
            "PARTNERING_ZOOM__CLIENT_SECRET": app.client_secret,
            "PARTNERING_ZOOM__WEBHOOK_SECRETS": f'["{app.webhook_secret}"]',
            "PARTNERING_ZOOM__API_URL": f"{self.url}/v2",
            "PARTNERING_ZOOM__OAUTH_URL": f"{self.url}/oauth/token",
            "PARTNERING_ZOOM__AUTHORIZE_URL": f"{self.url}/oauth/authorize",
            "PARTNERING_ZOOM__ALLOW_LOOPBACK": "true",
        }

    def add_user(self, email: str, **settings: Any) -> str:
        """A user of the account; the id."""
        user_id = self.world.unique("user")
        with self.world.lock:
            self.world.users[user_id] = {
                "id": user_id,
                "email": email,
                "account_id": self.world.app.account_id,
                "type": 2,
                "settings": settings,
            }
        return user_id

    def record(
        self,
        host_email: str,
        *,
        topic: str = "Coaching",
        mixed: Path | bytes | None = None,
        tracks: Mapping[str, Path | bytes] | None = None,
        timeline: bytes | None = None,
        started: datetime | None = None,
        minutes: float = 6.0,
        uuid: str | None = None,
    ) -> Meeting:
        """A recorded meeting of the user with this address, who is added when new."""
        host_id = next((one["id"] for one in self.world.users.values() if one["email"] == host_email), "")
        begin = started or datetime.fromtimestamp(self.world.now(), UTC) - timedelta(hours=1)
        meeting = Meeting(
            # With a '/', so that every use proves its encoding.
            uuid=uuid or f"/{self.world.unique('uuid')}/{int(self.world.now() * 1000)}==",
            number=84011122233,
            host_id=host_id or self.add_user(host_email),
            host_email=host_email,
            topic=topic,
            started=begin,
            account_id=self.world.app.account_id,
        )
        end = begin + timedelta(minutes=minutes)
        if mixed is not None:
            meeting.files.append(self.file("M4A", "audio_only", mixed, begin, end))
        for name, content in (tracks or {}).items():
            meeting.files.append(self.file("M4A", "audio_only", content, begin, end, name=name))
        if timeline is not None:
            meeting.files.append(self.file("TIMELINE", "timeline", timeline, begin, end))
        self.world.add([meeting])
        return meeting

    def file(
        self,
        file_type: str,
        recording_type: str,
        content: Path | bytes,
        begin: datetime,
        end: datetime,
        *,
        name: str | None = None,
    ) -> File:
        """One more file, to be put into a meeting."""
        return File(self.world.unique("file"), file_type, recording_type, content, begin, end, name)

    def event(
        self, meeting: Meeting, name: str = "recording.completed", files: list[File] | None = None
    ) -> dict[str, Any]:
        """What Zoom would tell of `meeting`."""
        return events.recording(self.world, self.url, meeting, name, files)

    def sender(self, hook_url: str) -> Sender:
        """The way from here to a hook."""
        return Sender(self.world, hook_url)

    def tell_completed(self, meeting: Meeting, hook_url: str) -> Delivery:
        """Sign and post recording.completed, after validating the address as Zoom does."""
        return self.sender(hook_url).deliver(self.event(meeting))

    def _make_zoom(self) -> Flask:
        zoom = _app("zoom_stand_in")
        zoom.register_blueprint(oauth.make_blueprint(self.world, self.url))
        zoom.register_blueprint(api.make_blueprint(self.world, self.url))
        zoom.register_blueprint(files.make_first_hop(self.world, lambda: self.files_url))
        zoom.register_blueprint(control.make_blueprint(self))
        return zoom

    def _make_files(self) -> Flask:
        host = _app("zoom_stand_in_files")
        host.register_blueprint(files.make_file_host(self.world))
        return host


def _app(name: str) -> Flask:
    app = Flask(name)
    app.url_map.merge_slashes = False  # "//" is a wrong address, as it is at Zoom
    app.config["PROPAGATE_EXCEPTIONS"] = True  # what raw.py raises must reach the server, which then stays silent
    return app


def _server(port: int) -> BaseWSGIServer:
    return make_server(FILES_NAME, port, Flask("starting"), threaded=True, request_handler=_Quiet)
