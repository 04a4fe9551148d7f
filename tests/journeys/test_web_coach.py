"""A coach's first day, in a real browser on a telephone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from integration.store.people import PersonKind
from integration.store.states import Purpose
from tests.journeys.office import Office
from tests.practices import COACH, STARTED_MS, SUPERVISOR

SAMPLE = Path(__file__).parents[2] / "samples" / "sample_call" / "mix.m4a"
ADMINISTRATOR = "admin@practice.example"

PLAYING = (
    "new Promise(done => { const a = document.querySelector('#player audio');"
    " a.paused || a.readyState < 3 ? a.addEventListener('playing', () => done(a.currentTime)) : done(a.currentTime); })"
)
"""The second at which the player on the page plays, once it does."""

pytestmark = pytest.mark.journey


def test_a_coachs_first_day(office: Office) -> None:
    """Invited by letter, let in by a button, a recording sent: it is on its way to be heard."""
    office.sessions.person(ADMINISTRATOR, PersonKind.ADMINISTRATOR)
    administrator = office.visitor()
    administrator.sign_in(ADMINISTRATOR)
    before = office.letter_count()
    administrator.page.get_by_label("E-mail address").fill(COACH)
    administrator.page.get_by_label("Name").fill("Dana Hale")
    administrator.press("Invite")
    administrator.says("Added, and a letter is on its way.", "Dana Hale")

    coach = office.visitor(phone=True)
    coach.open(office.invitation(before))
    coach.says("You are invited as: Coach")
    coach.press("Accept and sign in")
    coach.says("No session yet.")

    coach.press("Send a recording")
    coach.page.get_by_label("File").set_input_files(SAMPLE)
    coach.page.get_by_label("Day of the session").fill("2026-11-01")
    coach.page.get_by_label("My client agreed to the recording and to a report for my own learning.").check()
    coach.press("Send it")
    coach.says("Being heard", "a mail tells you when the report is ready")
    coach.open("/sessions")
    coach.says("Session of 1 November 2026", "Being heard")


def test_a_coach_reads_corrects_and_deletes(office: Office) -> None:
    """The report guessed first, heard at its evidence, set right, answered with a question, and deleted."""
    agreed = (Purpose.OWN_REPORT, Purpose.QUOTE)
    call = office.sessions.session(started_ms=STARTED_MS, purposes=agreed, media=SAMPLE.read_bytes())
    coach = office.visitor(phone=True)
    coach.sign_in(COACH)
    coach.press("Session of 5 November 2026")
    coach.says("Your guess first")
    coach.says_nothing_of("Who led")
    coach.page.get_by_label("Of all the talk, my part was about … per cent").fill("50")
    coach.page.get_by_label("my client").check()
    coach.press("Show me what was heard")
    coach.says("You spoke: guessed 50", "Who led", "In numbers", "What this cannot know")

    play = coach.page.get_by_role("link", name="Play from").first
    minutes, seconds = re.findall(r"\d+", play.inner_text())
    play.click()
    assert coach.page.url.endswith(call.token)
    assert abs(coach.page.evaluate(PLAYING) - int(minutes) * 60 - int(seconds)) < 5

    coach.open(f"/sessions/{call.token}/correct")
    coach.press("Swap the two voices")
    coach.says("The voices are named anew")
    coach.press("Swap the two voices")
    coach.page.get_by_label("From", exact=True).fill("0:47")
    coach.page.get_by_label("To", exact=True).fill("1:04")
    coach.press("Strike it out")
    coach.says("0:47 to 1:04")
    coach.press("Wrong:", exact=False)
    coach.says("you said: wrong")
    coach.open(f"/sessions/{call.token}")
    coach.says_nothing_of("afraid to let her down")

    coach.page.get_by_label("In my own words").fill("What is it you want?")
    coach.press("Keep it")
    coach.says("Kept. It comes back to you with your next session.")

    coach.press("Delete")
    coach.press("Delete it for good")
    coach.says("This is your receipt", call.token)
    coach.open("/sessions")
    coach.says("You erased it.")


def test_the_report_reads_without_script_and_in_the_dark(office: Office) -> None:
    """Everything but the playing of charts works without a line of script; dark pages keep their contrast."""
    office.sessions.session(media=SAMPLE.read_bytes())
    plain = office.visitor(script=False)
    plain.sign_in(COACH)
    plain.press("Session of 5 November 2026")
    plain.press("Skip the guess")
    plain.says("Who led", "In numbers")
    plain.page.get_by_role("link", name="Play from").first.click()
    plain.look()
    plain.says("Listen", "From ")
    dark = office.visitor(dark=True)
    dark.sign_in(COACH)
    for path in ("/sessions", "/account", "/supervisors", "/logbook", "/upload"):
        dark.open(path)
    dark.open("/sessions")
    dark.press("Session of 5 November 2026")
    dark.says("Who led")


def test_an_administrator_assigns_and_ends(office: Office) -> None:
    """The supervisor sees the shared session while assigned; the old link is dead the moment it ends."""
    office.sessions.person(ADMINISTRATOR, PersonKind.ADMINISTRATOR)
    office.sessions.person(SUPERVISOR, PersonKind.SUPERVISOR)
    call = office.sessions.session(purposes=tuple(Purpose))
    administrator = office.visitor(phone=True)
    administrator.sign_in(ADMINISTRATOR)
    administrator.page.get_by_label("Supervisor", exact=True).select_option(label=SUPERVISOR)
    administrator.page.get_by_label("Coach", exact=True).select_option(label=COACH)
    administrator.press("Assign")
    administrator.says("since ")

    coach = office.visitor()
    coach.sign_in(COACH)
    coach.open(f"/sessions/{call.token}/share")
    coach.press("Share")
    coach.says("Shared. You can take it back at any time.")

    supervisor = office.visitor()
    supervisor.sign_in(SUPERVISOR)
    supervisor.press(f"{COACH}, 5 November 2026")
    supervisor.says("Your ear first")
    link = supervisor.page.url

    administrator.press("End:", exact=False)
    supervisor.open(link)
    supervisor.says("There is nothing here for you")
    administrator.open("/practice")
    administrator.says("The practice as a whole")


def test_pages_are_on_the_screen_within_a_second(office: Office) -> None:
    """List and report: the first words stand there in under a second."""
    call = office.sessions.session()
    coach = office.visitor()
    coach.sign_in(COACH)
    coach.press("Session of 5 November 2026")
    coach.press("Skip the guess")
    assert coach.first_paint_ms("/sessions") < 1000
    assert coach.first_paint_ms(f"/sessions/{call.token}") < 1000
