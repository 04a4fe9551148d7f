"""Access tokens: asked for when needed, kept until a minute before they end, renewed once when Zoom refuses them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests

from integration.config import ZoomSettings
from integration.errors import ZoomBusy, ZoomFault

TIMEOUT_S = (5, 15)
"""Seconds to connect and to wait for an answer."""
SPARE_MS = 60_000
"""A token is taken for spent this long before its end, so that it does not end on the way."""


class Tokens(Protocol):
    """Where access tokens come from."""

    def current(self) -> str:
        """A token that should be accepted."""
        ...

    def renewed(self, refused: str) -> str:
        """Another token, after Zoom refused `refused`."""
        ...


@dataclass(frozen=True, slots=True)
class Issued:
    """Zoom's answer to a request for tokens. `refresh` is empty for server-to-server apps."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: int
    scope: str = ""


class AccountTokens:
    """Tokens of a server-to-server app: any process may ask for its own, many may live at once."""

    def __init__(self, settings: ZoomSettings, now_ms: Callable[[], int]) -> None:
        self._settings, self._now_ms = settings, now_ms
        self._lock = threading.Lock()
        self._token, self._until_ms = "", 0

    def current(self) -> str:
        with self._lock:
            if self._now_ms() >= self._until_ms:
                self._ask()
            return self._token

    def renewed(self, refused: str) -> str:
        with self._lock:
            if self._token == refused or not self._token:
                self._ask()
            return self._token

    def _ask(self) -> None:
        if not self._settings.account_id:
            raise ZoomFault(
                "no Zoom account is connected; set PARTNERING_ZOOM__ACCOUNT_ID or connect on the page Account, Zoom",
                code="ZOOM_NOT_CONNECTED",
            )
        issued = ask_for_tokens(
            self._settings, {"grant_type": "account_credentials", "account_id": self._settings.account_id}
        )
        self._token, self._until_ms = issued.access, self._now_ms() + issued.seconds * 1000 - SPARE_MS


def ask_for_tokens(settings: ZoomSettings, form: Mapping[str, str]) -> Issued:
    """What Zoom's token endpoint issues for `form`.

    ZoomFault ZOOM_GRANT when the grant is not valid (any more), ZOOM_CREDENTIALS when the app's id or secret
    is wrong; ZoomBusy when the endpoint cannot be reached or answers nonsense.
    """
    secret = settings.client_secret.get_secret_value()
    try:
        answer = requests.post(
            settings.oauth_url,
            data=dict(form),
            auth=(settings.client_id.encode(), secret.encode()),  # type: ignore[arg-type]  # bytes are taken as they are
            timeout=TIMEOUT_S,
            allow_redirects=False,
        )
    except requests.RequestException:
        # Without its cause: that could hold the address with what was sent.
        raise ZoomBusy("Zoom's sign-in cannot be reached; it will be tried again", code="ZOOM_OAUTH_BUSY") from None
    content = _json(answer)
    if answer.status_code == 200 and isinstance(content.get("access_token"), str) and content["access_token"]:
        return Issued(
            access=content["access_token"],
            refresh=str(content.get("refresh_token") or ""),
            seconds=_seconds(content.get("expires_in")),
            scope=str(content.get("scope") or ""),
        )
    if answer.status_code in {400, 401, 403} and content:
        _refuse(str(content.get("error") or ""))
    raise ZoomBusy("Zoom's sign-in does not answer as it should; it will be tried again", code="ZOOM_OAUTH_BUSY")


def _refuse(error: str) -> None:
    if error == "invalid_grant":
        raise ZoomFault("the connection to Zoom has ended; connect again on the page Account, Zoom", code="ZOOM_GRANT")
    raise ZoomFault(
        "Zoom does not accept the app's client id, secret or account; check PARTNERING_ZOOM__*",
        code="ZOOM_CREDENTIALS",
    )


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _seconds(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 3600
