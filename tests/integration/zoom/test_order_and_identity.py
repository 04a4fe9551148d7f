"""Zoom tells in any order, twice, or late; a recording is one session all the same.

A number in a test's name is the case's in docs/zoom-app.md.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from integration.errors import LeaseLost
from integration.store import calls
from integration.store.states import Stage, State
from integration.zoom import reconcile
from integration.zoom.recordings import FileKind
from integration.zoom.standin import events
from tests.conftest import Clock
from tests.integration.zoom.practice import NINE, Practice, film, serving


def finish(practice: Practice, call_id: int, *stages: Stage) -> None:
    """Let workers carry the call through `stages`."""
    now = practice.services.now_ms()
    for stage in stages:
        with practice.services.database.transaction() as tx:
            lease = calls.take_lease(tx, call_id, stage, "worker", now)
            assert lease is not None
            calls.complete(tx, lease, now)


def test_26_a_transcript_that_comes_first_waits_for_its_audio(practice: Practice) -> None:
    """transcript_completed before completed: one call, asked for once the audio is there."""
    meeting = practice.record()
    transcript = practice.add_file(meeting, "TRANSCRIPT", b"WEBVTT\n")
    practice.tell(meeting, "recording.transcript_completed", [transcript])
    assert practice.waiting() == []
    practice.tell(meeting, files=meeting.files[:1])
    call = practice.call(meeting)
    assert [file.kind for file in call.files] == [FileKind.TRANSCRIPT, FileKind.MIXED]
    assert practice.waiting() == [(call.id, Stage.FETCH)]


def test_27_growing_sets_of_files_become_one(practice: Practice, clock: Clock) -> None:
    """completed again with more files that are not heard: their union, and nothing is done anew."""
    meeting = practice.record()
    practice.tell(meeting)
    call = practice.call(meeting)
    finish(practice, call.id, *Stage)
    chat = practice.add_file(meeting, "CHAT", b"hello")
    clock.pass_time(60_000)
    practice.tell(meeting, files=[chat])
    again = practice.call(meeting)
    assert (again.state, len(again.files), practice.waiting()) == (State.DELIVERED, 2, [])


def test_27_new_audio_is_heard_anew(practice: Practice, clock: Clock) -> None:
    """completed again with the participants' own audio: the call begins again with it."""
    meeting = practice.record()
    practice.tell(meeting)
    call = practice.call(meeting)
    finish(practice, call.id, *Stage)
    for name in ("Dana", "Ana"):
        practice.add_file(meeting, "M4A", film(5000), name=name)
    clock.pass_time(60_000)
    practice.tell(meeting)
    assert practice.call(meeting).state == State.RECEIVED
    assert practice.waiting() == [(call.id, Stage.FETCH)]


def test_27_new_audio_ends_the_work_on_the_old(practice: Practice, clock: Clock) -> None:
    """A worker that is fetching when better audio is told of can no longer finish its stage."""
    meeting = practice.record()
    practice.tell(meeting)
    call = practice.call(meeting)
    with practice.services.database.transaction() as tx:
        lease = calls.take_lease(tx, call.id, Stage.FETCH, "worker", clock.now_ms)
    assert lease is not None
    for name in ("Dana", "Ana"):
        practice.add_file(meeting, "M4A", film(5000), name=name)
    practice.tell(meeting)
    with pytest.raises(LeaseLost), practice.services.database.transaction() as tx:
        calls.complete(tx, lease, clock.now_ms)


def test_28_a_recording_in_the_bin_is_not_worked_on(practice: Practice, clock: Clock) -> None:
    """trashed before the work began: nothing waits; recovered: it waits again."""
    meeting = practice.record()
    practice.tell(meeting)
    call = practice.call(meeting)
    clock.pass_time(1000)
    practice.tell(meeting, "recording.trashed")
    assert practice.call(meeting).trashed
    assert practice.waiting() == []
    clock.pass_time(1000)
    practice.tell(meeting, "recording.recovered")
    assert not practice.call(meeting).trashed
    assert practice.waiting() == [(call.id, Stage.FETCH)]


def test_28_the_bin_may_be_told_of_first(practice: Practice, clock: Clock) -> None:
    """trashed delivered before the completed that it followed: the recording is in the bin."""
    meeting = practice.record()
    completed = practice.zoom.event(meeting)
    clock.pass_time(1000)
    practice.tell(meeting, "recording.trashed")
    practice.sender.deliver(completed)
    assert practice.call(meeting).trashed
    assert practice.waiting() == []


def test_28_an_old_word_does_not_undo_a_new_one(practice: Practice, clock: Clock) -> None:
    """trashed delivered late, after the recovered that followed it: the recording lives."""
    meeting = practice.record()
    practice.tell(meeting)
    clock.pass_time(1000)
    trashed = practice.zoom.event(meeting, "recording.trashed")
    clock.pass_time(1000)
    practice.tell(meeting, "recording.recovered")
    practice.sender.deliver(trashed)
    assert not practice.call(meeting).trashed


