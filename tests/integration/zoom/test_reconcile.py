"""What no webhook brought. A number in a test's name is the case's in docs/zoom-app.md."""

from __future__ import annotations

from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select

from integration.privacy.retention import sweep
from integration.store import calls
from integration.store.people import PersonKind, add_person
from integration.store.schema import Call, Heartbeat
from integration.store.states import Stage, State
from integration.store.zoom_schema import Attendance, RecordingFate, ZoomConnection
from integration.zoom.reconcile import clear_away, reconcile
from integration.zoom.standin import events
from tests.conftest import Clock
from tests.integration.zoom.practice import DANA, NINE, Practice, connect, film

DAY_MS = 24 * 3600 * 1000


def test_35_a_recording_that_no_webhook_told_of_is_found(practice: Practice) -> None:
    """Recorded, never told: found, with the participants' own audio, which the list leaves out; it waits."""
    meeting = practice.record(mixed=film(), tracks={"Dana": film(), "Ana": film()})
    assert reconcile(practice.services) == 1
    call = practice.call(meeting)
    assert [file.kind for file in call.files] == ["mixed", "track", "track"]
    assert practice.waiting() == [(call.id, Stage.FETCH)]
    assert len(practice.fetch(meeting)) == 3


def test_35_a_second_round_finds_nothing_new(practice: Practice) -> None:
    """What is known is not asked for again."""
    practice.record()
    assert [reconcile(practice.services) for _ in range(2)] == [1, 0]


def test_35_the_webhook_that_comes_after_all_changes_nothing(practice: Practice) -> None:
    """Found first, told later: one call, one job."""
    meeting = practice.record()
    reconcile(practice.services)
    practice.tell(meeting)
    assert (len(practice.calls()), len(practice.waiting())) == (1, 1)


def test_a_host_address_that_zoom_leaves_out_is_not_missed(practice: Practice) -> None:
    """Found in Dana's own list: hers, whatever address the recording names."""
    meeting = practice.record()
    meeting.host_email = ""
    assert reconcile(practice.services) == 1


def test_one_coach_without_zoom_does_not_stop_the_others(practice: Practice) -> None:
    """A coach whom Zoom does not know comes first: Dana's recording is found all the same, and the round counts."""
    with practice.services.database.transaction() as tx:
        person = add_person(tx, "aa@example.com", (PersonKind.COACH,), now_ms=0)
        assert person.id
    practice.record()
    assert reconcile(practice.services) == 1
    with practice.services.database.transaction() as tx:
        assert tx.get(Heartbeat, "zoom_reconciled") is not None


def test_zoom_away_is_no_error(practice: Practice) -> None:
    """Nothing found, nothing raised, and the round does not count: the next one looks as far back."""
    practice.zoom.world.misbehave("oauth", "html", times=9)
    practice.record()
    assert reconcile(practice.services) == 0
    with practice.services.database.transaction() as tx:
        assert tx.get(Heartbeat, "zoom_reconciled") is None
    practice.zoom.world.behave()
    assert reconcile(practice.services) == 1


@pytest.mark.usefixtures("own_accounts")
def test_a_connection_that_cannot_be_opened_does_not_stop_the_others(practice: Practice) -> None:
    """No master key opens Eve's tokens, and she comes first: Dana's recording is found all the same."""
    with practice.services.database.transaction() as tx:
        eve = add_person(tx, "eve@example.com", (PersonKind.COACH,), now_ms=0).id
        sealed = ZoomConnection(person_id=eve, account_id="a", user_id="eve", refresh_sealed=b"x", connected_ms=0)
        tx.add(sealed)
    connect(practice)
    practice.record()
    assert reconcile(practice.services) == 1


def test_a_call_that_cannot_be_opened_does_not_stop_the_others(practice: Practice) -> None:
    """The first recording is known without its audio, and the half of its key in the key folder is lost; the second
    is new: it is found all the same."""
    lost = practice.record(started=NINE)
    lost.files[0].status = "processing"
    assert reconcile(practice.services) == 0
    lose_key(practice, practice.call(lost))
    lost.files[0].status = "completed"
    found = practice.record(started=NINE + timedelta(hours=2))
    assert reconcile(practice.services) == 1
    assert practice.find(found) is not None


def lose_key(practice: Practice, call: Call) -> None:
    assert call.wrapped_key is not None
    (practice.services.settings.data_dir / "keys" / "calls" / call.wrapped_key[:32].decode()).unlink()


def in_the_bin(practice: Practice, clock: Clock) -> Call:
    """A call that was fetched, and then its recording was put into the bin."""
    meeting = practice.record()
    practice.tell(meeting)
    practice.fetch(meeting)
    clock.pass_time(1000)
    practice.tell(meeting, "recording.trashed")
    return practice.call(meeting)


