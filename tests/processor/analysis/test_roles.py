"""Who is coach and who is client."""

from __future__ import annotations

from dataclasses import replace

from processor.analysis.read import read_session
from processor.knowledge import load
from processor.model.catalogue import SPEC_OF, Whose
from processor.model.measures import NotMeasured
from processor.model.people import Participant, Role, Sure
from processor.model.reading import LedBy
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


def test_a_given_role_that_the_talk_surely_contradicts_is_said() -> None:
    """The voices of the call given the wrong way round: the roles stand, and each is heard as the other."""
    session = builders.session(CALL)
    turned = {Role.COACH: Role.CLIENT, Role.CLIENT: Role.COACH}
    swapped = replace(session, participants=tuple(replace(p, role=turned[p.role]) for p in session.participants))
    found = read_session(swapped, load("en")).participants
    assert [(p.label, p.role, p.heard_as) for p in found] == [
        ("SPEAKER_00", Role.CLIENT, Role.COACH), ("SPEAKER_01", Role.COACH, Role.CLIENT)
    ]
    assert [p.heard_as for p in read_session(session, load("en")).participants] == [None, None]


def test_the_coach_is_found_from_talk() -> None:
    """Who asks and speaks of "you" is the coach."""
    found = roles(builders.session(CALL, roles=False))
    assert found["SPEAKER_00"][0] is Role.COACH
    assert found["SPEAKER_01"][0] is Role.CLIENT


def with_the_coach_given(script: str) -> Session:
    session = builders.session(script)
    half = tuple(replace(p, role=None) if p.role is not Role.COACH else p for p in session.participants)
    return replace(session, participants=half)


def test_one_given_role_leaves_the_other() -> None:
    """When the coach is given, the other voice of two is the client, and surely so."""
    assert roles(with_the_coach_given(CALL))["SPEAKER_01"] == (Role.CLIENT, Sure.SURE)


def test_what_follows_from_a_given_role_is_sure() -> None:
    """With the coach given and a third voice of three words, only one voice can be the client: the measures come."""
    session = with_the_coach_given(CALL + "0:50 other: Lunch is ready.")
    assert roles(session) == {
        "SPEAKER_00": (Role.COACH, Sure.SURE),
        "SPEAKER_01": (Role.CLIENT, Sure.SURE),
        "SPEAKER_02": (Role.OTHER, Sure.SURE),
    }
    talk = next(m for m in read_session(session, load("en")).measures if m.id == "talk_share_coach")
    assert not isinstance(talk, NotMeasured)


QUIET = """
    0:01 client: I keep taking work home from my team, and I want to stop, and every evening I tell my daughter
    0:12 client: that it is the last time, and then my boss writes to me again, and I answer him before I have eaten.
    0:24 coach: What stops you?
    0:26 client: I am afraid that he thinks I am lazy. My father thought so, and I never told him what he did to me.
    0:38 client: I will tell my boss that I stop at five, and I will not look at what he writes until I am back.
"""


def test_of_two_voices_both_take_part() -> None:
    """A coach with 3 of about 90 words is quiet, not absent: who talks nine tenths of the time is the client."""
    found = roles(builders.session(QUIET, roles=False))
    assert (found["SPEAKER_00"][0], found["SPEAKER_01"][0]) == (Role.COACH, Role.CLIENT)


def test_of_several_quiet_voices_none_is_surely_the_client() -> None:
    """The coach is given and says nearly all; two others say a handful of words each: either may be the client."""
    script = "0:01 coach: " + "and so on " * 40 + "\n1:00 client: Yes I see that\n1:05 other: Yes I see this"
    assert roles(with_the_coach_given(script))["SPEAKER_01"][1] is not Sure.SURE


def test_a_quiet_coach_beside_a_stray_voice_takes_part_too() -> None:
    """Both others say less than a tenth; with the stray one out there are still two for two roles."""
    found = roles(builders.session(QUIET + "0:52 other: Lunch!", roles=False))
    assert {label: role for label, (role, _) in found.items()} == {
        "SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT, "SPEAKER_02": Role.OTHER,
    }  # fmt: skip


def test_one_voice_alone_is_a_guess() -> None:
    """Nothing was given and nobody else speaks: whatever the voice is taken for is unsure."""
    (found,) = roles(builders.session("0:01 client: I keep taking work home from my team.", roles=False)).values()
    assert found[1] is Sure.UNSURE


def test_a_small_third_voice_is_neither() -> None:
    """Of three voices, one that says a few words is neither coach nor client."""
    session = builders.session(CALL + "0:50 other: Lunch is ready.", roles=False)
    assert roles(session)["SPEAKER_02"][0] is Role.OTHER


def test_unsure_roles_hide_what_hangs_on_them() -> None:
    """When neither voice can be told from the other, no measure of coach or client is given."""
    script = "0:01 coach: The weather is mild.\n0:04 client: The weather was mild."
    found = read_session(builders.session(script, roles=False), load("en"))
    of_one = [m for m in found.measures if SPEC_OF[m.id].whose is not Whose.BOTH]
    assert {m.reason if isinstance(m, NotMeasured) else m.value for m in of_one} == {"roles_unsure"}


def test_who_interrupted_more_hangs_on_the_roles() -> None:
    """The balance has a sign, which a wrong role turns round: it is the coach's, not of both."""
    assert SPEC_OF["interruption_balance_coach"].whose is Whose.COACH


def test_a_voice_that_says_nothing_still_has_a_role() -> None:
    """A participant without words is on the list."""
    session = builders.session(CALL, roles=False)
    silent = Participant("SPEAKER_07")
    assert "SPEAKER_07" in roles(replace(session, participants=(*session.participants, silent)))


ALIKE = """
    0:01 coach: What would you like to look at today?
    0:07 client: What would you like to look at today?
    0:13 client: I keep taking work home from my team, and I want to stop.
    0:19 coach: I keep taking work home from my team, and I want to stop.
    0:25 coach: What would tell you at the end that this hour was worth it?
    0:31 client: What would tell you at the end that this hour was worth it?
    0:37 client: I promised my daughter to be home by six, and I never am.
    0:43 coach: I promised my daughter to be home by six, and I never am.
    0:49 coach: What might you do with that before Monday?
    0:55 client: What might you do with that before Monday?
    1:01 client: You should write your boss a note and stop at five.
    1:07 coach: You should write your boss a note and stop at five.
    1:13 coach: What are you taking with you?
    1:19 client: What are you taking with you?
"""


def test_unsure_roles_leave_open_who_led() -> None:
    """Both say every line: with the roles given the client led; found from talk, either could be the one who did."""
    assert read_session(builders.session(ALIKE), load("en")).leading.led_by is LedBy.CLIENT
    found = read_session(builders.session(ALIKE, roles=False), load("en"))
    assert {p.sure for p in found.participants} == {Sure.UNSURE}
    assert found.leading.moves
    assert found.leading.led_by is LedBy.CANNOT_TELL


def test_talk_that_could_not_be_plainer_is_read() -> None:
    """Each talks like nobody but what they are: the heads round that to certain, of which no odds can be taken."""
    script = """
        0:01 client: I want to talk about my job. I am stuck.
        0:06 coach: We have five minutes left. What will you do by Friday, and what did you learn today?
        0:14 client: I could talk to my boss.
    """
    assert {label: role for label, (role, _) in roles(builders.session(script)).items()} == {
        "SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT,
    }  # fmt: skip
