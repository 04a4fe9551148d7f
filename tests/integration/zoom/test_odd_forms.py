"""Odd but legal forms of Zoom's events, through the whole way in: answered, taken for what they say, and no harm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from integration.store.zoom_schema import Attendance
from integration.zoom.standin import events
from integration.zoom.standin.recordings import Meeting
from tests.conftest import Clock
from tests.integration.zoom.practice import NINE, Practice, film


@pytest.mark.parametrize(
    "written", ["2026-11-06T09:00:00Z", "2026-11-06T09:00:00", "2026-11-06T09:00:00.000Z", "2026-11-06T10:00:00+01:00"]
)
def test_a_time_is_read_however_it_is_written(practice: Practice, written: str) -> None:
    """With Z, without a zone (Zoom then means UTC), with parts of a second, or with another zone: the same moment."""
    meeting = practice.record()
    event = practice.zoom.event(meeting)
    event["payload"]["object"]["recording_files"][0]["recording_start"] = written
    event["payload"]["object"]["start_time"] = written
    practice.sender.deliver(event)
    call = practice.call(meeting)
    assert (call.started_ms, call.files[0].start_ms) == (1_793_955_600_000, 1_793_955_600_000)  # 6 November 2026, 9:00


def test_a_very_long_name_becomes_a_short_one(practice: Practice) -> None:
    """Ten thousand emoji as a topic and as a participant's name: the first 300 are kept, sealed."""
    name = "🌱" * 10_000
    meeting = practice.record(topic=name, tracks={name: film(), "Ana": film()})
    assert practice.tell(meeting).status == 204
    record = practice.services.record(practice.call(meeting).id)
    track = record.call.files[0]
    assert record.key.open_text(record.call.title_sealed or b"", "title") == name[:300]
    assert record.key.open_text(track.participant_sealed or b"", f"participant:{track.zoom_id}") == name[:300]
    assert len(practice.fetch(meeting)) == 2


def test_a_file_without_an_id_is_one_file(practice: Practice, clock: Clock) -> None:
    """A timeline without id, status and size, told of twice: one row, and it comes beside the audio."""
    meeting = practice.record(timeline=b'{"timeline": []}')
    for _ in range(2):
        event = practice.zoom.event(meeting)
        timeline = event["payload"]["object"]["recording_files"][1]
        for key in ("id", "status", "file_size"):
            del timeline[key]
        practice.sender.deliver(event)
        clock.pass_time(60_000)
    assert [file.kind for file in practice.call(meeting).files] == ["mixed", "timeline"]
    assert [name.rpartition("-")[0] for name in practice.fetch(meeting)] == ["media-mixed", "timeline"]


def thirty(practice: Practice) -> list[Meeting]:
    meetings = [practice.record(started=NINE + timedelta(hours=hour)) for hour in range(30)]
    for meeting in meetings:
        practice.tell(meeting)
    return meetings


def test_thirty_recordings_in_one_event(practice: Practice, clock: Clock) -> None:
    """Thirty in the bin, out of it and deleted, each by one event that is answered within Zoom's three seconds."""
    world, meetings = practice.zoom.world, thirty(practice)
    assert len(practice.waiting()) == 30
    told = (
        events.batch_trashed(world, meetings),
        events.batch(world, meetings, "recording.batch_recovered"),
        events.batch(world, meetings, "recording.batch_deleted"),
    )
    waiting = []
    for event in told:
        clock.pass_time(1000)
        delivery = practice.sender.deliver(event | {"event_ts": clock.now_ms})
        assert (delivery.status, delivery.seconds < 3) == (204, True)
        waiting.append(len(practice.waiting()))
    assert waiting == [0, 30, 0]
    assert {call.state for call in practice.calls()} == {"withdrawn"}


def test_the_bin_without_a_time_is_the_bin_now(practice: Practice, clock: Clock) -> None:
    """trashed without event_ts, after a recovered that had one: what came last counts."""
    meeting = practice.record()
    practice.tell(meeting)
    practice.tell(meeting, "recording.recovered")
    clock.pass_time(1000)
    event = practice.zoom.event(meeting, "recording.trashed")
    del event["event_ts"]
    practice.sender.deliver(event)
    assert practice.call(meeting).trashed


def test_the_end_of_a_meeting_is_noted_as_everybodys_leaving(practice: Practice) -> None:
    """Two come, the meeting ends, nobody was told to leave: the notes say from when to when."""
    world, meeting = practice.zoom.world, practice.record()
    for person in ("1", "2"):
        practice.sender.deliver(events.participant(world, meeting, person, NINE, joined=True))
    practice.sender.deliver(events.ended(world, meeting, NINE + timedelta(minutes=50)))
    with practice.services.database.transaction() as tx:
        notes = [(row.person, row.joined, row.at_ms) for row in tx.scalars(select(Attendance))]
    nine = 1_793_955_600_000
    assert notes == [("1", True, nine), ("2", True, nine), ("", False, nine + 50 * 60_000)]


def test_somebody_without_a_number_is_not_noted(practice: Practice) -> None:
    """participant_joined that says nothing of who: answered, and nobody came."""
    event = events.participant(practice.zoom.world, practice.record(), "1", NINE, joined=True)
    del event["payload"]["object"]["participant"]["user_id"]
    assert practice.sender.deliver(event).status == 204
    with practice.services.database.transaction() as tx:
        assert tx.scalars(select(Attendance)).all() == []