def files_of(practice: Practice, call: Call) -> int:
    return len([*(practice.services.settings.data_dir / "vault").rglob(f"{call.id:08d}/*")])


def test_a_call_that_was_erased_in_the_bin_stops_no_round(practice: Practice, clock: Clock) -> None:
    """Of two recordings in the bin one was erased since, and the key of another is lost: the third is cleared."""
    erased, lost, third = (in_the_bin(practice, clock) for _ in range(3))
    with practice.services.database.transaction() as tx:
        calls.withdraw(tx, practice.services.keys, tx.get_one(Call, erased.id), now_ms=clock(), reason="DEAUTHORIZED")
    lose_key(practice, lost)
    with structlog.testing.capture_logs() as logged:
        clear_away(practice.services)
    assert [(line["call"], line["code"]) for line in logged] == [(lost.id, "ERASED")]
    assert files_of(practice, third) == 0


@pytest.mark.parametrize(("days", "found"), [(7, 1), (8, 0)])
def test_the_first_round_looks_back_a_week(practice: Practice, days: int, found: int) -> None:
    """A recording of seven days ago is found, one of eight days ago is left."""
    practice.record(started=NINE - timedelta(days=days))
    assert reconcile(practice.services) == found


def test_after_a_long_pause_the_round_looks_back_over_all_of_it(practice: Practice, clock: Clock) -> None:
    """Switched off for sixty days: what was recorded in between is found."""
    reconcile(practice.services)
    practice.record(started=NINE + timedelta(days=20))
    clock.pass_time(60 * DAY_MS)
    assert reconcile(practice.services) == 1


def test_a_recording_that_is_not_ready_is_found_later(practice: Practice) -> None:
    """Still processing: kept without audio and not counted; ready: found."""
    meeting = practice.record()
    meeting.files[0].status = "processing"
    assert (reconcile(practice.services), practice.waiting()) == (0, [])
    meeting.files[0].status = "completed"
    assert reconcile(practice.services) == 1
    assert len(practice.waiting()) == 1


def test_28_the_bin_is_noticed_without_a_webhook(practice: Practice, clock: Clock) -> None:
    """Moved into the bin and out of it, no webhook of either: stopped, then waiting again."""
    meeting = practice.record()
    practice.tell(meeting)
    meeting.place = "trash"
    clock.pass_time(1000)
    reconcile(practice.services)
    assert (practice.call(meeting).trashed, practice.waiting()) == (True, [])
    meeting.place = "live"
    clock.pass_time(1000)
    reconcile(practice.services)
    assert not practice.call(meeting).trashed
    assert len(practice.waiting()) == 1


def test_an_erased_call_does_not_come_back(practice: Practice, clock: Clock) -> None:
    """Deleted at Zoom while it waited, and then seen again in the list: it stays erased. A sweep later nothing is known
    of its files any more."""
    meeting = practice.record()
    practice.tell(meeting)
    clock.pass_time(1000)
    practice.tell(meeting, "recording.deleted")
    assert reconcile(practice.services) == 0
    assert sweep(practice.services, dry_run=False).leftovers == (practice.call(meeting).id,)
    assert (practice.call(meeting).state, practice.call(meeting).files) == (State.WITHDRAWN, [])


def test_notes_that_have_served_are_removed(practice: Practice, clock: Clock) -> None:
    """Who came and left is forgotten after 30 days; what lay in the bin after half a year."""
    meeting = practice.record()
    practice.tell(meeting, "recording.trashed")
    practice.sender.deliver(events.participant(practice.zoom.world, meeting, "1", NINE, joined=True))
    counts = []
    for days in (29, 2, 151):
        clock.pass_time(days * DAY_MS)
        clear_away(practice.services)
        with practice.services.database.transaction() as tx:
            counts.append([len(tx.scalars(select(table)).all()) for table in (Attendance, RecordingFate)])
    assert counts == [[1, 1], [0, 1], [0, 0]]


def test_a_hook_that_zoom_gave_up_is_said(practice: Practice, clock: Clock) -> None:
    """Eighty hours without Zoom's check: a warning; before that none."""
    practice.sender.validate()
    lines = []
    for hours in (79, 2):
        clock.pass_time(hours * 3600 * 1000)
        with structlog.testing.capture_logs() as logged:
            clear_away(practice.services)
        lines.append([line["event"] for line in logged])
    assert lines == [[], ["zoom_hook_silent"]]


def test_coaches_only(practice: Practice) -> None:
    """A supervisor's recordings are not looked for."""
    with practice.services.database.transaction() as tx:
        add_person(tx, "sue@example.com", (PersonKind.SUPERVISOR,), now_ms=0)
    practice.zoom.record("sue@example.com", mixed=film(), started=NINE)
    assert reconcile(practice.services) == 0
    assert DANA in practice.zoom.world.noted("api")[0]["path"].replace("%40", "@")
