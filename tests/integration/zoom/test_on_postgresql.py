"""What could go wrong only where many write at once: the intake over PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from integration import wiring
from integration.store.schema import Table
from integration.store.states import Stage
from integration.wiring import Services
from integration.zoom.standin.server import StandIn
from integration.zoom.standin.webhooks import compact
from tests.conftest import Clock, empty_postgresql, settings_for
from tests.integration.zoom.practice import Practice, film


@pytest.fixture
def services(tmp_path: Path, redis_url: str, clock: Clock, zoom: StandIn, postgresql_url: str) -> Iterator[Services]:
    """Services over an empty PostgreSQL that take the stand-in for Zoom."""
    built = wiring.build(settings_for(tmp_path, redis_url, DATABASE_URL=postgresql_url), now_ms=clock)
    empty_postgresql(postgresql_url)
    Table.metadata.create_all(built.database.engine)
    yield built
    built.database.close()


def test_10_twenty_at_once_are_one(practice: Practice) -> None:
    """Twenty parallel deliveries of one event: all answered well, one call, one job."""
    body = compact(practice.zoom.event(practice.record()))
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: practice.sender.post(body).taken, range(20)))
    assert answers == [True] * 20
    assert (practice.receipts(), len(practice.calls()), len(practice.waiting())) == (["recording.completed"], 1, 1)


def test_26_two_events_of_one_meeting_at_once(practice: Practice) -> None:
    """Audio and transcript told at the same moment, ten times over: each time one call with both files."""
    for number in range(10):
        meeting = practice.record(uuid=f"meeting-{number}")
        transcript = practice.add_file(meeting, "TRANSCRIPT", b"WEBVTT\n")
        told = [
            practice.zoom.event(meeting, files=meeting.files[:1]),
            practice.zoom.event(meeting, "recording.transcript_completed", [transcript]),
        ]
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(lambda event: practice.sender.post(compact(event)).taken, told)) == [True, True]
        assert sorted(file.kind for file in practice.call(meeting).files) == ["mixed", "transcript"]
    assert [stage for _, stage in practice.waiting()] == [Stage.FETCH] * 10


def test_27_growing_sets_at_once(practice: Practice, clock: Clock) -> None:
    """Four deliveries at once, each with the audio and a chat of its own: all five files, one call, one job."""
    meeting = practice.record()
    chats = [practice.add_file(meeting, "CHAT", film(number)) for number in range(4)]
    told = [practice.zoom.event(meeting, files=[meeting.files[0], chat]) for chat in chats]
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda event: practice.sender.post(compact(event)).taken, told))
    assert (len(practice.call(meeting).files), len(practice.waiting())) == (5, 1)


def test_28_the_bin_and_the_recording_at_once(practice: Practice, clock: Clock) -> None:
    """completed and the later trashed delivered at the same moment, ten times: in the bin each time."""
    for number in range(10):
        meeting = practice.record(uuid=f"meeting-{number}")
        completed = practice.zoom.event(meeting)
        clock.pass_time(1000)
        told = [completed, practice.zoom.event(meeting, "recording.trashed")]
        with ThreadPoolExecutor(2) as pool:
            assert all(pool.map(lambda event: practice.sender.post(compact(event)).taken, told))
        assert practice.call(meeting).trashed
    assert practice.waiting() == []
