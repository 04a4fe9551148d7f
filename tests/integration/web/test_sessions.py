"""The coach's list of sessions, the guess that comes first, the report."""

from __future__ import annotations

import re

import pytest

from integration import reading
from integration.privacy.erasure import erase_call
from integration.reflection import reflection_of
from integration.store import calls
from integration.store.record import FINDINGS
from integration.store.schema import Call
from integration.store.states import Stage, State
from processor.model.people import Role, Sure
from tests.builders import session as script
from tests.practices import STARTED_MS, Practice


def test_a_new_coach_is_told_what_to_do(practice: Practice) -> None:
    """An empty list says how a session gets here."""
    page = practice.coach().get("/sessions").text
    assert "No session yet" in page
    assert "/upload" in page


def test_the_list_shows_each_session_with_its_state(practice: Practice) -> None:
    """A ready session is a link with its day and length."""
    call = practice.session()
    page = practice.coach().get("/sessions").text
    assert f"/sessions/{call.token}" in page
    assert "Ready" in page
    assert "2 min 58 s" in page  # 20 words of 0.333 s from 2:50 end at 2:56.66, and a script lasts a second longer


def test_a_call_that_is_heard_shows_how_far_it_is(practice: Practice) -> None:
    """Its page names the part, with the share done (41 %) and how long the rest of it takes."""
    call = practice.session(state=State.FETCHED)
    with practice.services.database.transaction() as tx:
        row = tx.get_one(Call, call.id)
        row.progress_part, row.progress_share, row.progress_left_ms = "words", 0.41, 200_000
    page = practice.coach().get(f"/sessions/{call.token}").text
    assert "Writing down the words" in page
    assert re.search(r'<progress[^>]* max="100" value="41"', page)
    assert "about 3 min left" in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("RECORDING_UNUSABLE", "The recording could not be used"),
        ("ZOOM", "Zoom refused to hand the recording over"),
        ("A_CODE_OF_TOMORROW", "It could not be carried on"),
    ],
)
def test_a_failed_session_says_why(practice: Practice, code: str, words: str) -> None:
    """A session that failed gives its reason in words, and the code to nobody."""
    call = practice.session()
    practice.services.record(call.id).drop(FINDINGS)
    with practice.services.database.transaction() as tx:
        calls.set_state(tx, calls.get_call(tx, call.id), State.FAILED, now_ms=1, reason=code)
    page = practice.coach().get(f"/sessions/{call.token}").text
    assert words in page
    assert code not in page


def test_a_report_is_shown_also_when_its_letter_could_not_be_sent(practice: Practice) -> None:
    """The mail server was away for two days: the list calls the session ready, and its page opens the report, as for
    every other; both say that the letter could not be sent."""
    call = practice.session(state=State.ANALYSED)
    with practice.services.database.transaction() as tx:
        lease = calls.take_lease(tx, call.id, Stage.DELIVER, "worker", 2)
        assert lease is not None
        calls.give_up(tx, lease, 3, state=State.FAILED, code="DELIVERY_BUSY")
    path, coach = f"/sessions/{call.token}", practice.coach()
    listed = coach.get("/sessions").text
    assert "Your guess first" in coach.get(path).text
    coach.send(f"{path}/guess", page=path, do="skip")
    page = coach.get(path).text
    assert "Who led" in page
    for text in (listed, page):
        assert "The letter about this report could not be sent." in text
    assert "Ready" in listed
    assert "Did not work" not in listed
    assert "Try it once more" in page
    coach.send(f"{path}/retry", page=path)
    with practice.services.database.transaction() as tx:
        assert calls.get_call(tx, call.id).state == State.ANALYSED  # from here on only the letter is left


def test_a_failed_session_can_be_tried_again(practice: Practice) -> None:
    """Trying again goes back to the stage that failed, and asks for it."""
    call = practice.session()
    with practice.services.database.transaction() as tx:
        failed = calls.get_call(tx, call.id)
        calls.set_state(tx, failed, State.FETCHED, now_ms=1)
        lease = calls.take_lease(tx, call.id, Stage.HEAR, "worker", 2)
        assert lease is not None
        calls.give_up(tx, lease, 3, state=State.FAILED, code="BUG")
    path = f"/sessions/{call.token}"
    assert practice.coach().send(f"{path}/retry", page=path).status_code == 302
    assert practice.now(call).state == State.FETCHED


def test_the_guess_comes_before_the_numbers(practice: Practice) -> None:
    """Before the coach has guessed or skipped, the page holds no finding."""
    call = practice.session()
    page = practice.coach().get(f"/sessions/{call.token}").text
    assert "Your guess first" in page
    assert "Who led" not in page


def test_a_guess_stands_beside_what_was_heard(practice: Practice) -> None:
    """After guessing 50 % the report says so beside its own figure."""
    call = practice.session()
    path = f"/sessions/{call.token}"
    coach = practice.coach()
    coach.send(f"{path}/guess", page=path, talk_share="50", led_by="client", do="guess")
    page = coach.get(path).text
    assert "You spoke: guessed 50" in page
    assert "Who led" in page


def test_a_guess_is_given_once(practice: Practice) -> None:
    """Who has seen the report cannot guess any more."""
    call = practice.session()
    path = f"/sessions/{call.token}"
    coach = practice.coach()
    coach.send(f"{path}/guess", page=path, do="skip")
    coach.send(f"{path}/guess", page=path, talk_share="33", do="guess")
    assert reflection_of(practice.services.record(call.id)).guess is None


