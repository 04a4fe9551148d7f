"""The door for Zoom's webhooks: verify, apply in one transaction, answer. The work itself happens elsewhere.

Zoom waits 3 seconds. So nothing here waits for longer than a part of that, and Redis is told in the
background: the outbox in the database holds what is to be done, whether Redis is there or not.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any

import structlog
from flask import Blueprint, Response, jsonify, request

from integration.errors import EventNotUnderstood, SignatureFault, StoreBusy
from integration.store.database import Database
from integration.wiring import Services
from integration.zoom import events, intake
from integration.zoom.events import Challenge, Event
from integration.zoom.signature import Freshness, Matched, answer_challenge, verify

MOST_BYTES = 5 * 1000 * 1000 - 1
DOOR_MS = 1200
"""How long a delivery waits for its turn at the database, and again for another process's transaction."""
REST_S = 1.0
"""How long the bell stays silent after it was answered: what came meanwhile is handed over at once."""
DOORS_POSTGRESQL = 8
DOOR = "zoom_door"
"""Where an app keeps its Door, for whoever ends the app before its process ends."""


def make_blueprint(services: Services) -> Blueprint:
    """POST /zoom/events. It needs no sign-in and no CSRF token: the signature is the key."""
    door = Door(services)
    hooks = Blueprint("zoom_hooks", __name__)
    hooks.record_once(lambda setup: setup.app.extensions.update({DOOR: door}))

    @hooks.post("/zoom/events")
    def receive() -> Response:
        request.max_content_length = MOST_BYTES
        return door.answer(
            request.get_data(cache=False),
            request.headers.get("x-zm-signature", ""),
            request.headers.get("x-zm-request-timestamp", ""),
        )

    return hooks


class Door:
    """What one web process needs to take deliveries in."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._secrets = tuple(secret.get_secret_value() for secret in services.settings.zoom.webhook_secrets)
        self._freshness = Freshness(services.settings.zoom.signature_past_s, services.settings.zoom.signature_future_s)
        # Its own connections, because a page may wait for the database longer than Zoom does.
        self._database = Database(services.settings.database, busy_timeout_ms=DOOR_MS)
        # SQLite lets one write at a time, and those who wait in line here are served in turn.
        self._turns = threading.BoundedSemaphore(1 if self._database.is_sqlite else DOORS_POSTGRESQL)
        self._bell = Bell(lambda: services.queues.dispatch(services.database, services.now_ms()))
        if not any(self._secrets):
            structlog.get_logger().warning("zoom_hook_closed", reason="PARTNERING_ZOOM__WEBHOOK_SECRETS is not set")

    def answer(self, body: bytes, signature: str, timestamp: str) -> Response:
        """204 taken in, 200 challenge answered; 400 no event; 401 not from Zoom; 503 deliver it again later."""
        if not any(self._secrets):
            return _empty(503)
        try:
            verified = verify(
                self._secrets, signature, timestamp, body, now_ms=self._services.now_ms(), freshness=self._freshness
            )
        except SignatureFault as fault:
            return _refused(fault)
        if verified.matched is not Matched.RAW:
            structlog.get_logger().info("zoom_signature", matched=verified.matched.value)
        try:
            return self._take_in(body, verified.secret)
        except StoreBusy as fault:
            structlog.get_logger().warning("zoom_hook_busy", code=fault.code)
            return _empty(503)

    def close(self) -> None:
        """End what the door keeps open."""
        self._bell.stop()
        self._database.close()

    def _take_in(self, body: bytes, secret: str) -> Response:
        mark = hashlib.sha256(body).hexdigest()
        try:
            event = events.parse(body)
        except EventNotUnderstood as fault:
            self._in_turn(lambda: intake.reject(self._services, self._database, mark))
            structlog.get_logger().warning("zoom_event_rejected", code=fault.code)
            # A form that is not understood stays so when it is delivered again; the reconciliation finds the recording.
            return _empty(400 if fault.code == "EVENT_JSON" else 204)
        if isinstance(event.content, Challenge):
            return self._challenged(event.content, secret)
        self._in_turn(lambda: self._apply(event, mark))
        return _empty(204)

    def _apply(self, event: Event, mark: str) -> None:
        taken = intake.take_in(self._services, self._database, event, mark)
        if taken is intake.Taken.APPLIED:
            self._bell.ring()

    def _challenged(self, challenge: Challenge, secret: str) -> Response:
        try:
            answer = answer_challenge(secret, challenge.plain_token)
        except SignatureFault as fault:
            structlog.get_logger().warning("zoom_challenge_refused", code=fault.code)
            return _empty(400)
        self._in_turn(lambda: intake.note_challenge(self._services, self._database))
        return jsonify(answer)

    def _in_turn(self, work: Callable[[], object]) -> None:
        if not self._turns.acquire(timeout=DOOR_MS / 1000):
            raise StoreBusy("too many webhooks come at once; Zoom will deliver this one again")
        try:
            work()
        finally:
            self._turns.release()


class Bell:
    """Has `duty` done in the background, soon after it rings; many rings at once are one."""

    def __init__(self, duty: Callable[[], Any]) -> None:
        self._duty = duty
        self._rung, self._ended, self._lock = threading.Event(), threading.Event(), threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self) -> None:
        self._rung.set()
        with self._lock:  # started here and not earlier, because a web server forks after it has made its app
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="zoom-bell", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Ring no more; a duty that is being done is done to its end."""
        self._ended.set()
        self._rung.set()
        if self._thread is not None:
            self._thread.join()

    def _serve(self) -> None:
        while self._rung.wait() and not self._ended.is_set():
            self._rung.clear()
            try:
                self._duty()
            except Exception as fault:  # noqa: BLE001 - the clock process hands over what is missed here
                structlog.get_logger().warning("hand_over_failed", error=type(fault).__name__)
            self._ended.wait(REST_S)


def _refused(fault: SignatureFault) -> Response:
    structlog.get_logger().warning("zoom_signature_refused", code=fault.code)
    return _empty(401)


def _empty(status: int) -> Response:
    return Response(status=status)
