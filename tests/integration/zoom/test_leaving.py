"""The app is removed at Zoom, or a coach leaves: what was held goes. A number in a test's name is the case's."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from integration.privacy.retention import sweep
from integration.store import calls
from integration.store.people import PersonKind, add_person
from integration.store.schema import AuditLine, Person
from integration.store.states import State
from integration.store.zoom_schema import ZoomConnection
from integration.zoom.connections import connection_of
from integration.zoom.reconcile import clear_away, reconcile
from integration.zoom.standin.events import deauthorized
from tests.conftest import Clock
from tests.integration.zoom.practice import NINE, Practice, connect, dana, film, row

DAY_MS = 24 * 3600 * 1000
own_accounts = pytest.mark.usefixtures("own_accounts")


def kept_files(practice: Practice) -> list[Path]:
    vault = practice.services.settings.data_dir / "vault"
    return [path for path in vault.rglob("*") if path.is_file()]


def leavings(practice: Practice) -> list[int]:
    """Whose connection the audit log says was ended at Zoom."""
    with practice.services.database.transaction() as tx:
        lines = tx.scalars(select(AuditLine).where(AuditLine.action == "deauthorize_zoom")).all()
        assert {(line.object_kind, line.actor_id, line.detail) for line in lines} <= {("person", None, "")}
        return [line.object_id for line in lines]


def ends(practice: Practice) -> list[tuple[str, str, bytes | None]]:
    """How every call ended, and what is left of its key."""
    return [(call.state, call.reason, call.wrapped_key) for call in practice.calls()]


@own_accounts
def test_98_a_coach_removes_the_app(practice: Practice, clock: Clock) -> None:
    """Tokens gone, work stopped, the call unreadable at once, one audit line; told again: nothing more."""
    connection = connect(practice)
    meeting = practice.record()
    practice.tell(meeting)
    practice.fetch(meeting)
    event = deauthorized(practice.zoom.world, connection.user_id)
    for _ in range(2):
        assert practice.sender.deliver(event).status == 204
        clock.pass_time(1000)
    assert connection_of(practice.services, dana(practice)) is None
    assert ends(practice) == [(State.WITHDRAWN, "DEAUTHORIZED", None)]
    assert practice.waiting() == []
    assert leavings(practice) == [dana(practice)]


@own_accounts
def test_98_what_lay_in_the_vault_is_gone_after_the_next_round(practice: Practice) -> None:
    """The hourly round removes the files of a withdrawn call; its reason stays."""
    connection = connect(practice)
    meeting = practice.record()
    practice.tell(meeting)
    practice.fetch(meeting)
    practice.sender.deliver(deauthorized(practice.zoom.world, connection.user_id))
    assert kept_files(practice) != []
    sweep(practice.services, dry_run=False)
    assert kept_files(practice) == []
    assert practice.call(meeting).reason == "DEAUTHORIZED"


@own_accounts
def test_98_somebody_else_removing_the_app_changes_nothing(practice: Practice) -> None:
    """A user who connected nothing: answered, and every call stands."""
    connect(practice)
    meeting = practice.record()
    practice.tell(meeting)
    practice.sender.deliver(deauthorized(practice.zoom.world, "another"))
    assert practice.call(meeting).state == State.RECEIVED
    assert (row(practice).refresh_sealed is None, leavings(practice)) == (False, [])


def test_98_the_practices_own_app_is_removed(practice: Practice, clock: Clock) -> None:
    """A server-to-server app goes: the calls of all coaches of the account do, those that were uploaded stay;
    one audit line for each coach; a round later no file is left, and Zoom's list brings nothing back."""
    with practice.services.database.transaction() as tx:
        eve = add_person(tx, "eve@example.com", (PersonKind.COACH,), now_ms=0).id
    meetings = [practice.record(), practice.zoom.record("eve@example.com", mixed=film(), started=NINE)]
    for meeting in meetings:
        practice.tell(meeting)
        practice.fetch(meeting)
    with practice.services.database.transaction() as tx:
        calls.add_call(tx, practice.services.keys, origin="upload", started_ms=1, now_ms=clock())
    for _ in range(2):
        assert practice.sender.deliver(deauthorized(practice.zoom.world, "the-administrator")).status == 204
        clock.pass_time(1000)
    assert [call.state for call in practice.calls()] == [State.WITHDRAWN, State.WITHDRAWN, State.RECEIVED]
    assert (practice.waiting(), leavings(practice)) == ([], [dana(practice), eve])
    sweep(practice.services, dry_run=False)
    assert reconcile(practice.services) == 0
    assert kept_files(practice) == []
    assert [call.state for call in practice.calls()].count(State.WITHDRAWN) == 2


@pytest.mark.parametrize("changed", ["account_id", "client_id"])
def test_98_another_app_is_none_of_ours(practice: Practice, changed: str) -> None:
    """Another account, or another app of this account, goes: every call stands."""
    meeting = practice.record()
    practice.tell(meeting)
    event = deauthorized(practice.zoom.world, "the-administrator")
    event["payload"][changed] = "another"
    assert practice.sender.deliver(event).status == 204
    assert (practice.call(meeting).state, leavings(practice)) == (State.RECEIVED, [])


@own_accounts
def test_tokens_of_a_coach_who_left_are_gone_within_the_hour(practice: Practice) -> None:
    """The administrator closes Dana's account: the next round erases her tokens and looks for nothing of hers."""
    connect(practice)
    practice.record()
    with practice.services.database.transaction() as tx:
        tx.get_one(Person, dana(practice)).active = False
    assert reconcile(practice.services) == 0
    clear_away(practice.services)
    with practice.services.database.transaction() as tx:
        assert tx.scalars(select(ZoomConnection)).all() == []
