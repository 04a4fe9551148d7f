"""Zoom's side of the webhooks: signed over the raw bytes, 3 seconds of patience, three redeliveries."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from integration.zoom.standin.world import HOUR_S, World

PATIENCE_S = 3.0
REDELIVERIES_S = (5 * 60, 20 * 60, 60 * 60)
VALID_S = 72 * HOUR_S


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the other side answered (`status` 0 = nothing in time), what it said, and how long it took."""

    status: int
    body: bytes
    seconds: float

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300 and self.seconds <= PATIENCE_S


class Sender:
    """Delivers events of the stand-in's app to one address."""

    def __init__(self, world: World, url: str) -> None:
        self._world, self.url = world, url
        self._valid_until = 0.0

    def deliver(self, event: Mapping[str, Any]) -> Delivery:
        """One delivery, after the address was validated within the last 72 hours."""
        if self._world.now() >= self._valid_until:
            self.validate()
        return self.post(compact(event))

    def deliver_until_taken(
        self, event: Mapping[str, Any], *, restamp: bool, pass_time: Callable[[float], None]
    ) -> list[Delivery]:
        """The first delivery and up to three more, 5, 20 and 60 minutes apart; `pass_time` lets that time go by.

        Whether Zoom signs anew for a redelivery is not documented: `restamp` has it both ways.
        """
        body, stamp = compact(event), str(int(self._world.now()))
        tries = [self.post(body, timestamp=stamp)]
        for wait in REDELIVERIES_S:
            if tries[-1].taken:
                break
            pass_time(wait)
            tries.append(self.post(body, timestamp=None if restamp else stamp))
        return tries

    def validate(self, plain_token: str | None = None) -> Delivery:
        """Zoom's challenge; only a right answer makes the address valid for another 72 hours."""
        token = self._world.unique("challenge") if plain_token is None else plain_token
        event = {
            "event": "endpoint.url_validation",
            "payload": {"plainToken": token},
            "event_ts": int(self._world.now() * 1000),
        }
        delivery = self.post(compact(event))
        right = {"plainToken": token, "encryptedToken": mac(self._world.app.webhook_secret, token.encode())}
        try:
            valid = delivery.taken and json.loads(delivery.body) == right
        except ValueError:
            valid = False
        self._world.note("validated", valid=valid)
        self._valid_until = self._world.now() + VALID_S if valid else 0.0
        return delivery

    def post(
        self,
        body: bytes,
        *,
        timestamp: str | None = None,
        secret: str | None = None,
        signed: bytes | None = None,
        signature: str | None = None,
        encoding: str = "",
    ) -> Delivery:
        """One POST, right in every detail that is not given otherwise: `signed` = the bytes that the signature is
        made over, `signature` = sent as it is."""
        stamp = str(int(self._world.now())) if timestamp is None else timestamp
        over = f"v0:{stamp}:".encode() + (body if signed is None else signed)
        right = f"v0={mac(self._world.app.webhook_secret if secret is None else secret, over)}"
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Zoom Marketplace/1.0a",
            "x-zm-request-timestamp": stamp,
            "x-zm-signature": right if signature is None else signature,
            "x-zm-trackingid": self._world.unique("tracking"),
        }
        if encoding:
            headers["Content-Encoding"] = encoding
        delivery = _post(self.url, body, headers)
        self._world.note("delivered", status=delivery.status, seconds=round(delivery.seconds, 3))
        return delivery

    def post_gzipped(self, event: Mapping[str, Any]) -> Delivery:
        """A compressed body, signed as it is sent."""
        return self.post(gzip.compress(compact(event)), encoding="gzip")


def compact(event: Mapping[str, Any]) -> bytes:
    """An event as Zoom writes it: compact, UTF-8."""
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()


def mac(secret: str, message: bytes) -> str:
    """HMAC-SHA256, in hexadecimal."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> Delivery:
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310 - the address of our own hook
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - as above
            return Delivery(answer.status, answer.read(), time.monotonic() - begun)
    except urllib.error.HTTPError as refused:
        with refused:
            return Delivery(refused.code, refused.read(), time.monotonic() - begun)
    except OSError:
        return Delivery(0, b"", time.monotonic() - begun)
