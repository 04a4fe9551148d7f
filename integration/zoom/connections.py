"""A coach connects their own Zoom account, and who speaks to Zoom for a call.

A refresh token works once: showing it again may end the whole grant. So one process at a time spends it,
nobody spends it twice, and the new one is in the database before the new access token is used.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from integration.config import ZoomSettings
from integration.errors import ZoomBusy, ZoomFault
from integration.store import audit, calls
from integration.store.schema import Call
from integration.store.states import State
from integration.store.zoom_schema import ZoomConnection
from integration.wiring import Services
from integration.zoom.gateway import ZoomGateway
from integration.zoom.payloads import text
from integration.zoom.tokens import SPARE_MS, AccountTokens, Issued, Tokens, ask_for_tokens

REFRESH_MS = 120_000
"""How long one process may take for a refresh: 20 s for the request, 75 s to write into a busy database, and some."""
PATIENCE_S = 30
"""For so long another process waits for it."""
POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Departure:
    """A coach on the way to Zoom: where to, and what the session must remember until they are back."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def depart(settings: ZoomSettings, return_url: str) -> Departure:
    """Send a coach to Zoom to say yes (OAuth with state and PKCE, RFC 7636)."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": return_url,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return Departure(f"{settings.authorize_url}?{urlencode(asked)}", state, verifier)


def arrive(services: Services, person_id: int, left: Departure, *, state: str, code: str, return_url: str) -> None:
    """The coach is back from Zoom: keep the connection, replacing an earlier one.

    ZoomFault OAUTH_STATE when this is not the way back from `left`, ZOOM_GRANT when Zoom does not honour the
    code, ZOOM_TAKEN when somebody else here has connected this Zoom user. ZoomBusy: Zoom is not ready.
    """
    if not state or not code or not hmac.compare_digest(state.encode(), left.state.encode()):
        raise ZoomFault("this way back from Zoom was not begun here; connect again", code="OAUTH_STATE")
    issued = ask_for_tokens(
        services.settings.zoom,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": return_url,
            "code_verifier": left.verifier,
        },
    )
    user = ZoomGateway(services.settings.zoom, _OneToken(issued.access), services.now_ms).user()
    account_id, user_id = text(user, "account_id"), text(user, "id")
    if not account_id or not user_id:
        raise ZoomBusy("Zoom does not say whose account was connected; connect again", code="ZOOM_ANSWER")
    _keep(services, person_id, account_id, user_id, issued)


def disconnect(services: Services, person_id: int) -> None:
    """Forget the coach's tokens. Reports stay; nothing new is fetched."""
    with services.database.transaction() as tx:
        row = tx.scalar(select(ZoomConnection).where(ZoomConnection.person_id == person_id))
        if row is not None:
            tx.delete(row)
            _note(tx, services, audit.Action.DISCONNECT_ZOOM, person_id)


def connection_of(services: Services, person_id: int) -> ZoomConnection | None:
    """The coach's own connection; without a refresh token it must be made again."""
    with services.database.transaction() as tx:
        return tx.scalar(select(ZoomConnection).where(ZoomConnection.person_id == person_id))


def gateway_for(services: Services, call: Call) -> ZoomGateway:
    """The way to Zoom with the rights of whoever the call belongs to: its coach's own, else the practice's."""
    connection = None if call.coach_id is None else connection_of(services, call.coach_id)
    if connection is not None and connection.account_id == call.account_id:
        return gateway_of(services, connection)
    return account_gateway(services)


def gateway_of(services: Services, connection: ZoomConnection) -> ZoomGateway:
    """The way to Zoom with one coach's rights."""
    return ZoomGateway(services.settings.zoom, CoachTokens(services, connection.id), services.now_ms)


def account_gateway(services: Services) -> ZoomGateway:
    """The way to Zoom with the rights of the practice's own account."""
    zoom = services.settings.zoom
    return ZoomGateway(zoom, AccountTokens(zoom, services.now_ms), services.now_ms)


