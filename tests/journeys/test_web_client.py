"""A client is asked, reads their own page, and takes everything back."""

from __future__ import annotations

import pytest

from integration.store.states import Purpose
from tests.journeys.office import Guest, Office
from tests.practices import COACH, EVERY

pytestmark = pytest.mark.journey
NEW = "new-client@elsewhere.example"


def invited(office: Office, token: str) -> str:
    """The link in the letter that the coach sends from the session's page."""
    coach = office.visitor()
    coach.sign_in(COACH)
    coach.open(f"/sessions/{token}/client")
    before = office.letter_count()
    coach.page.get_by_label("Your client's e-mail address").fill(NEW)
    coach.press("Send the letter")
    coach.says("Saying no costs your client nothing.")
    return office.invitation(before)


def answer(client: Guest, answers: dict[str, str]) -> None:
    for purpose, said in answers.items():
        client.page.get_by_role("group", name=purpose, exact=True).get_by_label(said, exact=True).check()
    client.press("Give my answers")


PURPOSES = (
    "The coach's own report",
    "Showing it to the coach's supervisor",
    "Quoting your words",
    "A page of your own",
    "The practice's figures",
)


def test_a_client_consents_reads_and_withdraws(office: Office) -> None:
    """From the letter to the receipt on a telephone; the coach learns that it was taken back, and nothing more."""
    call = office.sessions.session(purposes=(Purpose.OWN_REPORT,))
    client = office.visitor(phone=True)
    client.open(invited(office, call.token))
    client.says(
        f"{COACH} recorded a call with you",
        "It is not sent anywhere else.",
        "The words: 30 days.",
        "A no costs you nothing.",
    )
    answer(client, dict.fromkeys(PURPOSES, "Yes"))
    client.says("What you wanted from this session", "What you take away", "quiet is not no")
    client.says_nothing_of("You should write her a list", "In numbers", "PCC markers")

    client.press("My answers")
    client.says("You said yes on")
    client.page.get_by_role("group", name="The practice's figures").get_by_label("No", exact=True).check()
    client.press("Change my answers")
    client.says("Noted. It counts from now on.", "You said no on")

    client.press("Erase everything of this session")
    client.says("This is your receipt", call.token, "dropped: what a backup may still hold cannot be opened any more")
    coach = office.visitor()
    coach.sign_in(COACH)
    coach.says("Erased", "Your client withdrew their consent, so everything was erased.")


def test_a_no_works_without_script(office: Office) -> None:
    """A client who wants none of it says so once, in a browser without script."""
    call = office.sessions.session(purposes=(Purpose.OWN_REPORT,))
    client = office.visitor(script=False)
    client.open(invited(office, call.token))
    answer(client, dict.fromkeys(PURPOSES, "No"))
    client.says("This is your receipt", call.token)


def test_a_client_comes_back_with_a_code(office: Office) -> None:
    """Later they sign in with their address, and find their sessions."""
    call = office.sessions.session(client=NEW, purposes=EVERY)
    client = office.visitor(dark=True)
    client.sign_in(NEW)
    client.says("My coaching", "Nobody is told what you open here.")
    client.press("Session of 5 November 2026")
    client.says("What you take away")
    assert client.page.url.endswith(call.token)