def test_the_coach_picks_a_question_to_try(practice: Practice) -> None:
    """The question and the coach's own words for it are there when the page is opened again."""
    call = practice.session()
    path = f"/sessions/{call.token}"
    coach = practice.coach()
    coach.send(f"{path}/guess", page=path, do="skip")
    options = coach.get(path).text.split('name="experiment" value="')[1:]
    chosen = options[0].split('"')[0]
    coach.send(f"{path}/experiment", page=path, experiment=chosen, own_words="Where are you now?")
    page = coach.get(path).text
    assert f'value="{chosen}" checked' in page
    assert "Where are you now?" in page


def test_a_question_that_was_not_offered_is_refused(practice: Practice) -> None:
    """Only the questions of the report can be chosen."""
    call = practice.session()
    path = f"/sessions/{call.token}"
    assert practice.coach().send(f"{path}/experiment", page=path, experiment="close.99").status_code == 400


def test_the_trend_holds_the_coachs_own_sessions_only(practice: Practice) -> None:
    """Three earlier sessions of another coach leave the trend empty; one of one's own is in it."""
    for day in range(3):
        practice.session(coach="other@practice.example", started_ms=1_790_000_000_000 + day)
    call = practice.session()
    path = f"/sessions/{call.token}"
    coach = practice.coach()
    coach.send(f"{path}/guess", page=path, do="skip")
    assert "Over your sessions" not in coach.get(path).text
    practice.session(started_ms=1_791_000_000_000)
    assert "Over your sessions" in coach.get(path).text


def test_older_sessions_are_a_page_away(practice: Practice) -> None:
    """Of 52 sessions fifty are on the first page and two on the next, also when those at the border began at once; a
    made-up place shows the first."""
    tokens = [practice.session(started_ms=STARTED_MS - min(i, 48) * 60_000).token for i in range(52)]
    coach = practice.coach()
    first = coach.get("/sessions").text
    assert first.count("Session of ") == 50
    older = re.search(r"/sessions\?after=[\w-]+", first)
    assert older
    second = coach.get(older[0]).text
    assert second.count("Session of ") == 2
    assert [token for token in tokens if f"/sessions/{token}" not in first + second] == []
    assert coach.get("/sessions?after=soon").text.count("Session of ") == 50


def test_the_list_goes_on_behind_an_erased_session(practice: Practice) -> None:
    """The fiftieth was erased: it is a line without a link, and the fifty-first comes on the next page."""
    made = [practice.session(started_ms=STARTED_MS - i * 60_000) for i in range(51)]
    erase_call(practice.services, made[49].id, actor_id=None)
    coach = practice.coach()
    older = re.search(r"/sessions\?after=[\w-]+", coach.get("/sessions").text)
    assert older
    assert f"/sessions/{made[50].token}" in coach.get(older[0]).text


def test_somebody_elses_session_is_no_place_in_the_list(practice: Practice) -> None:
    """The token of another coach's session tells nothing of when it was: the list begins at its top."""
    practice.session(started_ms=STARTED_MS)
    theirs = practice.session(coach="other@practice.example", started_ms=STARTED_MS - 60_000)
    assert practice.coach().get(f"/sessions?after={theirs.token}").text.count("Session of ") == 1


ALIKE = "\n".join(
    f"{at // 60}:{at % 60:02} {'coach' if i % 2 else 'client'}: I was at the market today and it was cold."
    for i, at in enumerate(range(1, 160, 9))
)
"""Two voices that say the same in turn: nobody could tell which one is the coach."""


def unsure(practice: Practice) -> Call:
    call = practice.session()
    record, heard = practice.services.record(call.id), script(ALIKE, roles=False)
    record.keep_session(heard)
    record.keep_findings(*reading.read(heard, "embedded", ()))
    return call


def test_while_roles_are_unsure_the_coach_is_asked_first(practice: Practice) -> None:
    """Neither guess nor number comes before it is said which voice is theirs; the times alone can be looked at."""
    path, coach = f"/sessions/{unsure(practice).token}", practice.coach()
    page = coach.get(path).text
    assert "Which voice is yours?" in page
    assert "Your guess first" not in page
    assert "At a glance" not in page
    assert "At a glance" in coach.get(f"{path}?times=1").text


def test_saying_which_voice_is_theirs_reads_the_session_anew(practice: Practice) -> None:
    """One voice is the coach's, so the other is the client's, surely; and the question does not come again."""
    call = unsure(practice)
    path, coach = f"/sessions/{call.token}", practice.coach()
    answer = coach.send(f"{path}/correct/voices", page=path, mine="SPEAKER_01")
    assert answer.headers["Location"].endswith(path)
    assert "Which voice is yours?" not in coach.get(path).text
    found, _pipeline = practice.services.record(call.id).findings()
    roles = {p.label: (p.role, p.sure) for p in found.participants}
    assert roles == {"SPEAKER_00": (Role.CLIENT, Sure.SURE), "SPEAKER_01": (Role.COACH, Sure.SURE)}


def test_a_voice_that_nobody_heard_is_not_theirs(practice: Practice) -> None:
    """A made-up voice changes nothing."""
    path, coach = f"/sessions/{unsure(practice).token}", practice.coach()
    coach.send(f"{path}/correct/voices", page=path, mine="SPEAKER_77")
    assert "Which voice is yours?" in coach.get(path).text
