"""The client: invited, asked, shown their own page, free to take it back."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from integration.config import ConsentSettings
from integration.store.people import find_person
from integration.store.schema import AuditLine, Call
from integration.store.states import Purpose
from integration.web.app import create_app
from integration.wiring import Services
from processor.model.measures import Measure
from tests.practices import CLIENT, DAY_MS, EVERY, STARTED_MS, TALK, Practice
from tests.visitors import Visitor, letters, next_letter, without_tokens

NEW = "new-client@elsewhere.example"
LINK = re.compile(r"/invitations/\S+")
SAID = re.findall(r"client: (.{25})", TALK)
"""How each longer line of the client in the talk begins."""


@pytest.fixture
def services(services: Services) -> Services:
    """A practice that invites clients."""
    consent = ConsentSettings(invite_clients=True)
    return replace(services, settings=services.settings.model_copy(update={"consent": consent}))


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


def invited(practice: Practice, call: Call) -> tuple[Visitor, str]:
    """Somebody without an account, and the path in the letter that the coach sent them."""
    coach, before = practice.coach(), len(letters(practice.services))
    path = f"/sessions/{call.token}/client"
    coach.send(path, page=path, address=NEW)
    found = LINK.search(next_letter(practice.services, before).get_content())
    assert found
    return Visitor(practice.app, practice.services, NEW), found[0]


def yes_to(*purposes: Purpose) -> dict[str, str]:
    return {purpose.value: "yes" if purpose in purposes else "no" for purpose in Purpose}


def test_the_letter_holds_nothing_of_the_call(practice: Practice) -> None:
    """Subject and text name neither day nor token of the session."""
    call = practice.session()
    invited(practice, call)
    letter = letters(practice.services)[-1]
    assert letter["To"] == NEW
    assert call.token not in str(letter)
    assert "November" not in str(letter.get_content()) + letter["Subject"]


def test_opening_the_link_changes_nothing(practice: Practice) -> None:
    """Mail scanners open links: ten times opened, it can still be answered."""
    visitor, link = invited(practice, practice.session())
    for _ in range(10):
        assert visitor.get(link).status_code == 200
    assert visitor.send(link, page=link, **yes_to(*Purpose)).status_code == 302


def test_nothing_is_ticked_beforehand(practice: Practice) -> None:
    """Neither yes nor no is chosen for anybody, and no answer can be left out by mistake."""
    visitor, link = invited(practice, practice.session())
    page = visitor.get(link).text
    assert "checked" not in page
    assert page.count("required") == len(Purpose)


def test_the_link_works_once(practice: Practice) -> None:
    """Who comes second finds it used up."""
    visitor, link = invited(practice, practice.session())
    second = Visitor(practice.app, practice.services)
    second.get(link)
    assert visitor.send(link, page=link, **yes_to(*Purpose)).status_code == 302
    assert second.send(link, page="/sign-in", **yes_to()).status_code == 404


def test_a_new_letter_replaces_the_old_one(practice: Practice) -> None:
    """Only the last invitation of a session can be answered."""
    call = practice.session()
    visitor, first = invited(practice, call)
    _visitor, second = invited(practice, call)
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200


def test_a_client_who_agreed_has_a_page(practice: Practice) -> None:
    """Their aim, their words and next steps; nothing that judges the coach, and no word of the coach."""
    call = practice.session()
    visitor, link = invited(practice, call)
    visitor.send(link, page=link, **yes_to(*Purpose))
    page = visitor.get(f"/my-sessions/{call.token}").text
    assert "quiet is not no" in page
    assert "talk to her on Monday" in page
    for of_the_coach in ("You should write her a list", "In numbers", "Coming in", "PCC markers", "Who led by"):
        assert of_the_coach not in page


def test_without_a_yes_to_the_page_there_is_none(practice: Practice) -> None:
    """Who wants no page of their own is shown their answers instead."""
    call = practice.session()
    visitor, link = invited(practice, call)
    visitor.send(link, page=link, **yes_to(Purpose.OWN_REPORT))
    answer = visitor.get(f"/my-sessions/{call.token}")
    assert answer.headers["Location"].endswith("/choices")


def test_a_no_to_everything_erases_and_forgets(practice: Practice) -> None:
    """No to the coach's report: the call is erased, a receipt is shown, and the address is not kept."""
    call = practice.session()
    visitor, link = invited(practice, call)
    page = visitor.send(link, page=link, **yes_to()).text
    assert "This is your receipt" in page
    assert call.token in page
    assert practice.now(call).wrapped_key is None
    with practice.services.database.transaction() as tx:
        assert find_person(tx, NEW) is None


def test_without_a_yes_to_quoting_no_word_of_the_client_is_shown(practice: Practice) -> None:
    """The coach's report has times and the coach's own words; no transcript can be taken along."""
    call = practice.session(purposes=(Purpose.OWN_REPORT,))
    path, coach = f"/sessions/{call.token}", practice.coach()
    coach.send(f"{path}/guess", page=path, do="skip")
    page = coach.get(path).text
    assert not [said for said in SAID if said in page]
    assert coach.get(f"{path}/transcript.docx").status_code == 404
    assert coach.get(f"{path}/transcript.vtt").status_code == 404


