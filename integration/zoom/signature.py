"""Whether a webhook is from Zoom, and the answer to Zoom's challenge. Pure: the clock comes in as a number.

Zoom signs "v0:{timestamp}:{raw body}" with the app's secret token (developers.zoom.us, webhooks).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from integration.errors import SignatureFault

MILLISECONDS_FROM = 100_000_000_000
"""A timestamp above this counts milliseconds: as seconds it would lie beyond the year 5000."""
LARGEST_CANONICAL = 1_000_000
"""Events are far smaller; reading larger bodies of strangers would only cost time."""
TIMESTAMP = re.compile(r"[0-9]{1,16}")
PLAIN_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""What a challenge may ask us to sign. Without ':' no answer of ours can ever be the signature of an event."""


class Matched(StrEnum):
    """What the signature was made over: the bytes that came, or the same JSON written compactly."""

    RAW = "raw"
    CANONICAL = "canonical"


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that fits: what it was made over, and with which of the secrets."""

    matched: Matched
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far a webhook's timestamp may lie from now, in seconds.

    Zoom redelivers for 85 minutes, perhaps with the first timestamp; so the past is wide, and replays are
    kept out by the ledger of receipts instead.
    """

    past_s: int
    future_s: int


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of x-zm-signature for `body` sent at `timestamp` (as it stands in its header)."""
    return "v0=" + _hmac(secret, b"v0:" + timestamp.encode() + b":" + body)


def verify(
    secrets: Sequence[str], signature: str, timestamp: str, body: bytes, *, now_ms: int, freshness: Freshness
) -> Verified:
    """What the signature fits. During a rotation any of `secrets` may have made it.

    The raw bytes are tried first, then the canonical JSON, because Zoom's own sample code signs that. Both
    need the secret, so the second try weakens nothing. Raises SignatureFault: SIGNATURE_MISSING,
    SIGNATURE_TIME (no number), SIGNATURE_STALE, SIGNATURE_FUTURE, SIGNATURE_WRONG.
    """
    if not signature or not timestamp:
        raise SignatureFault("the webhook carries no signature; it is not from Zoom", code="SIGNATURE_MISSING")
    _check_time(timestamp, now_ms, freshness)
    if secret := _signer(secrets, signature, timestamp, body):
        return Verified(Matched.RAW, secret)
    canonical = _canonical(body)
    if canonical is not None and (secret := _signer(secrets, signature, timestamp, canonical)):
        return Verified(Matched.CANONICAL, secret)
    raise SignatureFault(
        "the webhook's signature does not fit; check the secret token of the Zoom app", code="SIGNATURE_WRONG"
    )


def answer_challenge(secret: str, plain_token: str) -> dict[str, str]:
    """The answer to endpoint.url_validation, for a challenge whose own signature was verified before.

    Raises SignatureFault CHALLENGE_FORM for a token that Zoom would not send: answering just any text
    would let a stranger have events signed by us.
    """
    if not secret or PLAIN_TOKEN.fullmatch(plain_token) is None:
        raise SignatureFault("the challenge asks for a signature that Zoom never asks for", code="CHALLENGE_FORM")
    return {"plainToken": plain_token, "encryptedToken": _hmac(secret, plain_token.encode())}


def _hmac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _signer(secrets: Sequence[str], signature: str, timestamp: str, body: bytes) -> str:
    """The secret that made the signature, empty when none did. All are tried, so that the time taken tells nothing."""
    given = signature.encode()
    fits = [
        secret
        for secret in secrets
        if secret and hmac.compare_digest(sign(secret, timestamp, body).encode(), given)
    ]
    return fits[0] if fits else ""


def _check_time(timestamp: str, now_ms: int, freshness: Freshness) -> None:
    if TIMESTAMP.fullmatch(timestamp) is None:
        raise SignatureFault("the webhook's timestamp is no number; it is not from Zoom", code="SIGNATURE_TIME")
    told = int(timestamp)
    told_ms = told if told > MILLISECONDS_FROM else told * 1000
    if now_ms - told_ms > freshness.past_s * 1000:
        raise SignatureFault(
            "the webhook is too old to be believed; check this machine's clock", code="SIGNATURE_STALE"
        )
    if told_ms - now_ms > freshness.future_s * 1000:
        raise SignatureFault("the webhook is from the future; check this machine's clock", code="SIGNATURE_FUTURE")


def _canonical(body: bytes) -> bytes | None:
    """The body as JavaScript's JSON.stringify would write it; None when it is no JSON, or not worth the work."""
    if len(body) > LARGEST_CANONICAL:
        return None
    try:
        content = json.loads(body, parse_float=_number)
        return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value
