"""Zoom's API for us: zoomus carries the requests, everything else it leaves open is decided here.

zoomus' own client is not used: it asks for a token without a timeout and never again, and its calls encode
neither meeting uuids nor dates as Zoom wants them. Its components, given a token and a timeout, do the
transport well (tests/integration/zoom/test_zoomus_contract.py pins what was found).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import requests
from zoomus.components.recording import RecordingComponentV2

from integration.config import ZoomSettings
from integration.errors import EventNotUnderstood, ZoomBusy, ZoomFault
from integration.zoom.payloads import Json, parts, text
from integration.zoom.recordings import Recording, read_recording
from integration.zoom.tokens import Tokens

TIMEOUT_S = 15
TRIES = 4
FIRST_WAIT_S = 0.5
LONGEST_WAIT_HERE_S = 5.0
"""A longer wait is not slept through: the stage ends and is tried again when it is over."""
LONGEST_ASKED_S = 24 * 3600.0
WINDOW_DAYS = 30
"""Zoom lists the recordings of a month at most in one answer."""
PAGE_SIZE = 300
GRANT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Fetched:
    """A recording as the API describes it now, and a token that its files may be fetched with."""

    recording: Recording
    download_token: str = field(repr=False)


class ZoomGateway:
    """Questions to Zoom on behalf of whoever `tokens` speak for.

    ZoomBusy = ask again later (`retry_after_s` when Zoom said when); ZoomFault = asking again is no use.
    """

    def __init__(
        self,
        settings: ZoomSettings,
        tokens: Tokens,
        now_ms: Callable[[], int],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.tokens = tokens
        self._now_ms, self._sleep = now_ms, sleep
        self._config: dict[str, Any] = {"version": 2, "token": ""}
        self._component = RecordingComponentV2(base_uri=settings.api_url, config=self._config, timeout=TIMEOUT_S)

    def recording(self, meeting_uuid: str) -> Fetched:
        """The recording of one meeting. ZoomBusy ZOOM_NO_RECORDING while there is none (Zoom may still work on it)."""
        content = self._get(
            f"/meetings/{encode_uuid(meeting_uuid)}/recordings",
            {"include_fields": "download_access_token", "ttl": str(GRANT_SECONDS)},
        )
        return Fetched(_read(content), text(content, "download_access_token"))

    def recordings_of(self, user: str, first: date, last: date, *, trash: bool = False) -> Iterator[Recording]:
        """The recordings of a user ("me", an id or an address) from `first` to `last`, both included."""
        begin = first
        while begin <= last:
            end = min(last, begin + timedelta(days=WINDOW_DAYS - 1))
            params = {"from": begin.isoformat(), "to": end.isoformat(), "page_size": str(PAGE_SIZE)}
            if trash:
                params |= {"trash": "true", "trash_type": "meeting_recordings"}
            yield from self._pages(f"/users/{quote(user, safe='')}/recordings", params)
            begin = end + timedelta(days=1)

    def user(self, user: str = "me") -> Json:
        """Who a user is: id, account_id, email."""
        return self._get(f"/users/{quote(user, safe='')}", {})

    def account_settings(self, user: str = "me") -> Json:
        """The user's settings as Zoom holds them."""
        return self._get(f"/users/{quote(user, safe='')}/settings", {})

    def _pages(self, path: str, params: Mapping[str, str]) -> Iterator[Recording]:
        """Every page. A page token that ended on the way starts the list once more: recordings may come twice."""
        token, restarted = "", False
        while True:
            try:
                content = self._get(path, {**params, "next_page_token": token} if token else params)
            except ZoomFault as fault:
                if fault.code != "ZOOM_REQUEST" or not token or restarted:
                    raise
                token, restarted = "", True
                continue
            for meeting in parts(content, "meetings"):
                try:
                    yield read_recording(meeting)
                except EventNotUnderstood:
                    continue  # a recording without a uuid cannot be asked for
            token = text(content, "next_page_token")
            if not token:
                return

    def _get(self, path: str, params: Mapping[str, str]) -> Json:
        """The answer to a question, asked again over short troubles and once with a new token."""
        token, renewed = self.tokens.current(), False
        fault: ZoomBusy | None = None
        for attempt in range(TRIES):
            if fault is not None:
                self._wait(fault, attempt)
            try:
                answer = self._ask(path, params, token)
            except requests.RequestException:
                fault = ZoomBusy("Zoom cannot be reached; it will be tried again", code="ZOOM_AWAY")
                continue
            if answer.status_code == 401 and not renewed:
                token, renewed, fault = self.tokens.renewed(token), True, None
                continue
            try:
                return _judge(answer, self._now_ms())
            except ZoomBusy as busy:
                if busy.code == "ZOOM_NO_RECORDING":
                    raise
                fault = busy
        raise fault or ZoomFault("Zoom refuses every token; connect again on the page Account, Zoom", code="ZOOM_TOKEN")

    def _ask(self, path: str, params: Mapping[str, str], token: str) -> requests.Response:
        self._config["token"] = token
        answer: requests.Response = self._component.get_request(path, params=dict(params))
        return answer

    def _wait(self, fault: ZoomBusy, attempt: int) -> None:
        """Sleep through a short wait; a long one ends the stage."""
        asked = fault.retry_after_s
        if asked is not None and asked > LONGEST_WAIT_HERE_S:
            raise fault
        backoff = FIRST_WAIT_S * 2 ** (attempt - 1) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret
        self._sleep(backoff if asked is None else asked)