def test_29_many_at_once_in_the_bin(practice: Practice, clock: Clock) -> None:
    """batch_trashed names meetings only, and has the same effect; batch_recovered names files, and undoes it."""
    meetings = [practice.record(), practice.record()]
    for meeting in meetings:
        practice.tell(meeting)
    clock.pass_time(1000)
    practice.sender.deliver(events.batch_trashed(practice.zoom.world, meetings))
    assert [practice.call(meeting).trashed for meeting in meetings] == [True, True]
    clock.pass_time(1000)
    practice.sender.deliver(events.batch(practice.zoom.world, meetings, "recording.batch_recovered"))
    assert [practice.call(meeting).trashed for meeting in meetings] == [False, False]


def test_29_many_deleted_at_once(practice: Practice, clock: Clock) -> None:
    """batch_deleted of a call that waits: what is kept of it cannot be read any more."""
    meeting = practice.record()
    practice.tell(meeting)
    clock.pass_time(1000)
    practice.sender.deliver(events.batch(practice.zoom.world, [meeting], "recording.batch_deleted"))
    call = practice.call(meeting)
    assert (call.state, call.wrapped_key, call.title_sealed) == (State.WITHDRAWN, None, None)


def test_29_a_part_in_the_bin_leaves_the_rest(practice: Practice, clock: Clock) -> None:
    """Only the film was trashed: the audio is still heard."""
    meeting = practice.record()
    film_file = practice.add_file(meeting, "MP4", film(9000))
    practice.tell(meeting)
    clock.pass_time(1000)
    practice.tell(meeting, "recording.trashed", [film_file])
    assert not practice.call(meeting).trashed
    assert len(practice.waiting()) == 1


def test_30_the_bin_stops_a_running_stage(practice: Practice, clock: Clock) -> None:
    """trashed while a worker hears: it can tell of nothing and end nothing, and what was fetched is gone after the
    next sweep."""
    meeting = practice.record()
    practice.tell(meeting)
    practice.fetch(meeting)
    call = practice.call(meeting)
    finish(practice, call.id, Stage.FETCH)
    with practice.services.database.transaction() as tx:
        lease = calls.take_lease(tx, call.id, Stage.HEAR, "worker", clock.now_ms)
    assert lease is not None
    clock.pass_time(1000)
    practice.tell(meeting, "recording.trashed")
    for told in (calls.renew, calls.complete):
        with pytest.raises(LeaseLost), practice.services.database.transaction() as tx:
            told(tx, lease, clock.now_ms)
    with practice.services.database.transaction() as tx:
        assert not calls.take_lease(tx, call.id, Stage.HEAR, "other", clock.now_ms + calls.LEASE_MS)
    clock.pass_time(calls.LEASE_MS)
    reconcile.clear_away(practice.services)
    assert practice.services.record(call.id).names() == ()


def test_30_a_report_that_is_out_stays(practice: Practice, clock: Clock) -> None:
    """Zoom tidies its cloud after the report was delivered: the coach keeps the report."""
    meeting = practice.record()
    practice.tell(meeting)
    finish(practice, practice.call(meeting).id, *Stage)
    clock.pass_time(1000)
    practice.tell(meeting, "recording.deleted")
    assert practice.call(meeting).state == State.DELIVERED


def test_32_a_series_keeps_its_meetings_apart(practice: Practice) -> None:
    """Two meetings with one number are two sessions."""
    first, second = practice.record(), practice.record(started=NINE + timedelta(days=1))
    assert first.number == second.number
    practice.tell(first)
    practice.tell(second)
    assert {call.meeting_uuid for call in practice.calls()} == {first.uuid, second.uuid}


def test_33_a_number_or_a_text_is_the_same_meeting(practice: Practice, clock: Clock) -> None:
    """object.id as number and as text: one call."""
    meeting = practice.record()
    event = practice.zoom.event(meeting)
    practice.sender.deliver(event)
    event["payload"]["object"]["id"] = str(meeting.number)
    event["event_ts"] += 1
    practice.sender.deliver(event)
    assert len(practice.calls()) == 1


def test_36_a_new_title_changes_the_title_only(practice: Practice, clock: Clock) -> None:
    """renamed: the title is new, the state and the work are as before."""
    meeting = practice.record(topic="First")
    practice.tell(meeting)
    before = practice.waiting()
    clock.pass_time(1000)
    practice.sender.deliver(events.renamed(practice.zoom.world, meeting, "Second"))
    record = practice.services.record(practice.call(meeting).id)
    assert record.call.title_sealed is not None
    assert record.key.open_text(record.call.title_sealed, "title") == "Second"
    assert practice.waiting() == before


def test_24_nobody_here(practice: Practice) -> None:
    """A recording of a host who is no coach here: answered, and nothing is kept of it."""
    stranger = practice.zoom.record("stranger@example.com", mixed=film(), started=NINE)
    assert practice.tell(stranger).status == 204
    assert practice.calls() == []


def test_24_another_account(practice: Practice) -> None:
    """An event of another account, even with a coach's address in it, is attached to nobody."""
    meeting = practice.record()
    meeting.account_id = "another"
    assert practice.tell(meeting).status == 204
    assert practice.calls() == []


def test_consent_comes_before_work(practice: Practice) -> None:
    """With consent asked for on the client's page, a call is kept but waits."""
    settings = practice.services.settings
    asks_first = settings.model_copy(update={"consent": settings.consent.model_copy(update={"basis": "client_page"})})
    with serving(replace(practice.services, settings=asks_first)) as practice.hook:
        meeting = practice.record()
        practice.tell(meeting)
    assert practice.call(meeting).state == State.RECEIVED
    assert practice.waiting() == []
