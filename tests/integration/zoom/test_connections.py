"""Coaches with Zoom accounts of their own. A number in a test's name is the case's in docs/zoom-app.md."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from integration.errors import DeliveryBusy, ZoomBusy, ZoomFault
from integration.jobs.run import run_stage
from integration.store import database
from integration.store.database import Database
from integration.store.schema import AuditLine
from integration.store.states import Stage, State
from integration.zoom import connections, reconnecting
from integration.zoom.connections import CoachTokens, arrive, connection_of, disconnect
from integration.zoom.tokens import Issued
from tests.conftest import Clock
from tests.integration.zoom.practice import BACK, DANA, Practice, connect, dana, go, row

HOUR_MS = 3600 * 1000
pytestmark = pytest.mark.usefixtures("own_accounts")


def tokens(practice: Practice) -> CoachTokens:
    return CoachTokens(practice.services, row(practice).id)


def letters(practice: Practice) -> list[str]:
    box = Path(practice.services.settings.data_dir) / "outbox"
    return [message_from_bytes(path.read_bytes())["To"] for path in sorted(box.glob("*.eml"))]


def test_a_coach_connects(practice: Practice) -> None:
    """There and back: whose account it is is known, and an audit line stands."""
    connection = connect(practice)
    world = practice.zoom.world
    assert (connection.account_id, connection.user_id) == (world.app.account_id, next(iter(world.users)))
    with practice.services.database.transaction() as tx:
        assert [line.action for line in tx.scalars(select(AuditLine))] == ["connect_zoom"]


def test_tokens_are_sealed(practice: Practice) -> None:
    """No token stands readable in the database."""
    connect(practice)
    stored = b"".join(path.read_bytes() for path in practice.services.settings.data_dir.glob("partnering.sqlite3*"))
    world = practice.zoom.world
    assert [token for token in (*world.access, *world.refresh) if token.encode() in stored] == []


@pytest.mark.parametrize("wrong", ["state", "code", "verifier"])
def test_105_another_way_back_is_refused(practice: Practice, wrong: str) -> None:
    """Another state, another code, or another PKCE verifier: refused, and nothing is kept."""
    left, state, code = go(practice)
    if wrong == "verifier":
        left = replace(left, verifier="x" * 64)
    given = {"state": state, "code": code} | ({wrong: "another"} if wrong != "verifier" else {})
    with pytest.raises(ZoomFault) as fault:
        arrive(practice.services, dana(practice), left, return_url=BACK, **given)
    assert fault.value.code == ("OAUTH_STATE" if wrong == "state" else "ZOOM_GRANT")
    assert connection_of(practice.services, dana(practice)) is None


def test_105_a_code_works_once(practice: Practice) -> None:
    """The way back walked twice: the second time Zoom refuses, and the connection stands."""
    left, state, code = go(practice)
    arrive(practice.services, dana(practice), left, state=state, code=code, return_url=BACK)
    with pytest.raises(ZoomFault):
        arrive(practice.services, dana(practice), left, state=state, code=code, return_url=BACK)
    assert row(practice).refresh_sealed is not None


def test_an_answer_without_an_account_connects_nothing(practice: Practice) -> None:
    """Zoom leaves out whose account it is: to be tried again, and nothing is kept."""
    left, state, code = go(practice)
    next(iter(practice.zoom.world.users.values()))["account_id"] = ""
    with pytest.raises(ZoomBusy):
        arrive(practice.services, dana(practice), left, state=state, code=code, return_url=BACK)
    assert connection_of(practice.services, dana(practice)) is None


def test_a_live_token_is_used_as_it_is(practice: Practice) -> None:
    """Within the hour nobody signs in again."""
    connect(practice)
    asked = len(practice.zoom.world.noted("oauth"))
    assert tokens(practice).current() == tokens(practice).current()
    assert len(practice.zoom.world.noted("oauth")) == asked


def test_a_refresh_token_is_spent_once_and_replaced(practice: Practice, clock: Clock) -> None:
    """Three hours, three refreshes: never a spent token shown again."""
    connect(practice)
    for _ in range(3):
        clock.pass_time(HOUR_MS)
        tokens(practice).current()
    assert practice.zoom.world.noted("grant_revoked") == []
    assert len(practice.zoom.world.spent) == 3


def test_104_five_workers_refresh_once(practice: Practice, clock: Clock) -> None:
    """Five at once find the token ended: one refresh, and all have the new token, which is stored."""
    connect(practice)
    clock.pass_time(HOUR_MS)
    with ThreadPoolExecutor(5) as pool:
        got = set(pool.map(lambda _: tokens(practice).current(), range(5)))
    grants = [line["grant"] for line in practice.zoom.world.noted("oauth")]
    assert len(got) == 1
    assert grants.count("refresh_token") == 1
    assert tokens(practice).current() in got


def test_104_a_worker_that_died_with_the_turn_gives_it_up(practice: Practice, clock: Clock) -> None:
    """Its turn was taken and never given back: after two minutes the next one refreshes."""
    connect(practice)
    clock.pass_time(HOUR_MS)
    waiting = CoachTokens(practice.services, row(practice).id, sleep=lambda _s: clock.pass_time(1000))
    assert waiting._may_refresh(row(practice))
    assert waiting.current()
    assert clock.now_ms >= 1_794_000_000_000 + HOUR_MS + connections.REFRESH_MS


def test_a_new_refresh_token_is_kept_although_the_database_is_busy(
    practice: Practice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another holds the database from before Zoom's answer until after the first try to write it down: it is tried
    again, and the new token is there. Its turn lasts as long as that may take: 20 s to ask, 4 x 10 s and 35 s to
    write."""
    connect(practice)
    clock.pass_time(HOUR_MS)
    spent = row(practice).refresh_sealed
    services = replace(practice.services, database=Database(practice.services.database.url, busy_timeout_ms=100))
    other = practice.services.database.engine.connect()
    ask = connections.ask_for_tokens

    def ask_while_another_writes(*asked: Any) -> Issued:
        issued = ask(*asked)
        other.begin()
        return issued

    monkeypatch.setattr(connections, "ask_for_tokens", ask_while_another_writes)
    monkeypatch.setattr(database.time, "sleep", lambda _s: other.close())
    token = CoachTokens(services, row(practice).id).current()
    assert row(practice).refresh_sealed != spent
    assert tokens(practice).current() == token
    assert 20_000 + 4 * database.BUSY_TIMEOUT_MS + sum(database.INSIST_S) * 1000 < connections.REFRESH_MS
    services.database.close()


