"""The door for webhooks. A number in a test's name is the case's in docs/zoom-app.md."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from integration.jobs.queues import IO, RECHECK_MS, Queues
from integration.store.states import Stage
from integration.zoom.signature import sign
from integration.zoom.standin.webhooks import Sender, compact
from tests.conftest import Clock
from tests.integration.zoom.conftest import practice, services, zoom
from tests.integration.zoom.practice import Practice, film, serving

__all__ = ["practice", "services", "zoom"]  # the fixtures of the practice serve here too


def with_secrets(practice: Practice, *secrets: str) -> serving:
    """The hook with other webhook secrets."""
    settings = practice.services.settings
    changed = settings.zoom.model_copy(update={"webhook_secrets": tuple(map(SecretStr, secrets))})
    return serving(replace(practice.services, settings=settings.model_copy(update={"zoom": changed})))


def test_1_a_forged_event_leaves_nothing(practice: Practice) -> None:
    """Signed with another secret: 401, no receipt, no call, one line in the log."""
    event = practice.zoom.event(practice.record())
    with capture_logs() as lines:
        assert practice.sender.post(compact(event), secret="guessed").status == 401
    assert [line.get("code") for line in lines] == ["SIGNATURE_WRONG"]
    assert (practice.receipts(), practice.calls()) == ([], [])


@pytest.mark.parametrize("signature", ["", "v0=", "v0=\xe9", "sha256=abc"])
def test_2_an_event_without_a_signature_is_refused(practice: Practice, signature: str) -> None:
    """No signature, or what is none: 401."""
    event = practice.zoom.event(practice.record())
    assert practice.sender.post(compact(event), signature=signature).status == 401


@pytest.mark.parametrize("secrets", [(), ("",)])
def test_3_without_a_secret_the_door_is_closed(practice: Practice, secrets: tuple[str, ...]) -> None:
    """No secret, or an empty one: a warning at the start, 503 for everybody, also for what an empty secret signed."""
    with capture_logs() as lines, with_secrets(practice, *secrets) as practice.hook:
        assert [line["event"] for line in lines] == ["zoom_hook_closed"]
        event = practice.zoom.event(practice.record())
        assert practice.sender.post(compact(event), secret="").status == 503
    assert practice.receipts() == []


def test_5_a_body_that_was_written_anew_is_taken_in(practice: Practice) -> None:
    """Signed as compact JSON, sent with spaces: taken in, and the log says which of the two fitted."""
    meeting = practice.record()
    event = practice.zoom.event(meeting)
    with capture_logs() as lines:
        assert practice.sender.post(json.dumps(event).encode(), signed=compact(event)).status == 204
    assert {"event": "zoom_signature", "matched": "canonical", "log_level": "info"} in lines
    assert practice.find(meeting) is not None


def test_6_a_stale_event_is_refused(practice: Practice, clock: Clock) -> None:
    """An event signed 101 minutes ago: 401, nothing kept, and a code in the log that says to look at the clock."""
    event = practice.zoom.event(practice.record())
    stamp = str(clock.now_ms // 1000 - 101 * 60)
    with capture_logs() as lines:
        assert practice.sender.post(compact(event), timestamp=stamp).status == 401
    assert [line["code"] for line in lines] == ["SIGNATURE_STALE"]
    assert practice.receipts() == []


def test_9_a_replay_changes_nothing(practice: Practice) -> None:
    """The same bytes again: answered well, one receipt, one call, one job."""
    body = compact(practice.zoom.event(practice.record()))
    assert [practice.sender.post(body).status for _ in range(2)] == [204, 204]
    assert (practice.receipts(), len(practice.calls()), len(practice.waiting())) == (["recording.completed"], 1, 1)


def test_10_twenty_at_once_are_one(practice: Practice) -> None:
    """Twenty parallel deliveries of one event: all answered well, one call, one job."""
    body = compact(practice.zoom.event(practice.record()))
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: practice.sender.post(body).status, range(20)))
    assert answers == [204] * 20
    assert (practice.receipts(), len(practice.calls()), len(practice.waiting())) == (["recording.completed"], 1, 1)


def test_11_a_redelivery_with_a_new_time_is_the_same_event(practice: Practice, clock: Clock) -> None:
    """Signed anew five minutes later: known."""
    event = practice.zoom.event(practice.record())
    practice.sender.post(compact(event))
    clock.pass_time(300_000)
    assert practice.sender.post(compact(event)).status == 204
    assert practice.receipts() == ["recording.completed"]


def test_12_another_order_of_keys_is_the_same_event(practice: Practice) -> None:
    """The same event with its keys in reverse and a fresh download token: known by its content."""
    event = practice.zoom.event(practice.record())
    practice.sender.post(compact(event))
    turned = dict(reversed([*event.items()])) | {"download_token": "another"}
    turned["payload"]["object"] = dict(reversed([*event["payload"]["object"].items()]))
    assert practice.sender.post(compact(turned)).status == 204
    assert practice.receipts() == ["recording.completed"]


def test_13_zooms_challenge_is_answered(practice: Practice) -> None:
    """The stand-in, which checks the answer as Zoom does, finds the address valid."""
    delivery = practice.sender.validate()
    assert delivery.status == 200
    assert [line["valid"] for line in practice.zoom.world.noted("validated")] == [True]
    assert delivery.seconds < 3


def test_13_during_a_rotation_the_secret_that_signed_answers(practice: Practice) -> None:
    """With a new secret in front, a challenge that was signed with the old one is answered with the old one."""
    with with_secrets(practice, "new", practice.zoom.world.app.webhook_secret) as practice.hook:
        practice.sender.validate()
    assert [line["valid"] for line in practice.zoom.world.noted("validated")] == [True]


def test_14_a_hostile_challenge_gets_no_signature(practice: Practice) -> None:
    """A signed challenge with ':' in it: 400 and an empty answer; an unsigned one: 401."""
    hostile = practice.sender.validate("v0:1794000000:{}")
    assert (hostile.status, hostile.body) == (400, b"")
    unsigned = compact({"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}})
    assert practice.sender.post(unsigned, signature="v0=0").status == 401


def test_15_the_door_is_no_signing_machine(practice: Practice, clock: Clock) -> None:
    """What the challenge gives back for an event's text is worth nothing as that event's signature."""
    event = compact(practice.zoom.event(practice.record())).decode()
    asked = f"v0:{clock.now_ms // 1000}:{event}"
    answer = practice.sender.validate(asked).body
    forged = f"v0={json.loads(answer)['encryptedToken']}" if answer else "v0="
    assert practice.sender.post(event.encode(), signature=forged).status == 401


def test_16_an_unknown_event_is_answered_and_left(practice: Practice) -> None:
    """Zoom sends what nobody asked for, twice: 204, one receipt, one line in the log, nothing else."""
    with capture_logs() as lines:
        answers = [practice.deliver("meeting.sharing_started", {"uuid": "x"}).status for _ in range(2)]
    assert (answers, [line["event"] for line in lines]) == ([204, 204], ["zoom_event_ignored"])
    assert (practice.receipts(), practice.calls()) == (["meeting.sharing_started"], [])


@pytest.mark.parametrize("name", ["meeting.ended", "recording.renamed", "recording.completed"])
def test_16_an_event_in_a_strange_form_is_answered(practice: Practice, name: str) -> None:
    """A known event without what it needs: 204, because delivering it again would not help."""
    assert practice.deliver(name, {"surprise": True}).status == 204
    assert practice.receipts() == ["rejected"]


def test_18_a_body_of_five_megabytes_is_too_large(practice: Practice) -> None:
    """5 MB: 413, before anything is read."""
    assert practice.sender.post(b"x" * 5_000_000).status == 413
    assert practice.receipts() == []


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b"not json", b"[]", b'{"event": 5}', b"", b"[" * 50_000])
def test_18_signed_nonsense_is_rejected(practice: Practice, body: bytes) -> None:
    """What is no event: 400, and one receipt that says so, however often it comes."""
    assert [practice.sender.post(body).status for _ in range(2)] == [400, 400]
    assert practice.receipts() == ["rejected"]


def test_18_a_compressed_event_is_no_event(practice: Practice) -> None:
    """gzip is not unpacked: nobody can make a small body large."""
    assert practice.sender.post_gzipped(practice.zoom.event(practice.record())).status == 400


def test_19_the_door_is_for_posting(practice: Practice) -> None:
    """GET: 405."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(practice.hook)  # noqa: S310 - the test's own address
    with refused.value:
        assert refused.value.code == 405