def test_with_it_the_words_are_shown(practice: Practice) -> None:
    """With the client's yes the report quotes them, and the transcript can be taken along."""
    call = practice.session(purposes=EVERY)
    path, coach = f"/sessions/{call.token}", practice.coach()
    coach.send(f"{path}/guess", page=path, do="skip")
    page = coach.get(path).text
    assert [said for said in SAID if said in page]
    assert coach.get(f"{path}/transcript.docx").status_code == 200
    assert "quiet is not no" in coach.get(f"{path}/transcript.vtt").text


def test_a_no_counts_at_once(practice: Practice) -> None:
    """Taking the yes to quoting back: the coach's next look has no word of the client."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    path, coach = f"/sessions/{call.token}", practice.coach()
    coach.send(f"{path}/guess", page=path, do="skip")
    choices = f"/my-sessions/{call.token}/choices"
    practice.client().send(choices, page=choices, quote="no")
    assert "quiet is not no" not in coach.get(path).text


def test_taking_one_yes_back_gives_a_receipt_of_what_went(practice: Practice) -> None:
    """One share, one mark and one remark of a supervisor: the page counts them, and the share is ended."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    practice.tie()
    practice.share(call)
    page, supervisor = f"/supervision/{call.token}", practice.supervisor()
    supervisor.send(f"{page}/marks", page=page, **{"mark-3.1": "seen", "do": "save"})
    supervisor.send(f"{page}/comments", page=page, at="1:05", text="a remark")
    choices = f"/my-sessions/{call.token}/choices"
    receipt = practice.client().send(choices, page=choices, supervisor="no").text
    assert "This is your receipt" in receipt
    assert re.search(r"Taken back from</dt><dd>one supervisor", receipt)
    assert re.search(r"Marks and remarks</dt><dd>2<", receipt)
    assert supervisor.get(page).status_code == 404


def test_with_the_last_session_the_account_goes(practice: Practice) -> None:
    """The receipt says so, and the browser is signed out; with another session left the account stays."""
    first, second = (practice.session(client=CLIENT, purposes=EVERY) for _ in range(2))
    client = practice.client()
    for call, gone in ((first, False), (second, True)):
        page = client.send(f"/my-sessions/{call.token}/withdraw", page=f"/my-sessions/{call.token}/choices").text
        assert ("your address is erased as well" in page) == gone
    assert client.get("/account").status_code == 302


def test_taking_everything_back_gives_a_receipt(practice: Practice) -> None:
    """The call is gone for the coach too, who reads that it was taken back and nothing else."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    client, coach = practice.client(), practice.coach()
    page = client.send(f"/my-sessions/{call.token}/withdraw", page=f"/my-sessions/{call.token}/choices").text
    assert "This is your receipt" in page
    assert coach.get(f"/sessions/{call.token}").status_code == 404
    assert "Your client withdrew their consent" in coach.get("/sessions").text


def test_the_coach_is_not_told_what_the_client_opens(practice: Practice) -> None:
    """The client's look at their page leaves no line that the coach could read, and no trace in the coach's pages."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    coach = practice.coach()
    pages = [f"/sessions/{call.token}/client", "/logbook"]
    before = [without_tokens(coach.get(page).text) for page in pages]
    practice.client().get(f"/my-sessions/{call.token}")
    assert [without_tokens(coach.get(page).text) for page in pages] == before
    with practice.services.database.transaction() as tx:
        assert tx.query(AuditLine).count() == 0


def test_clients_are_invited_only_where_the_practice_does(practice: Practice) -> None:
    """Switched off, there is no form, and sending it all the same sends no letter."""
    settings = practice.services.settings.model_copy(update={"consent": ConsentSettings()})
    quiet = replace(practice.services, settings=settings)
    other = Practice(create_app(quiet), quiet)
    call = other.session()
    path = f"/sessions/{call.token}/client"
    assert "Ask your client" not in other.coach().get(path).text
    assert other.coach().send(path, page="/account", address=NEW).status_code == 404


def test_their_part_is_shown_over_time(practice: Practice) -> None:
    """Two sessions with a page and one without: two lines, oldest first, and the share that is not the coach's."""
    for days, purposes in ((0, EVERY), (7, EVERY), (14, (Purpose.OWN_REPORT,))):
        call = practice.session(client=CLIENT, purposes=purposes, started_ms=STARTED_MS - days * DAY_MS)
    found, _pipeline = practice.services.record(call.id).findings()
    (coachs,) = [m.value for m in found.measures if m.id == "talk_share_coach" and isinstance(m, Measure)]
    page = practice.client().get("/my-sessions").text
    lines = re.findall(r'<th scope="row">([^<]+)</th><td>(\d+)', page)
    assert [day for day, _share in lines] == ["29 October 2026", "5 November 2026"]
    assert {int(share) for _day, share in lines} == {round(100 * (1 - coachs))}
