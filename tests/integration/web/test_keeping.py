"""For how long audio stays: the coach says so for the sessions to come, and their clients read it."""

from __future__ import annotations

from integration.store import calls
from integration.store.people import PersonKind
from integration.store.schema import Call
from integration.store.states import State
from tests.practices import CLIENT, COACH, EVERY, Practice

SOUND = b"\0\0\0\x18ftypM4A " + bytes(5000)


def days_of_next_call(practice: Practice) -> int | None:
    """What a new recording of the coach is kept for."""
    services, coach = practice.services, practice.person(COACH, PersonKind.COACH)
    with services.database.transaction() as tx:
        call, _key = calls.add_call(tx, services.keys, origin="zoom", started_ms=1, now_ms=1, coach_id=coach)
        return call.keep_audio_days


def change(practice: Practice, call: Call, days: int) -> int | None:
    """The coach asks for so many days; what the call has then."""
    path = f"/sessions/{call.token}"
    practice.coach().send(f"{path}/audio", page=f"{path}/listen", days=str(days))
    return practice.now(call).keep_audio_days


def test_the_coachs_wish_counts_for_new_sessions(practice: Practice) -> None:
    """Until then the settings decide; what is here already keeps its own days."""
    before = practice.session()
    assert days_of_next_call(practice) is None
    practice.coach().send("/account/audio", page="/account", days="7")
    assert days_of_next_call(practice) == 7
    assert practice.now(before).keep_audio_days is None


def test_a_number_that_is_none_is_no_wish(practice: Practice) -> None:
    """Words, and more than a year, leave everything as it was."""
    for days in ("long", "366"):
        practice.coach().send("/account/audio", page="/account", days=days)
    assert days_of_next_call(practice) is None


def test_the_client_reads_the_days_of_their_session(practice: Practice) -> None:
    """Seven for this one, whatever the settings say for others."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    with practice.services.database.transaction() as tx:
        tx.get_one(Call, call.id).keep_audio_days = 7
    assert "The recording: 7 days" in practice.client().get(f"/my-sessions/{call.token}/choices").text


def test_what_a_client_was_told_is_not_made_longer(practice: Practice) -> None:
    """Their yes was to no audio at all, so three days are refused; before they answered, three days were possible."""
    unasked, answered = practice.session(), practice.session(client=CLIENT, purposes=EVERY)
    assert change(practice, unasked, 3) == 3
    assert change(practice, answered, 3) is None
    assert "your client was told 0 days" in practice.coach().get(f"/sessions/{answered.token}/listen").text


def test_fewer_days_are_always_possible(practice: Practice) -> None:
    """Seven were said, two are kept."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    with practice.services.database.transaction() as tx:
        tx.get_one(Call, call.id).keep_audio_days = 7
    assert change(practice, call, 2) == 2


def test_no_days_for_a_recording_that_waits_erase_it_after_its_hearing(practice: Practice) -> None:
    """Audio that was not heard yet stays until then; otherwise there would be nothing to hear."""
    call = practice.session(media=SOUND, state=State.FETCHED)
    assert change(practice, call, 0) == 0
    assert any(name.startswith("media") for name in practice.services.record(call.id).names())


def test_every_listening_of_a_supervisor_is_noted_once(practice: Practice) -> None:
    """A player that begins in the middle is noted too; parts within ten minutes are one line, later ones another."""
    call = practice.session(purposes=EVERY, media=SOUND)
    (name,) = [n for n in practice.services.record(call.id).names() if n.startswith("media")]
    practice.tie()
    practice.share(call)
    supervisor, coach = practice.supervisor(), practice.coach()
    for minutes, lines in ((0, 1), (9, 1), (2, 2)):
        practice.services.now_ms.pass_time(minutes * 60_000)
        supervisor.get(f"/supervision/{call.token}/audio/{name}", headers={"Range": "bytes=77-99"})
        assert coach.get("/logbook").text.count("listened to it") == lines
