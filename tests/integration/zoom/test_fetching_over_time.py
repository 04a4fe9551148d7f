"""The stage fetch as the queue runs it: waits, patience, and what follows."""

from __future__ import annotations

from sqlalchemy import select

from integration.jobs.run import run_stage
from integration.store.schema import Call, OutboxEntry
from integration.store.states import Stage, State
from tests.conftest import Clock
from tests.integration.zoom.practice import Practice

HOUR_MS = 3600 * 1000
DAY_MS = 24 * HOUR_MS


def run(practice: Practice, call_id: int) -> None:
    run_stage(practice.services, call_id, owner="worker")


def test_38_after_a_day_without_a_recording_the_coach_is_told(practice: Practice, clock: Clock) -> None:
    """Asked for again and again for 24 hours, then failed with a reason that the coach can read."""
    meeting = practice.record()
    practice.tell(meeting)
    call_id = practice.call(meeting).id
    clock.pass_time(2 * DAY_MS)
    meeting.listed = False
    for _ in range(24):
        run(practice, call_id)
        clock.pass_time(HOUR_MS)
    assert practice.call(meeting).state == State.RECEIVED
    clock.pass_time(HOUR_MS)
    run(practice, call_id)
    assert (practice.call(meeting).state, practice.call(meeting).reason) == (State.FAILED, "ZOOM_NO_RECORDING")


def test_39_the_stage_waits_as_long_as_zoom_asks(practice: Practice, clock: Clock) -> None:
    """429 with 17 seconds: the stage is due again in exactly 17 seconds."""
    meeting = practice.record()
    practice.tell(meeting)
    practice.zoom.world.misbehave("file", "rate", value=17)
    run(practice, practice.call(meeting).id)
    with practice.services.database.transaction() as tx:
        entry = tx.scalars(select(OutboxEntry)).one()
    assert entry.due_ms == clock.now_ms + 17_000


def test_the_stage_leads_on_to_the_hearing(practice: Practice) -> None:
    """Everything well: fetched, and the next stage is asked for."""
    meeting = practice.record()
    practice.tell(meeting)
    run(practice, practice.call(meeting).id)
    assert practice.waiting() == [(practice.call(meeting).id, Stage.HEAR)]


def test_words_that_are_heard_anew_can_be_erased_anew(practice: Practice) -> None:
    """The words of a call are erased, and then Zoom has better audio: of what is heard now no word is erased yet, so
    it is due again when its days are over."""
    meeting = practice.record()
    practice.tell(meeting)
    call_id = practice.call(meeting).id
    with practice.services.database.transaction() as tx:
        tx.get_one(Call, call_id).words_erased = True
    run(practice, call_id)
    call = practice.call(meeting)
    assert (call.state, call.words_erased) == (State.FETCHED, False)