def encode_uuid(uuid: str) -> str:
    """A meeting uuid for a path. Encoded twice, as Zoom wants it for uuids with '/'; it takes the others so too."""
    return quote(quote(uuid, safe=""), safe="")


def retry_after_s(headers: Mapping[str, str], now_ms: int) -> float | None:
    """How long Zoom asks to wait: Retry-After in seconds or as a date, else X-RateLimit-Reset; None = not said."""
    asked, reset = headers.get("Retry-After", ""), headers.get("X-RateLimit-Reset", "")
    if asked.isdigit():
        seconds = float(asked)
    elif asked:
        try:
            until = datetime.fromisoformat(asked)
        except ValueError:
            return None
        seconds = (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - now_ms / 1000
    elif reset.isdigit():
        seconds = float(reset) - now_ms / 1000
    else:
        return None
    return min(LONGEST_ASKED_S, max(0.0, seconds))


def _read(content: Json) -> Recording:
    try:
        return read_recording(content)
    except EventNotUnderstood as fault:
        raise ZoomBusy("Zoom's answer names no meeting; it will be asked again", code="ZOOM_ANSWER") from fault


def _judge(answer: requests.Response, now_ms: int) -> Json:
    """The content of a good answer; otherwise what to do about it."""
    status = answer.status_code
    content = _json(answer)
    if status == 200 and content is not None:
        return content
    code = text(content or {}, "code")
    if status == 429:
        raise ZoomBusy(
            "Zoom asks to wait; it will be tried again",
            code="ZOOM_RATE",
            retry_after_s=retry_after_s(answer.headers, now_ms),
        )
    if status == 404 and code in {"3301", "3001", ""}:
        raise ZoomBusy("Zoom has no recording of this meeting yet; it will be asked again", code="ZOOM_NO_RECORDING")
    if status >= 500 or status == 200:
        raise ZoomBusy("Zoom does not answer as it should; it will be tried again", code="ZOOM_AWAY")
    if code in {"4700", "4711"}:
        raise ZoomFault("the Zoom app lacks a scope; docs/zoom-app.md lists what it needs", code="ZOOM_SCOPE")
    if status in {401, 403}:
        raise ZoomFault("Zoom refuses the token; connect again on the page Account, Zoom", code="ZOOM_TOKEN")
    if status == 404:
        raise ZoomFault("Zoom does not know this user", code="ZOOM_NO_USER")
    raise ZoomFault("Zoom does not understand the request", code="ZOOM_REQUEST")


def _json(answer: requests.Response) -> dict[str, Any] | None:
    try:
        content = answer.json()
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
