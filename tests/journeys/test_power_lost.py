"""Every process and Redis die at once, as when power is lost: at the door, and at every stage.

While a call is heard: test_hearing_survives.py, where models are loaded.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import requests
from sqlalchemy import func, select

from integration.jobs.queues import RECHECK_MS
from integration.store.schema import Call
from integration.store.states import State
from integration.zoom.standin.webhooks import compact
from tests.integration.zoom.practice import film
from tests.journeys.practice import LEASE_OVER_MS, Practice, long_talk, message_ids

pytestmark = pytest.mark.journey

DELIVERIES = 10


def start_again(practice: Practice) -> None:
    """Everything comes up; who was at work is taken for dead."""
    practice.start_all()
    practice.pass_time(LEASE_OVER_MS)


def delivering(practice: Practice, answer: str) -> int:
    """A call whose letter is on its way when power is lost; the mail server's `answer` reaches nobody."""
    call_id, lost = practice.call_at(State.ANALYSED), Event()

    def lose_power() -> str:
        practice.lose_power()
        lost.set()
        return answer

    practice.post.answers.append(lose_power)
    practice.start("worker", "io")
    assert lost.wait(60)
    return call_id


def test_at_the_door(practice: Practice) -> None:
    """The web app dies among ten deliveries. Zoom delivers again what was not answered: each is one call, fetched
    once."""
    practice.serve()
    sender = practice.zoom.sender(f"{practice.web_url}/zoom/events")
    bodies = [compact(practice.zoom.event(practice.record(film()))) for _ in range(DELIVERIES)]

    def answered(body: bytes) -> bool:
        try:
            return sender.post(body).status == 204
        except requests.RequestException:
            return False

    with ThreadPoolExecutor(DELIVERIES) as senders:
        first = [senders.submit(answered, body) for body in bodies]
        practice.until(lambda: any(one.done() for one in first), "one was answered")
        practice.lose_power()
        again = [body for body, one in zip(bodies, first, strict=True) if not one.result()]
    assert len(again) < DELIVERIES
    practice.serve()
    assert all(answered(body) for body in again)
    practice.start("worker", "io")
    practice.start("clock")
    practice.pass_time(RECHECK_MS)  # what was being handed over when power was lost is looked for only then
    with practice.services.database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(Call)) == DELIVERIES
    for call_id in range(1, DELIVERIES + 1):
        practice.until_state(call_id, State.FETCHED)
        assert practice.runs(call_id) == [("fetch", "")]


def test_while_a_recording_is_fetched(practice: Practice) -> None:
    """The next worker fetches it whole, and nothing half-written is left beside it."""
    practice.zoom.world.misbehave("host", "drip", value=1)
    call_id = practice.tell(practice.record(film()))
    practice.hand_over()
    practice.start("worker", "io")
    practice.until(lambda: len(practice.zoom.world.noted("host")) == 1, "the recording comes")
    practice.lose_power()
    practice.start("worker", "io")
    practice.start("clock")
    practice.pass_time(LEASE_OVER_MS)
    practice.until_state(call_id, State.FETCHED)
    (kept,) = practice.artefacts(call_id)
    assert practice.vault_files(call_id) == [kept.name]
    assert practice.runs(call_id) == [("fetch", "")]


def test_while_a_call_is_read(practice: Practice) -> None:
    """Words that were heard are read by the next worker: one report, one letter."""
    call_id = practice.call_at(State.HEARD, long_talk(20))
    practice.start("worker", "audio")
    practice.until_leased(call_id)
    practice.lose_power()
    assert practice.call(call_id).state == State.HEARD
    start_again(practice)
    practice.until_state(call_id, State.DELIVERED)
    assert practice.runs(call_id) == [("analyse", ""), ("deliver", "")]
    assert len(practice.post.letters) == 1


def test_before_the_mail_server_says_yes(practice: Practice) -> None:
    """The letter that was not taken is sent again: the coach has one."""
    call_id = delivering(practice, "451 the line went dead")
    start_again(practice)
    practice.until_state(call_id, State.DELIVERED)
    assert len(practice.post.letters) == 1


def test_after_the_mail_server_said_yes(practice: Practice) -> None:
    """What nobody could write down costs one more copy, with the same Message-ID."""
    call_id = delivering(practice, "250 taken")
    start_again(practice)
    practice.until_state(call_id, State.DELIVERED)
    first, second = message_ids(practice)
    assert first == second
