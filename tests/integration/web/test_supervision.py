"""Supervision: only what is shared, only while assigned, and the supervisor's own ear first."""

from __future__ import annotations

import re
import shutil

from integration.store import consents
from integration.store.people import PersonKind
from integration.store.schema import AuditLine, Call
from integration.store.sharing_schema import Assignment
from integration.store.states import Purpose
from tests.practices import COACH, EVERY, STARTED_MS, SUPERVISOR, Practice
from tests.visitors import letters


def shared(practice: Practice) -> Call:
    """A session that its coach shares with the supervisor."""
    call = practice.session(purposes=EVERY)
    practice.tie()
    practice.share(call)
    return call


def test_the_coach_shares_with_a_question(practice: Practice) -> None:
    """The supervisor finds the session in their list and reads the coach's question."""
    call = practice.session(purposes=EVERY)
    practice.tie()
    path, coach = f"/sessions/{call.token}", practice.coach()
    supervisor = practice.supervisor()
    chosen = coach.get(f"{path}/share").text.split('<option value="')[1].split('"')[0]
    coach.send(f"{path}/share", page=f"{path}/share", supervisor=chosen, purpose="mentoring", question="Was I pushing?")
    assert call.token in supervisor.get("/supervision").text
    assert "Was I pushing?" in supervisor.get(f"/supervision/{call.token}").text


def test_without_the_clients_yes_nothing_is_shared(practice: Practice) -> None:
    """The page offers no form, and sending one all the same shares nothing."""
    call = practice.session(purposes=(Purpose.OWN_REPORT,))
    practice.tie()
    path, coach = f"/sessions/{call.token}", practice.coach()
    assert "Your client has not agreed to this" in coach.get(f"{path}/share").text
    supervisor_id = practice.person(SUPERVISOR, PersonKind.SUPERVISOR)
    coach.send(f"{path}/share", page="/account", supervisor=str(supervisor_id), purpose="supervision")
    assert practice.supervisor().get(f"/supervision/{call.token}").status_code == 404


def test_a_share_without_the_clients_standing_yes_is_not_found(practice: Practice) -> None:
    """Even where a share was made at the very moment of the no and has not been ended yet."""
    call, supervisor = shared(practice), practice.supervisor()
    assert supervisor.get(f"/supervision/{call.token}").status_code == 200
    with practice.services.database.transaction() as tx:
        consents.record(
            tx, call.id, Purpose.SUPERVISOR, granted=False, basis="client_page", text_version="1", now_ms=STARTED_MS
        )
    assert supervisor.get(f"/supervision/{call.token}").status_code == 404
    assert call.token not in supervisor.get("/supervision").text


def test_findings_stay_hidden_until_the_marks_are_done(practice: Practice) -> None:
    """Before marking: voices only. After it: who led, numbers, and the software's word beside every mark."""
    call = shared(practice)
    path, supervisor = f"/supervision/{call.token}", practice.supervisor()
    before = supervisor.get(path).text
    assert "Your ear first" in before
    for finding in ("Who led", "In numbers", "Places for partnering", "Opening"):
        assert finding not in before
    supervisor.send(f"{path}/marks", page=path, **{"mark-3.1": "seen", "do": "save"})
    assert "Who led" not in supervisor.get(path).text
    supervisor.send(f"{path}/marks", page=path, **{"mark-3.1": "seen", "do": "done"})
    after = supervisor.get(path).text
    assert "Who led" in after
    assert "Your ear first" not in after


def test_marks_cannot_change_after_the_findings(practice: Practice) -> None:
    """What was marked before stands, so that agreement means something."""
    call = shared(practice)
    path, supervisor = f"/supervision/{call.token}", practice.supervisor()
    supervisor.send(f"{path}/marks", page=path, **{"mark-3.1": "seen", "do": "done"})
    supervisor.send(f"{path}/marks", page=path, **{"mark-3.1": "not_seen", "do": "done"})
    assert "Your marks stand already" in supervisor.get(path).text
    assert ">Seen<" in supervisor.get(path).text


def test_one_mark_at_least_opens_the_findings(practice: Practice) -> None:
    """An empty form opens nothing."""
    call = shared(practice)
    path, supervisor = f"/supervision/{call.token}", practice.supervisor()
    supervisor.send(f"{path}/marks", page=path, do="done")
    assert "Your ear first" in supervisor.get(path).text


def test_marks_where_the_software_cannot_tell_lie_beside_nothing(practice: Practice) -> None:
    """Marker 6.6 has a figure and no word from the software: the page says why it shows no agreement."""
    call = shared(practice)
    path, supervisor = f"/supervision/{call.token}", practice.supervisor()
    assert "It begins with the first session" in supervisor.get("/supervision/agreement").text
    supervisor.send(f"{path}/marks", page=path, **{"mark-6.6": "seen", "do": "done"})
    assert "the software could not tell" in supervisor.get("/supervision/agreement").text


def test_a_remark_reaches_the_coach(practice: Practice) -> None:
    """A remark at 1:05 stands on the coach's page of the session, escaped."""
    call = shared(practice)
    path, supervisor = f"/supervision/{call.token}", practice.supervisor()
    supervisor.send(f"{path}/comments", page=path, at="1:05", text="Whose list is it? <b>")
    page = practice.coach().get(f"/sessions/{call.token}/share").text
    assert "1:05" in page
    assert "Whose list is it? &lt;b&gt;" in page


