"""A mail server that is away, asks to come back, or refuses: one letter or none, never a loop."""

from __future__ import annotations

import pytest

from integration.store.schema import Mailing
from integration.store.states import State
from tests.journeys.practice import Practice

pytestmark = pytest.mark.journey

MINUTE_MS = 60_000


def refused_codes(practice: Practice) -> list[str]:
    with practice.services.database.transaction() as tx:
        return [row.refused_code for row in tx.query(Mailing)]


def test_a_mail_server_that_is_away(practice: Practice) -> None:
    """The letter waits, the report is on the page meanwhile, and the letter comes when the server is back."""
    practice.post.close()
    call_id = practice.call_at(State.ANALYSED)
    practice.start("worker", "io")
    practice.start("clock")
    practice.until(lambda: practice.runs(call_id) == [("deliver", "DELIVERY_BUSY")], "the letter could not leave")
    assert practice.services.record(call_id).findings()
    practice.post.open()
    practice.pass_time(2 * MINUTE_MS)
    practice.until_state(call_id, State.DELIVERED)
    assert len(practice.post.letters) == 1


def test_a_mail_server_that_asks_to_come_back(practice: Practice) -> None:
    """451 twice (greylisting), then yes: three tries, one letter."""
    practice.post.answers.extend(["451 come back", "451 come back"])
    call_id = practice.call_at(State.ANALYSED)
    practice.start("worker", "io")
    practice.start("clock")
    for tries in (1, 2):
        practice.until(lambda tries=tries: len(practice.runs(call_id)) == tries, f"try {tries} ended")
        practice.pass_time(5 * MINUTE_MS)
    practice.until_state(call_id, State.DELIVERED)
    assert practice.runs(call_id) == [("deliver", "DELIVERY_BUSY"), ("deliver", "DELIVERY_BUSY"), ("deliver", "")]
    assert len(practice.post.letters) == 1


def test_a_mail_server_that_refuses_the_address(practice: Practice) -> None:
    """550 is noted and not tried again: the report waits in the app, and the call has come to its end."""
    practice.post.answers.append("550 no such box")
    call_id = practice.call_at(State.ANALYSED)
    practice.start("worker", "io")
    practice.start("clock")
    practice.until_state(call_id, State.DELIVERED)
    practice.pass_time(60 * MINUTE_MS)
    assert practice.runs(call_id) == [("deliver", "")]
    assert refused_codes(practice) == ["DELIVERY"]
    assert practice.post.letters == []