def test_20_without_redis_the_event_is_kept_for_later(practice: Practice, clock: Clock) -> None:
    """Redis is down: 204 and an entry in the outbox; when it is back, one job."""
    without = replace(practice.services, queues=Queues("redis://127.0.0.1:1/0"))
    with serving(without) as practice.hook:
        delivery = practice.tell(practice.record())
    assert (delivery.status, len(practice.waiting())) == (204, 1)
    services = practice.services
    clock.pass_time(RECHECK_MS)
    assert services.queues.dispatch(services.database, services.now_ms()).jobs == 1
    with services.queues.connect() as redis:
        assert services.queues.queue(IO, redis).count == 1


def test_20_the_job_is_handed_over_without_waiting_for_the_clock(practice: Practice) -> None:
    """Redis is there: soon after the answer the job is in the queue."""
    practice.tell(practice.record())
    with practice.services.queues.connect() as redis:
        queue = practice.services.queues.queue(IO, redis)
        deadline = time.monotonic() + 5
        while queue.count == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert queue.count == 1


def test_21_a_locked_database_asks_zoom_to_come_again(practice: Practice) -> None:
    """Another process holds the database: 503 within 3 seconds, no half of a row; afterwards all is well."""
    event = practice.zoom.event(practice.record())
    lock = sqlite3.connect(practice.services.settings.data_dir / "partnering.sqlite3", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    refused = practice.sender.post(compact(event))
    lock.execute("ROLLBACK")
    lock.close()
    assert refused.status == 503
    assert refused.seconds < 3
    assert practice.receipts() == []
    assert practice.sender.post(compact(event)).status == 204


def test_22_fifty_at_once_are_all_taken_in(practice: Practice) -> None:
    """Fifty different events at once, each delivered again when it is not answered well: every call waits once.

    How fast the answers come is measured by bench/hook.py, over the real server and both databases.
    """
    bodies = [compact(practice.zoom.event(practice.record())) for _ in range(50)]
    gate = threading.Barrier(50)

    def post(body: bytes) -> bool:
        gate.wait()
        return any(practice.sender.post(body).taken for _ in range(4))

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(post, bodies)) == [True] * 50
    assert [stage for _, stage in practice.waiting()] == [Stage.FETCH] * 50