def test_a_refused_token_is_renewed(practice: Practice) -> None:
    """Zoom refuses a token that should live: another one comes."""
    connect(practice)
    refused = tokens(practice).current()
    assert tokens(practice).renewed(refused) != refused


def test_invalid_grant_becomes_please_reconnect(practice: Practice, clock: Clock) -> None:
    """Zoom has ended the grant: the tokens go, the fault says what to do, one letter is sent, once."""
    connect(practice)
    practice.zoom.world.refresh.clear()
    clock.pass_time(HOUR_MS)
    with pytest.raises(ZoomFault) as fault:
        tokens(practice).current()
    assert fault.value.code == "ZOOM_GRANT"
    assert (row(practice).access_sealed, row(practice).refresh_sealed) == (None, None)
    assert [reconnecting.ask_who_must(practice.services) for _ in range(2)] == [1, 0]
    assert letters(practice) == [DANA]


def test_zoom_away_does_not_end_a_connection(practice: Practice, clock: Clock) -> None:
    """The sign-in answers with a page of its own: later; the refresh token stays."""
    connect(practice)
    clock.pass_time(HOUR_MS)
    practice.zoom.world.misbehave("oauth", "html")
    with pytest.raises(ZoomBusy):
        tokens(practice).current()
    assert row(practice).refresh_sealed is not None
    assert tokens(practice).current()


