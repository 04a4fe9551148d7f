"""What a report says first when it does not know enough, and how it stays the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from processor.model.people import Role, Sure
from processor.model.reading import IsCoaching
from processor.model.segment import Segment
from processor.model.session import Doubt
from reports.audience import Audience
from tests.reports.calls import context, ordinary, report


@pytest.mark.parametrize("audience", Audience)
def test_the_same_input_gives_the_same_report(audience: Audience) -> None:
    """Nothing is random and nothing looks at a clock."""
    assert report(audience) == report(audience)


def test_unsure_roles_make_the_report_ask_which_voice_is_the_coachs() -> None:
    """A wrong role turns every finding around, so the voices are called A and B and nothing is read."""
    built = report(call=ordinary(sure=Sure.UNSURE))
    assert built.notice.startswith("Which voice is yours?")
    assert [line[:7] for line in built.asks] == ["Voice A", "Voice B"]
    assert [voice.name for voice in built.picture.voices] == ["Voice A", "Voice B"]
    assert not (built.moments)
    assert not (built.led)
    assert not (built.coverage)
    assert not (built.rubric)
    assert not (built.floor)
    assert not (built.picture.phases)


def test_roles_that_the_talk_contradicts_are_asked_about_first() -> None:
    """The coach hears of it before anything else; a supervisor or client could do nothing about it."""
    given, other = ordinary(), {Role.COACH: Role.CLIENT, Role.CLIENT: Role.COACH}
    call = replace(given, participants=tuple(replace(p, heard_as=other[p.role]) for p in given.participants))
    said = {audience: report(audience, call=call).notice for audience in Audience}
    assert said.pop(Audience.COACH).startswith("The voice that stands here as your client's sounded more")
    assert set(said.values()) == {""}
    assert report(call=call, roles_told=True).notice == ""  # the coach said so: that is not asked again


def test_what_is_said_of_each_voice_is_when_it_is_heard_and_how_much() -> None:
    """Voice A starts at 0:01 and says 45 of the 165 words, each as long as the next: 27%."""
    first, _ = report(call=ordinary(sure=Sure.UNSURE)).asks
    assert first == "Voice A is first heard at 0:01 and holds 27% of the talk."


@pytest.mark.parametrize(
    ("is_coaching", "start"),
    [(IsCoaching.NO, "This was not recognised as"), (IsCoaching.CANNOT_TELL, "It cannot be told whether")],
)
def test_a_call_that_is_not_surely_coaching_shows_times_only(is_coaching: IsCoaching, start: str) -> None:
    """It says so first; voices keep their names, since it is known who they are."""
    built = report(call=ordinary(is_coaching=is_coaching))
    assert built.notice.startswith(start)
    assert [voice.name for voice in built.picture.voices] == ["Your client", "You"]
    assert not (built.moments)
    assert not (built.led)
    assert not (built.coverage)
    assert not (built.experiment)
    assert not (built.guess)


def test_a_language_that_cannot_be_read_shows_times_only() -> None:
    """Only what needs no words is measured."""
    built = report(call=ordinary(language_supported=False))
    assert "language" in built.notice
    assert {number.id for number in built.numbers} == {"silence_share"}


def test_without_doubt_about_the_sound_the_report_does_not_call_it_good() -> None:
    """Not looked at is not the same as good."""
    assert "not known" in report().trust[0]


def test_bad_sound_is_said_in_the_first_line() -> None:
    """With what was wrong, and how many words were hard to make out."""
    built = report(call=ordinary(doubt=Doubt("poor", 0.23, remarks=("echo", "clipped"))))
    assert built.trust[0].endswith("the sound was poor, with an echo and places too loud; 23% of words unclear.")


def test_a_session_is_more_than_a_short_recording() -> None:
    """Under five minutes the report says so, since what it did not hear may lie outside; from there on it does not."""
    said = [report(call=replace(ordinary(), duration_ms=ms)).trust[1] for ms in (299_999, 300_000)]
    assert [line.startswith("That is short:") for line in said] == [True, False]


def test_what_was_not_recorded_is_said_in_the_first_lines() -> None:
    """Twenty seconds that were struck out."""
    built = report(call=replace(ordinary(), gaps=(Segment(100_000, 120_000),)))
    assert built.trust[1] == "20 s is missing: what was not heard may lie there."


def test_the_subject_has_a_date_and_a_length_and_nothing_else() -> None:
    """No name, no topic."""
    assert report().subject == "Session of 14 March, 4 min: your notes are ready"


def test_links_that_are_not_there_are_left_out() -> None:
    """An act without an address would be a dead end."""
    assert [act.text for act in report(links=type(context().links)()).acts] == []