def test_23_a_secret_can_be_changed_without_losing_events(practice: Practice, clock: Clock) -> None:
    """With the new and the old secret set, both are accepted and a third is not."""
    with with_secrets(practice, "new", practice.zoom.world.app.webhook_secret) as practice.hook:
        body = compact(practice.zoom.event(practice.record()))
        answers = [practice.sender.post(body, secret=secret).status for secret in ("new", None, "third")]
    assert answers == [204, 204, 401]


def test_25_names_of_every_kind(practice: Practice, clock: Clock) -> None:
    """Emoji, right-to-left marks, NUL and line breaks in a topic: verified by raw bytes, kept as one line."""
    meeting = practice.record(topic="🌱 \u202eDana\u0000\r\nBcc: x <b>", tracks={"Ana 🌿": film(), "ש": film()})
    assert practice.tell(meeting).status == 204
    record = practice.services.record(practice.call(meeting).id)
    assert record.call.title_sealed is not None
    assert record.key.open_text(record.call.title_sealed, "title") == "🌱 \u202eDana Bcc: x <b>"


def test_redeliveries_are_taken_in_either_way(practice: Practice, clock: Clock) -> None:
    """Missed at first, delivered 5 and 25 minutes later: taken in with the first time stamp and with a new one."""
    for restamp in (False, True):
        meeting = practice.record()
        event = practice.zoom.event(meeting)
        address, practice.hook = practice.hook, "http://127.0.0.1:1/zoom/events"
        sender = practice.sender

        def pass_time(seconds: float, address: str = address, sender: Sender = sender) -> None:
            clock.pass_time(int(seconds * 1000))
            if seconds == 20 * 60:
                sender.url = address  # the practice's server is back

        tries = sender.deliver_until_taken(event, restamp=restamp, pass_time=pass_time)
        practice.hook = address
        assert [one.status for one in tries] == [0, 0, 204]
        assert practice.find(meeting) is not None


def test_a_signature_of_another_body_cannot_be_moved(practice: Practice, clock: Clock) -> None:
    """A right signature of one event does not carry another."""
    stamp = str(clock.now_ms // 1000)
    signature = sign(practice.zoom.world.app.webhook_secret, stamp, b'{"event":"meeting.ended"}')
    assert practice.sender.post(b'{"event":"app_deauthorized"}', timestamp=stamp, signature=signature).status == 401