def test_taking_back_closes_the_door(practice: Practice) -> None:
    """After the coach takes it back, list, page and old link give nothing."""
    call = shared(practice)
    supervisor = practice.supervisor()
    assert supervisor.get(f"/supervision/{call.token}").status_code == 200
    path = f"/sessions/{call.token}"
    practice.coach().send(f"{path}/take-back", page=f"{path}/share")
    assert supervisor.get(f"/supervision/{call.token}").status_code == 404
    assert call.token not in supervisor.get("/supervision").text


def test_the_end_of_an_assignment_closes_it_for_good(practice: Practice) -> None:
    """Ended, and begun again: what was shared before does not come back by itself."""
    call = shared(practice)
    coach, supervisor = practice.coach(), practice.supervisor()
    with practice.services.database.transaction() as tx:
        tie = tx.query(Assignment).one().id
    coach.send(f"/supervisors/{tie}", page="/supervisors", do="end")
    assert supervisor.get(f"/supervision/{call.token}").status_code == 404
    practice.tie()
    assert supervisor.get(f"/supervision/{call.token}").status_code == 404


def test_a_supervisor_asks_and_the_coach_accepts(practice: Practice) -> None:
    """Asking alone opens nothing; accepting does, with its date."""
    call = practice.session(purposes=EVERY)
    coach, supervisor = practice.coach(), practice.supervisor()
    supervisor.send("/supervision/coaches", page="/supervision/coaches", do="ask", address=COACH)
    practice.share(call)
    assert supervisor.get(f"/supervision/{call.token}").status_code == 404
    page = coach.get("/supervisors").text
    assert "asks to supervise you" in page
    coach.send(page.split('action="')[2].split('"')[0], page="/supervisors", do="accept")
    assert supervisor.get(f"/supervision/{call.token}").status_code == 200


def test_asking_tells_nobody_who_is_a_coach_here(practice: Practice) -> None:
    """The answer is one and the same for a coach and for a stranger, and no letter goes out."""
    practice.coach()
    supervisor = practice.supervisor()
    before = len(letters(practice.services))
    pages = []
    for address in (COACH, "stranger@elsewhere.example"):
        supervisor.send("/supervision/coaches", page="/supervision/coaches", do="ask", address=address)
        pages.append("they are asked" in supervisor.get("/supervision/coaches").text)
    assert pages == [True, True]
    assert len(letters(practice.services)) == before


def test_every_look_is_in_the_coachs_log(practice: Practice) -> None:
    """Two views and one marking by the supervisor are three lines, and the coach reads them."""
    call = shared(practice)
    path, supervisor = f"/supervision/{call.token}", practice.supervisor()
    supervisor.send(f"{path}/marks", page=path, **{"mark-3.1": "seen", "do": "save"})
    supervisor.get(path)
    with practice.services.database.transaction() as tx:
        actions = [line.action for line in tx.query(AuditLine).order_by(AuditLine.id)]
    assert actions == ["view", "mark", "view"]
    page = practice.coach().get("/logbook").text
    assert page.count("looked at it") == 2
    assert page.count("marked it") == 1


def test_the_coachs_report_says_that_there_are_remarks(practice: Practice) -> None:
    """Two remarks: the report leads to them."""
    call = shared(practice)
    path, coach = f"/supervision/{call.token}", practice.coach()
    for at in ("0:30", "1:05"):
        practice.supervisor().send(f"{path}/comments", page=path, at=at, text="a remark")
    own = f"/sessions/{call.token}"
    coach.send(f"{own}/guess", page=own, do="skip")
    assert "Remarks: 2" in coach.get(own).text


def test_the_supervisor_is_told_by_a_letter_without_content(practice: Practice) -> None:
    """It names the coach and the way in; neither day, question, purpose nor token of the session."""
    coach = practice.coach()
    call = practice.session(purposes=EVERY)
    practice.tie()
    path = f"/sessions/{call.token}/share"
    supervisor = practice.person(SUPERVISOR, PersonKind.SUPERVISOR)
    coach.send(path, page=path, supervisor=supervisor, purpose="credential", question="Whose idea was it?")
    letter = letters(practice.services)[-1]
    assert letter["To"] == SUPERVISOR
    assert "Dana Hale shares a coaching session with you" in letter.get_content()
    for word in (call.token, "November", "Whose idea", "credential"):
        assert word not in letter.as_string()


def test_it_is_shared_also_when_no_letter_can_go_out(practice: Practice) -> None:
    """The mail folder cannot be written; the supervisor finds the session all the same."""
    call = practice.session(purposes=EVERY)
    practice.tie()
    coach, supervisor = practice.coach(), practice.supervisor()
    folder = practice.services.mailer.folder  # tests use the folder as mail box
    shutil.rmtree(folder)
    folder.write_text("no folder")
    path = f"/sessions/{call.token}/share"
    ids = practice.person(SUPERVISOR, PersonKind.SUPERVISOR)
    assert coach.send(path, page=path, supervisor=ids, purpose="supervision").status_code == 302
    assert supervisor.get(f"/supervision/{call.token}").status_code == 200


def test_a_coach_reads_that_somebody_asks(practice: Practice) -> None:
    """The question stands on the first page until it is answered."""
    coach, supervisor = practice.coach(), practice.supervisor()
    supervisor.send("/supervision/coaches", page="/supervision/coaches", do="ask", address=COACH)
    assert "Somebody asks to supervise you." in coach.get("/sessions").text
    path = re.findall(r'action="(/supervisors/\d+)"', coach.get("/supervisors").text)[0]
    coach.send(path, page="/supervisors", do="accept")
    assert "Somebody asks to supervise you." not in coach.get("/sessions").text
