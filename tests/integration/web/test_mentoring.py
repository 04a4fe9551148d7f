"""The mentor's dossier: kept by the mentor, signed by both, taken along without a word of a client."""

from __future__ import annotations

from integration.store.people import PersonKind
from integration.store.schema import AuditLine
from tests.practices import COACH, EVERY, SUPERVISOR, Practice


def path_of(practice: Practice) -> str:
    """The dossier of the supervisor and the coach, who are assigned to each other."""
    practice.tie()
    mentor = practice.person(SUPERVISOR, PersonKind.SUPERVISOR)
    return f"/dossiers/{mentor}/{practice.person(COACH, PersonKind.COACH)}"


def add(practice: Practice, path: str, **fields: object) -> None:
    form = {"day": "2026-03-02", "minutes": "90", "group_size": "1", "do": "add", **fields}
    practice.supervisor().send(f"{path}/hours", page=path, **form)


def test_hours_add_up_on_the_page(practice: Practice) -> None:
    """Ninety minutes alone are 1 h 30 min of ten hours."""
    path = path_of(practice)
    add(practice, path)
    page = practice.coach().get(path).text
    assert "1 h 30 min of 10 h" in page
    assert "not complete yet" in page


def test_only_the_mentor_writes(practice: Practice) -> None:
    """The coach reads and signs, and cannot add hours."""
    path = path_of(practice)
    coach = practice.coach()
    answer = coach.send(f"{path}/hours", page=path, day="2026-03-02", minutes="600", group_size="1", do="add")
    assert answer.status_code == 404
    assert "None yet." in coach.get(path).text


def test_a_change_undoes_the_signatures(practice: Practice) -> None:
    """Both signed; one more meeting, and nobody has signed what stands there now."""
    path = path_of(practice)
    add(practice, path)
    for person in (practice.coach(), practice.supervisor()):
        person.send(f"{path}/sign", page=path)
    assert "not signed" not in practice.coach().get(path).text
    add(practice, path, day="2026-03-09")
    assert practice.coach().get(path).text.count("not signed") == 2


def test_the_export_holds_no_word_of_a_client(practice: Practice) -> None:
    """Days, minutes, the places of remarks and both names; neither the remarks nor what was said."""
    path = path_of(practice)
    call = practice.session(purposes=EVERY)
    practice.share(call)
    page = f"/supervision/{call.token}"
    practice.supervisor().send(f"{page}/comments", page=page, at="1:05", text="secretly pushed")
    add(practice, path, session=call.token)
    text = practice.supervisor().get(f"{path}/dossier.txt").text
    assert "2026-03-02" in text
    assert "session of 2026-11-05 1:05" in text
    assert SUPERVISOR in text
    for word in ("secretly", "sister", "quiet"):
        assert word not in text
    with practice.services.database.transaction() as tx:
        assert tx.query(AuditLine).filter_by(action="export").count() == 1


def test_after_the_end_the_mentors_view_closes(practice: Practice) -> None:
    """The coach keeps their dossier; the mentor's old link gives nothing."""
    path = path_of(practice)
    add(practice, path)
    coach, mentor = practice.coach(), practice.supervisor()
    tie = coach.get("/supervisors").text.split('action="/supervisors/')[1].split('"')[0]
    coach.send(f"/supervisors/{tie}", page="/supervisors", do="end")
    assert mentor.get(path).status_code == 404
    assert coach.get(path).status_code == 200
