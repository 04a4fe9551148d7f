"""Whether this server works: a word for strangers, details for administrators on their page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from sqlalchemy import select

from integration.errors import ConfigFault
from integration.store.heartbeats import ASLEEP_MS, AWAKE, last_seen
from integration.store.schema import WebhookReceipt
from integration.watching.disk import room_for
from integration.web.access import public
from integration.wiring import Services
from integration.zoom.intake import LAST_CHALLENGE

LEAST_FREE = 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """One part, whether it works, and since when something was last seen of it (None = never)."""

    name: str
    works: bool
    seen_ms: int | None = None


def check(services: Services) -> tuple[Check, ...]:
    """Database, Redis and disk now; workers, clock and Zoom by when they were last seen."""
    reachable = services.database.is_reachable()
    parts = [
        Check("database", reachable),
        Check("redis", _redis_answers(services)),
        Check("disk", room_for(services.settings.data_dir).free > LEAST_FREE),
    ]
    return (*parts, *_last_seen(services)) if reachable else tuple(parts)


def make_blueprint(services: Services) -> Blueprint:
    """GET /health: 200 {"status": "ok"} while pages can be served, else 503. Nothing more for strangers."""
    health = Blueprint("health", __name__)

    @health.get("/health")
    @public
    def health_of_server() -> ResponseReturnValue:
        works = services.database.is_reachable()
        return jsonify(status="ok" if works else "failing"), 200 if works else 503

    return health


def _redis_answers(services: Services) -> bool:
    try:
        with services.queues.connect(retries=0) as redis:
            return bool(redis.ping())
    except (RedisError, ConfigFault):
        return False


def _last_seen(services: Services) -> list[Check]:
    """What has to be seen again and again, whether it ever was or not; and Zoom, which speaks when it wants to."""
    with services.database.transaction() as tx:
        seen = last_seen(tx)
        webhook = tx.scalar(select(WebhookReceipt.received_ms).order_by(WebhookReceipt.id.desc()).limit(1))
    since = services.now_ms() - ASLEEP_MS
    checks = []
    for part in AWAKE:
        at_ms = max((at for name, at in seen.items() if name.startswith(part)), default=None)
        checks.append(Check(part, at_ms is not None and at_ms >= since, at_ms))
    challenge = Check("challenge", works=True, seen_ms=seen.get(LAST_CHALLENGE))
    return [*checks, challenge, Check("webhook", works=True, seen_ms=webhook)]
