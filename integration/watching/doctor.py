"""`partnering doctor`: is everything there that the product needs, and if not, what is to be done.

Looks at the real thing each time (a message from Redis, a sealed file written and read back, a greeting from
the mail server, a token from Zoom) and prints no setting, so that its lines can be shown to anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from redis.exceptions import RedisError

from integration import config, wiring
from integration.errors import ConfigFault, StoreBusy, ZoomFault, where_raised
from integration.store.heartbeats import ASLEEP_MS, AWAKE, last_seen
from integration.watching import models
from integration.watching.disk import room_for
from integration.wiring import Services
from integration.zoom.connections import account_gateway
from processor.errors import ProductError

LEAST_FREE = 5 * 1024**3
"""Room for a call of four hours as a film of 2 GB, sealed once and plain once, and some more."""
LEAST_REDIS = (6, 2)
"""From here on a job is moved in one step; before, a worker that dies between two steps loses it (RQ 3.0.0)."""
PROBE = b"partnering doctor"


class Verdict(StrEnum):
    """How it stands with one part. OFF = not set up, which may be meant."""

    OK = "ok"
    OFF = "off"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one part, and what to do about it."""

    part: str
    verdict: Verdict
    sentence: str


def examine() -> Iterator[Finding]:
    """Look at every part, one after the other; a part that is broken does not hide the next."""
    try:
        services = wiring.build(config.from_env())
    except ProductError as fault:
        yield Finding("settings", Verdict.WRONG, fault.message)
        return
    yield _settings(services)
    for part, look in _LOOKS.items():
        try:
            verdict, sentence = look(services)
        except ProductError as fault:
            verdict, sentence = Verdict.WRONG, fault.message
        except Exception as bug:  # noqa: BLE001 - what one part raises must not hide the others
            verdict, sentence = Verdict.WRONG, f"could not be looked at: {type(bug).__name__} at {where_raised(bug)}"
        yield Finding(part, verdict, sentence)


Found = tuple[Verdict, str]


def _settings(services: Services) -> Finding:
    web = services.settings.web.public_url
    if web.startswith("https://") or "//127.0.0.1" in web or "//localhost" in web:
        return Finding("settings", Verdict.OK, "can be used")
    sentence = "PARTNERING_WEB__PUBLIC_URL begins with http: put a proxy with TLS before the web app"
    return Finding("settings", Verdict.WRONG, sentence)


def _disk(services: Services) -> Found:
    free = room_for(services.settings.data_dir).free
    if free < LEAST_FREE:
        return Verdict.WRONG, f"{free // 1024**2} MB are free; make room for at least {LEAST_FREE // 1024**3} GB"
    return Verdict.OK, f"{free // 1024**3} GB are free"


def _database(services: Services) -> Found:
    if not services.database.is_reachable():
        return Verdict.WRONG, "cannot be reached; check DATABASE_URL and that the server runs"
    there, needed = services.database.revisions()
    if there != needed:
        return Verdict.WRONG, f"has schema {there or 'none'} and this version needs {needed}; run: partnering migrate"
    return Verdict.OK, f"answers, with the schema of this version ({needed})"


def _redis(services: Services) -> Found:
    try:
        with services.queues.connect(retries=0) as redis:
            version = str(redis.info("server")["redis_version"])
            keeps = redis.info("persistence").get("aof_enabled")
    except ConfigFault as fault:
        return Verdict.WRONG, fault.message
    except RedisError:
        return Verdict.WRONG, "cannot be reached; check REDIS_URL and that the server runs"
    if tuple(int(number) for number in version.split(".")[:2]) < LEAST_REDIS:
        return Verdict.WRONG, f"version {version} can lose a job with its worker; install 6.2 or newer"
    note = "" if keeps else "; without `appendonly yes` waiting work is handed over again after each restart"
    return Verdict.OK, f"answers, version {version}{note}"


def _vault(services: Services) -> Found:
    """A sealed file goes in, comes back and goes away again."""
    key, wrapped = services.keys.new_key()
    try:
        services.vault.write(0, "doctor", [PROBE], key)
        came = b"".join(services.vault.read(0, "doctor", services.keys.unwrap(wrapped)))
        services.vault.erase_call(0)
    finally:
        services.keys.drop(wrapped)
    if came != PROBE:
        return Verdict.WRONG, "gives back something else than was put in; check PARTNERING_BLOBS_URL"
    return Verdict.OK, "a sealed file was written, read and erased"


def _models(services: Services) -> Found:
    return Verdict.OK, models.check(services.settings.speech, services.settings.data_dir.absolute() / "models")


def _mail(services: Services) -> Found:
    services.mailer.check()
    if not services.settings.mail.host:
        return Verdict.OFF, "letters are files in `outbox` of the data folder; set PARTNERING_MAIL__HOST to send them"
    return Verdict.OK, "the mail server answers and knows us"


def _zoom(services: Services) -> Found:
    zoom = services.settings.zoom
    if not zoom.account_id and not zoom.client_id:
        return Verdict.OFF, "not connected; set PARTNERING_ZOOM__ACCOUNT_ID, …__CLIENT_ID and …__CLIENT_SECRET"
    if not any(secret.get_secret_value() for secret in zoom.webhook_secrets):
        return Verdict.WRONG, "PARTNERING_ZOOM__WEBHOOK_SECRETS is not set, so every webhook is refused"
    if not zoom.account_id:
        return Verdict.OK, "coaches connect their own accounts; webhooks can be checked"
    try:
        account_gateway(services).tokens.current()
    except ZoomFault:
        return Verdict.WRONG, "Zoom refuses the account's credentials; copy them again from the app's page at Zoom"
    return Verdict.OK, "gave a token; webhooks can be checked"


def _processes(services: Services) -> Found:
    """Workers of both queues and the clock were seen lately."""
    try:
        with services.database.reading() as tx:
            seen = last_seen(tx)
    except StoreBusy as fault:
        return Verdict.WRONG, fault.message
    since = services.now_ms() - ASLEEP_MS
    alive = {name for name, at_ms in seen.items() if at_ms >= since}
    asleep = [part for part in AWAKE if not any(name.startswith(part) for name in alive)]
    if asleep:
        return Verdict.WRONG, "not seen for 5 minutes: " + ", ".join(f"`partnering {one}`" for one in asleep)
    return Verdict.OK, "both workers and the clock were seen lately"


_LOOKS: dict[str, Callable[[Services], Found]] = {
    "disk": _disk,
    "database": _database,
    "redis": _redis,
    "vault": _vault,
    "models": _models,
    "mail": _mail,
    "zoom": _zoom,
    "processes": _processes,
}
