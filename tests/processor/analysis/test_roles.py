"""Who is coach and who is client."""

from __future__ import annotations

from dataclasses import replace

from processor.analysis.read import read_session
from processor.knowledge import load
from processor.model.measures import NotMeasured
from processor.model.people import Participant, Role, Sure
from processor.model.session import Session
from tests import builders

CALL = """
    0:01 coach: Hi, good to see you. What would you like to look at today?
    0:06 client: I keep taking work home from my team, and I want to stop.
    0:11 coach: What would tell you at the end that this hour was worth it?
    0:16 client: If I knew what I will say on Monday to my boss.
    0:21 coach: And what makes that matter to you now?
    0:25 client: I promised my daughter. I said I would be home by six, and I never am.
    0:31 coach: What do you notice as you say that?
    0:35 client: That I am angry. I had not noticed. I am really angry with myself.
    0:41 coach: What might you do with that before Monday?
    0:45 client: I will write my boss a note. I will tell him I stop at five.
"""


def roles(session: Session) -> dict[str, tuple[Role, Sure]]:
    return {p.label: (p.role, p.sure) for p in read_session(session, load("en")).participants}


def test_a_given_role_stands() -> None:
    """Roles that were given are sure, whatever the talk sounds like."""
    session = builders.session(CALL)
    turned = tuple(replace(p, role=Role.CLIENT if p.role is Role.COACH else Role.COACH) for p in session.participants)
    found = roles(replace(session, participants=turned))
    assert found == {"SPEAKER_00": (Role.CLIENT, Sure.SURE), "SPEAKER_01": (Role.COACH, Sure.SURE)}


def test_the_coach_is_found_from_talk() -> None:
    """Who asks and speaks of "you" is the coach."""
    found = roles(builders.session(CALL, roles=False))
    assert found["SPEAKER_00"][0] is Role.COACH
    assert found["SPEAKER_01"][0] is Role.CLIENT


def test_one_given_role_leaves_the_other() -> None:
    """When the coach is given, the other voice of two is the client."""
    session = builders.session(CALL)
    half = tuple(replace(p, role=None) if p.role is Role.CLIENT else p for p in session.participants)
    assert roles(replace(session, participants=half))["SPEAKER_01"][0] is Role.CLIENT


def test_a_small_third_voice_is_neither() -> None:
    """Of three voices, one that says a few words is neither coach nor client."""
    session = builders.session(CALL + "0:50 other: Lunch is ready.", roles=False)
    assert roles(session)["SPEAKER_02"][0] is Role.OTHER


def test_unsure_roles_hide_what_hangs_on_them() -> None:
    """When neither voice can be told from the other, no measure of coach or client is given."""
    script = "0:01 coach: The weather is mild.\n0:04 client: The weather was mild."
    found = read_session(builders.session(script, roles=False), load("en"))
    talk = next(m for m in found.measures if m.id == "talk_share_coach")
    assert isinstance(talk, NotMeasured)
    assert talk.reason == "roles_unsure"


def test_a_voice_that_says_nothing_still_has_a_role() -> None:
    """A participant without words is on the list."""
    session = builders.session(CALL, roles=False)
    silent = Participant("SPEAKER_07")
    assert "SPEAKER_07" in roles(replace(session, participants=(*session.participants, silent)))