class CoachTokens(Tokens):
    """Tokens of one coach's own account, shared by all processes through the database."""

    def __init__(
        self, services: Services, connection_id: int, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._services, self._id, self._sleep = services, connection_id, sleep

    def current(self) -> str:
        row = self._row()
        if row.access_sealed is not None and self._services.now_ms() < row.access_until_ms:
            return self._services.keys.open_setting(row.access_sealed)
        return self.renewed("")

    def renewed(self, refused: str) -> str:
        """Refresh, unless another process does or did: then its token is waited for and taken."""
        for _ in range(int(PATIENCE_S / POLL_S)):
            row = self._row()
            if row.access_sealed is not None and row.access_until_ms > self._services.now_ms():
                token = self._services.keys.open_setting(row.access_sealed)
                if token != refused:
                    return token
            if self._may_refresh(row):
                return self._refresh()
            self._sleep(POLL_S)
        raise ZoomBusy("another process is renewing the connection; it will be tried again", code="ZOOM_OAUTH_BUSY")

    def _row(self) -> ZoomConnection:
        """The connection. ZoomFault ZOOM_GRANT when it has ended."""
        with self._services.database.transaction() as tx:
            row = tx.get(ZoomConnection, self._id)
        if row is None or row.refresh_sealed is None:
            raise _ended()
        return row

    def _may_refresh(self, seen: ZoomConnection) -> bool:
        """Take the one turn to spend the refresh token; a process that died with it gives it up after REFRESH_MS.

        There is no turn when the tokens are not those that were `seen` any more: another refreshed meanwhile.
        """
        now = self._services.now_ms()
        with self._services.database.transaction() as tx:
            taken = tx.execute(
                update(ZoomConnection)
                .where(
                    ZoomConnection.id == self._id,
                    ZoomConnection.refreshing_until_ms <= now,
                    ZoomConnection.refresh_sealed == seen.refresh_sealed,
                )
                .values(refreshing_until_ms=now + REFRESH_MS)
                .returning(ZoomConnection.id)
            ).one_or_none()
        return taken is not None

    def _refresh(self) -> str:
        row = self._row()
        spent = row.refresh_sealed or b""
        try:
            issued = ask_for_tokens(
                self._services.settings.zoom,
                {"grant_type": "refresh_token", "refresh_token": self._services.keys.open_setting(spent)},
            )
        except ZoomFault as fault:
            self._settle(None, ended=fault.code == "ZOOM_GRANT")
            raise
        except ZoomBusy:
            self._settle(None, ended=False)
            raise
        self._settle(issued, ended=False)
        return issued.access

    def _settle(self, issued: Issued | None, *, ended: bool) -> None:
        """Write the new tokens, or that the grant has ended, and give the turn back.

        The old refresh token is spent by then: without the new one the coach would have to connect again.
        """

        def write(tx: Session) -> None:
            row = tx.get(ZoomConnection, self._id)
            if row is None:
                return
            row.refreshing_until_ms = 0
            if issued is not None:
                seal_tokens(self._services, row, issued)
            elif ended:
                row.access_sealed = row.refresh_sealed = None

        self._services.database.insist(write)


def seal_tokens(services: Services, row: ZoomConnection, issued: Issued) -> None:
    """Put what Zoom issued into the row, sealed."""
    row.access_sealed = services.keys.seal_setting(issued.access)
    row.access_until_ms = services.now_ms() + issued.seconds * 1000 - SPARE_MS
    row.refresh_sealed = services.keys.seal_setting(issued.refresh)
    row.reconnect_told_ms = None


@dataclass(frozen=True, slots=True)
class _OneToken:
    """A token that was just issued and cannot be renewed."""

    access: str = field(repr=False)

    def current(self) -> str:
        return self.access

    def renewed(self, _refused: str) -> str:
        raise _ended()


def _keep(services: Services, person_id: int, account_id: str, user_id: str, issued: Issued) -> None:
    now = services.now_ms()
    with services.database.transaction() as tx:
        other = tx.scalar(select(ZoomConnection).where(ZoomConnection.user_id == user_id))
        if other is not None and other.person_id != person_id:
            raise ZoomFault("this Zoom user is connected by somebody else here", code="ZOOM_TAKEN")
        row = tx.scalar(select(ZoomConnection).where(ZoomConnection.person_id == person_id))
        if row is None:
            row = ZoomConnection(person_id=person_id)
            tx.add(row)
        row.account_id, row.user_id, row.connected_ms = account_id, user_id, now
        seal_tokens(services, row, issued)
        _note(tx, services, audit.Action.CONNECT_ZOOM, person_id)
        ended = select(Call).where(
            Call.coach_id == person_id,
            Call.account_id == account_id,
            Call.state == State.FAILED,
            Call.reason.in_(("ZOOM_GRANT", "ZOOM_NOT_CONNECTED")),
        )
        for call in tx.scalars(ended):  # they failed only because the connection had ended, or was taken away here
            calls.set_state(tx, call, State.RECEIVED, now_ms=now)
            calls.schedule(tx, call, due_ms=now)


def _note(tx: Session, services: Services, action: audit.Action, person_id: int) -> None:
    audit.note(tx, action, audit.PERSON, person_id, actor_id=person_id, now_ms=services.now_ms())


def _ended() -> ZoomFault:
    return ZoomFault("the connection to Zoom has ended; connect again on the page Account, Zoom", code="ZOOM_GRANT")
