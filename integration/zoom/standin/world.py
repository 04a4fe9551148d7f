"""What the stand-in knows: a clock that can be set on, a journal, faults to come, the app, tokens and recordings."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from integration.zoom.standin.recordings import Meeting

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class App:
    """The app that a practice made in Zoom's marketplace. All values are invented."""

    account_id: str = "aCC0untStandIn000000"
    client_id: str = "clientStandIn"
    client_secret: str = "app-secret-of-the-stand-in"  # noqa: S105 - invented
    webhook_secret: str = "webhook-secret-of-the-stand-in"  # noqa: S105 - invented
    scopes: str = (
        "cloud_recording:read:list_user_recordings:admin cloud_recording:read:list_recording_files:admin "
        "cloud_recording:delete:meeting_recording:admin user:read:user:admin user:read:settings:admin"
    )


@dataclass(slots=True)
class Token:
    """A token that was given out: until when, for which scopes, whose, and (for files) for which meeting only."""

    until: float
    scopes: frozenset[str] = frozenset()
    user_id: str = ""
    meeting_uuid: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong: what, and a number or an address that goes with it."""

    kind: str
    value: Any = None


@dataclass(slots=True)
class World:
    """All state of one stand-in. Requests come in many threads; `lock` guards what they change."""

    app: App = field(default_factory=App)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    access: dict[str, Token] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    spent: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    pages: dict[str, tuple[float, int]] = field(default_factory=dict)
    journal: list[dict[str, Any]] = field(default_factory=list)
    token_seconds: int = HOUR_S
    oauth_opens_files: bool = True
    serves_ranges: bool = True
    clock: Callable[[], float] = time.time
    lock: threading.RLock = field(default_factory=threading.RLock)
    _faults: dict[str, list[tuple[Fault, int]]] = field(default_factory=dict)
    _ahead: float = 0.0
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def now(self) -> float:
        """Seconds since 1970, as this world counts them."""
        return self.clock() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += seconds

    def unique(self, what: str) -> str:
        """A name that was not given before: the same row of names in every run."""
        return f"{what}-{next(self._numbers):06d}"

    def note(self, what: str, **details: Any) -> None:
        """Write one line into the journal."""
        with self.lock:
            self.journal.append({"at": round(self.now(), 3), "what": what, **details})

    def noted(self, what: str) -> list[dict[str, Any]]:
        """The journal's lines of one kind."""
        with self.lock:
            return [line for line in self.journal if line["what"] == what]

    def misbehave(self, place: str, kind: str, *, times: int = 1, value: Any = None) -> None:
        """From now on, `times` requests at `place` (oauth, api, file, host) go wrong in the way `kind`."""
        with self.lock:
            self._faults.setdefault(place, []).append((Fault(kind, value), times))

    def behave(self) -> None:
        """Forget the faults that are still to come."""
        with self.lock:
            self._faults.clear()

    def fault(self, place: str) -> Fault | None:
        """The fault that the request at hand must show."""
        with self.lock:
            waiting = self._faults.get(place)
            if not waiting:
                return None
            fault, times = waiting[0]
            if times <= 1:
                waiting.pop(0)
            else:
                waiting[0] = (fault, times - 1)
            return fault

    def issue(self, what: str, token: Token) -> str:
        """A new token."""
        with self.lock:
            name = f"{self.unique(what)}.{hashlib.sha256(self.unique('salt').encode()).hexdigest()[:24]}"
            self.access[name] = token
            return name

    def token(self, bearer: str) -> Token | None:
        """The token, while it lives."""
        with self.lock:
            token = self.access.get(bearer)
            return token if token is not None and self.now() < token.until else None

    def revoke(self, user_id: str) -> None:
        """End everything that a user granted."""
        with self.lock:
            self.refresh = {token: owner for token, owner in self.refresh.items() if owner != user_id}
            self.access = {name: token for name, token in self.access.items() if token.user_id != user_id}

    def grant_for(self, meeting: Meeting, seconds: int = 24 * HOUR_S) -> str:
        """A token that opens the files of one meeting."""
        return self.issue("grant", Token(until=self.now() + seconds, meeting_uuid=meeting.uuid))

    def latest(self, number: int) -> Meeting | None:
        """The last meeting of a series."""
        with self.lock:
            found = [meeting for meeting in self.meetings.values() if meeting.number == number]
            return max(found, key=lambda meeting: meeting.started, default=None)

    def add(self, meetings: Iterable[Meeting]) -> None:
        with self.lock:
            self.meetings.update({meeting.uuid: meeting for meeting in meetings})


def seal(key: str, text: str) -> str:
    """The mark of a signed address of the file host."""
    return base64.urlsafe_b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode().rstrip("=")