def test_37_what_failed_for_the_connection_is_fetched_after_reconnecting(practice: Practice, clock: Clock) -> None:
    """The connection ended, the call failed with it and Dana was asked by mail; she reconnects: it waits again."""
    connect(practice)
    meeting = practice.record()
    practice.tell(meeting)
    practice.zoom.world.refresh.clear()
    clock.pass_time(48 * HOUR_MS)
    with pytest.raises(ZoomFault):
        practice.fetch(meeting)
    assert letters(practice) == [DANA]
    with practice.services.database.transaction() as tx:
        call = tx.merge(practice.call(meeting))
        call.state, call.reason = State.FAILED, "ZOOM_GRANT"
    connect(practice)
    assert practice.call(meeting).state == State.RECEIVED
    assert practice.waiting()[-1] == (practice.call(meeting).id, Stage.FETCH)
    assert len(practice.fetch(meeting)) == 1


def test_37_what_failed_without_a_connection_is_fetched_after_connecting(practice: Practice, clock: Clock) -> None:
    """Dana disconnects while a recording waits, and the webhook's own token ends: the call fails. She connects again:
    it waits again, as its page says."""
    connect(practice)
    meeting = practice.record()
    practice.tell(meeting)
    disconnect(practice.services, dana(practice))
    clock.pass_time(25 * HOUR_MS)
    run_stage(practice.services, practice.call(meeting).id, owner="worker")
    assert (practice.call(meeting).state, practice.call(meeting).reason) == (State.FAILED, "ZOOM_NOT_CONNECTED")
    connect(practice)
    assert practice.call(meeting).state == State.RECEIVED
    assert practice.waiting() == [(practice.call(meeting).id, Stage.FETCH)]


def end_connection(practice: Practice) -> None:
    """Zoom has ended Dana's connection, and nobody has told her."""
    connect(practice)
    with practice.services.database.transaction() as tx:
        tx.merge(row(practice)).refresh_sealed = None


def test_two_workers_send_one_letter(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second worker comes while the first one's letter is on its way: it sends none."""
    end_connection(practice)
    send, told = practice.services.mailer.send, []

    def send_while_another_comes(letter: EmailMessage) -> None:
        told.append(reconnecting.ask_who_must(practice.services))
        send(letter)

    monkeypatch.setattr(practice.services.mailer, "send", send_while_another_comes)
    assert (reconnecting.ask_who_must(practice.services), told) == (1, [0])
    assert letters(practice) == [DANA]


def test_a_letter_that_broke_is_sent_later(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stopped it: nobody was told; the next round tells."""
    end_connection(practice)

    def broken_off(_letter: EmailMessage) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(practice.services.mailer, "send", broken_off)
        with pytest.raises(MemoryError):
            reconnecting.ask_who_must(practice.services)
    assert reconnecting.ask_who_must(practice.services) == 1


def test_a_letter_that_could_not_leave_is_sent_later(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail server is away: nobody was told; the next round tells."""
    end_connection(practice)

    def away(_letter: EmailMessage) -> None:
        raise DeliveryBusy("away")

    with monkeypatch.context() as broken:
        broken.setattr(practice.services.mailer, "send", away)
        assert reconnecting.ask_who_must(practice.services) == 0
    assert reconnecting.ask_who_must(practice.services) == 1
    assert letters(practice) == [DANA]


def test_a_zoom_user_belongs_to_one_coach(practice: Practice) -> None:
    """Another coach comes back with Dana's Zoom user: ZOOM_TAKEN."""
    connect(practice)
    left, state, code = go(practice)
    with pytest.raises(ZoomFault) as fault:
        arrive(practice.services, dana(practice) + 1, left, state=state, code=code, return_url=BACK)
    assert fault.value.code == "ZOOM_TAKEN"


def test_the_host_of_a_connection_is_its_coach(practice: Practice) -> None:
    """A recording of the connected Zoom user under an address that nobody here has is Dana's."""
    connect(practice)
    meeting = practice.record()
    meeting.host_email = "another.address@example.com"
    practice.tell(meeting)
    assert practice.call(meeting).coach_id == dana(practice)


def test_disconnecting_forgets_the_tokens(practice: Practice) -> None:
    """The row is gone; doing it again changes nothing."""
    connect(practice)
    disconnect(practice.services, dana(practice))
    disconnect(practice.services, dana(practice))
    assert connection_of(practice.services, dana(practice)) is None
