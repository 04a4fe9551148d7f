"""A supervisor marks with their own ear first; mentor and coach sign their hours."""

from __future__ import annotations

import pytest

from integration.store.states import Purpose
from tests.journeys.office import Office
from tests.practices import COACH, SUPERVISOR

pytestmark = pytest.mark.journey


def test_a_supervisor_marks_blind(office: Office) -> None:
    """Marks come first, findings open after them, remarks reach the coach, and the coach sees who looked."""
    call = office.sessions.session(purposes=tuple(Purpose))
    office.sessions.tie()
    coach = office.visitor()
    coach.sign_in(COACH)
    coach.open(f"/sessions/{call.token}/share")
    coach.page.get_by_label("My question to them").fill("Whose idea was the list?")
    coach.press("Share")

    supervisor = office.visitor(phone=True)
    supervisor.sign_in(SUPERVISOR)
    supervisor.says("to be marked")
    supervisor.press(f"{COACH}, 5 November 2026")
    supervisor.says("Your ear first", "Whose idea was the list?", "3.1", "8.9")
    supervisor.says_nothing_of("Who led", "Places for partnering", "fairly sure")

    first = supervisor.page.get_by_role("group", name="3.1")
    first.get_by_label("Seen", exact=True).check()
    supervisor.page.get_by_role("group", name="7.1").get_by_label("Seen", exact=True).check()
    supervisor.page.get_by_role("group", name="6.6").get_by_label("Not seen").check()
    supervisor.press("Keep for later")
    supervisor.says_nothing_of("Who led")
    supervisor.page.get_by_label("At", exact=True).fill("1:05")
    supervisor.page.get_by_label("Remark; the coach reads it").fill("A list is yours, not theirs.")
    supervisor.press("Keep the remark")
    supervisor.press("My marks are done; show the findings")
    supervisor.says("Who led", "In numbers", "Seen", "Not seen")
    supervisor.open("/supervision")
    supervisor.says("marked")
    supervisor.open("/supervision/agreement")
    supervisor.says("too little to tell")

    coach.open(f"/sessions/{call.token}/share")
    coach.says("1:05", "A list is yours, not theirs.")
    coach.open("/logbook")
    coach.says(SUPERVISOR, "looked at it", "marked it", "shared it")
    coach.open(f"/sessions/{call.token}/share")
    coach.press("Take it back")
    supervisor.open(f"/supervision/{call.token}")
    supervisor.says("There is nothing here for you")


def test_mentor_and_coach_keep_their_hours(office: Office) -> None:
    """Hours are noted by the mentor, signed by both, and taken along as text."""
    office.sessions.tie()
    mentor, coach = office.visitor(), office.visitor(phone=True)
    mentor.sign_in(SUPERVISOR)
    mentor.open("/supervision/coaches")
    mentor.press("Mentor hours")
    for day, minutes, present in (("2026-03-02", "180", "1"), ("2026-06-02", "420", "8")):
        mentor.page.get_by_label("Day").fill(day)
        mentor.page.get_by_label("Minutes").fill(minutes)
        mentor.page.get_by_label("Coaches present").fill(present)
        mentor.press("Add it")
    mentor.says("complete", "10 h of 10 h", "3 h of at least 3 h", "passed from the first to the last meeting")
    mentor.press("Sign as it stands")

    coach.sign_in(COACH)
    coach.open("/supervisors")
    coach.press("Mentor hours")
    coach.press("Sign as it stands")
    assert "not signed" not in coach.page.inner_text("body")
    with coach.page.expect_download() as waiting:
        coach.page.get_by_role("link", name="Take it along as text").click()
    text = waiting.value.path().read_text()
    assert "180 min  one to one" in text
    assert "420 min  group of 8" in text
    assert "not signed" not in text
