"""The administrator: people and ties, and no way into a session."""

from __future__ import annotations

import re

from integration.store.heartbeats import CLOCK, note_seen, worker_name
from integration.store.people import PersonKind, find_person
from integration.zoom.intake import note_challenge
from tests.practices import CLIENT, COACH, EVERY, STARTED_MS, SUPERVISOR, Practice
from tests.visitors import Visitor, letters, next_letter


def invited(practice: Practice, address: str, kind: str) -> str:
    """The path in the letter to somebody whom the administrator invites."""
    administrator = practice.administrator()
    before = len(letters(practice.services))
    administrator.send("/administration/people", page="/administration", address=address, kind=kind, name="New")
    found = re.search(r"/invitations/\S+", next_letter(practice.services, before).get_content())
    assert found
    return found[0]


def test_an_invited_coach_accepts_and_is_in(practice: Practice) -> None:
    """The letter's page welcomes them, the button signs them in, once."""
    link = invited(practice, "new@practice.example", "coach")
    visitor = Visitor(practice.app, practice.services)
    assert "You are invited as: Coach" in visitor.get(link).text
    assert visitor.send(link, page=link).status_code == 302
    assert visitor.get("/sessions").status_code == 200
    assert Visitor(practice.app, practice.services).get(link).status_code == 404


def test_nobody_can_be_made_a_client_by_invitation(practice: Practice) -> None:
    """Clients come by their coach's letter only."""
    practice.administrator().send(
        "/administration/people", page="/administration", address="x@practice.example", kind="client"
    )
    with practice.services.database.transaction() as tx:
        assert find_person(tx, "x@practice.example") is None


def test_assigning_and_ending(practice: Practice) -> None:
    """Assigned: the supervisor finds what was shared. Ended: 404 at once, old link and all."""
    coach_id = practice.person(COACH, PersonKind.COACH)
    supervisor_id = practice.person(SUPERVISOR, PersonKind.SUPERVISOR)
    call = practice.session(purposes=EVERY)
    administrator, supervisor = practice.administrator(), practice.supervisor()
    administrator.send(
        "/administration/assignments", page="/administration", supervisor=str(supervisor_id), coach=str(coach_id)
    )
    practice.share(call)
    assert supervisor.get(f"/supervision/{call.token}").status_code == 200
    end = re.search(r"/administration/assignments/\d+", administrator.get("/administration").text)
    assert end
    administrator.send(end[0], page="/administration")
    assert supervisor.get(f"/supervision/{call.token}").status_code == 404


def test_a_closed_account_is_out_at_once(practice: Practice) -> None:
    """Signed in or not: closed is closed, and no code gets in."""
    coach = practice.coach()
    coach_id = practice.person(COACH, PersonKind.COACH)
    practice.administrator().send(f"/administration/people/{coach_id}", page="/administration", do="close")
    assert coach.get("/sessions").status_code == 302
    before = len(letters(practice.services))
    coach.send("/sign-in/send", identity=COACH, chosen_method="email", submit_send_code="1")
    assert len(letters(practice.services)) == before


def test_no_administrator_closes_themself_out(practice: Practice) -> None:
    """The account that is used cannot be closed from itself."""
    administrator = practice.administrator()
    own = practice.person(administrator.address, PersonKind.ADMINISTRATOR)
    answer = administrator.send(f"/administration/people/{own}", page="/administration", do="close")
    assert answer.status_code == 404


def test_clients_are_not_listed(practice: Practice) -> None:
    """The list of people holds no client."""
    practice.session(client=CLIENT)
    assert CLIENT not in practice.administrator().get("/administration").text


def test_the_practices_figures_hide_small_groups(practice: Practice) -> None:
    """Four coaches with a client each show nothing; with the fifth the quarter has figures; one no, and it has none."""
    administrator = practice.administrator()
    for i in range(4):
        practice.session(coach=f"c{i}@x.example", client=f"k{i}@x.example", purposes=EVERY, started_ms=STARTED_MS)
    assert "too few people" in administrator.get("/practice").text
    call = practice.session(coach="c4@x.example", client=CLIENT, purposes=EVERY, started_ms=STARTED_MS)
    page = administrator.get("/practice").text
    assert "2026 Q4" in page
    assert "too few people" not in page
    for who in ("c0@x.example", "k0@x.example"):
        assert who not in page
    choices = f"/my-sessions/{call.token}/choices"
    practice.client().send(choices, page=choices, aggregate="no")
    assert "too few people" in administrator.get("/practice").text


def test_a_part_that_was_never_started_is_named(practice: Practice) -> None:
    """On the first day no worker has been seen, and the page does not say that all is well."""
    page = practice.administrator().get("/administration").text
    assert page.count("was never started") == 3
    assert "Hearing and reading (worker audio)" in page


def test_when_zoom_checked_the_address_is_told(practice: Practice) -> None:
    """Never at first; then the time. Zoom sends nothing to an address that it has not checked for 72 hours."""
    administrator, services = practice.administrator(), practice.services
    assert administrator.get("/administration").text.count("none yet") == 2
    note_challenge(services, services.database)
    assert administrator.get("/administration").text.count("none yet") == 1


def test_a_part_that_fell_silent_is_named(practice: Practice) -> None:
    """Seen now it works; six minutes later it does not answer."""
    services, administrator = practice.services, practice.administrator()
    with services.database.transaction() as tx:
        for name in (worker_name("io", "here"), worker_name("audio", "here"), CLOCK):
            note_seen(tx, name, services.now_ms())
    assert "does not answer" not in administrator.get("/administration").text
    services.now_ms.pass_time(360_000)
    assert administrator.get("/administration").text.count("does not answer") == 3


def test_who_was_invited_and_has_not_come_is_seen(practice: Practice) -> None:
    """Until they press the button of the letter's page."""
    link = invited(practice, "new@practice.example", "coach")
    assert "invited, not here yet" in practice.administrator().get("/administration").text
    Visitor(practice.app, practice.services).send(link, page=link)
    assert "invited, not here yet" not in practice.administrator().get("/administration").text
