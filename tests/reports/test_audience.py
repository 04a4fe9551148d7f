"""What each reader may see is decided where the report is built."""

from __future__ import annotations

import pytest

from reports.audience import Audience, Part, may_see
from reports.message import build_message
from reports.page import render_page
from reports.text import render_text
from tests.reports.calls import CANARIES, canary_call, report


def _found(text: str) -> set[str]:
    return {kind for kind, word in CANARIES.items() if word.lower() in text.lower()}


def _mail(audience: Audience, **more: object) -> str:
    built = report(audience, canary_call(), **more)
    message = build_message(built, "notes@coach.example", "reader@coach.example", "<1@coach.example>", "")
    parts = [str(value) for value in message.values()]
    return "\n".join(parts + [p.get_content() for p in message.walk() if p.get_content_maintype() == "text"])


@pytest.mark.parametrize(
    ("audience", "quoted", "allowed"),
    [
        (Audience.COACH, False, {"coach"}),
        (Audience.COACH, True, {"coach", "client"}),
        (Audience.SUPERVISOR, False, set()),
        (Audience.SUPERVISOR, True, {"coach", "client"}),
        (Audience.CLIENT, False, {"client"}),
        (Audience.CLIENT, True, {"client"}),
    ],
)
def test_a_report_holds_only_the_words_its_reader_may_see(
    audience: Audience, quoted: bool, allowed: set[str]  # noqa: FBT001  # a column of the table above
) -> None:
    """The coach reads own words, others' only by consent; a client reads own words; nobody reads a name."""
    built = report(audience, canary_call(), may_quote_client=quoted)
    for shown in (repr(built), render_page(built), render_text(built)):
        assert _found(shown) == allowed


@pytest.mark.parametrize("audience", Audience)
def test_an_email_never_holds_a_name_or_a_word_that_was_said(audience: Audience) -> None:
    """Mail travels, so not even consent to be quoted lets words into it."""
    assert _found(_mail(audience, may_quote_client=True)) == set()


def test_a_client_sees_nothing_that_marks_the_coach() -> None:
    """No number, no coming-in, no rubric, no moment, no ledger line, no trend, no experiment."""
    built = report(Audience.CLIENT)
    assert not (built.numbers)
    assert not (built.headlines)
    assert not (built.floor)
    assert not (built.questions)
    assert not (built.rubric)
    assert not (built.moments)
    assert not (built.hear_again)
    assert not (built.trend)
    assert not (built.experiment)
    assert not (built.coverage)
    assert not (built.guess)
    assert not (built.acts)
    assert built.led is not None and not built.led.moves and not built.led.choices  # noqa: PT018  # one rule
    assert built.picture is not None and not built.picture.marks  # noqa: PT018  # one rule


def test_a_supervisor_marks_before_the_tool_shows_its_marks() -> None:
    """Until the supervisor has marked, there is no number, moment, move or marker to be pulled by."""
    built = report(Audience.SUPERVISOR, marked=False, coachs_question="Did I hold back enough?")
    assert not (built.numbers)
    assert not (built.moments)
    assert not (built.led)
    assert not (built.rubric)
    assert not (built.coverage)
    assert not (built.floor)
    assert built.coachs_question == "Did I hold back enough?"


def test_a_supervisor_never_sees_the_coachs_guess_trend_or_experiment() -> None:
    """They come from, or lead to, sessions that were not shared."""
    built = report(Audience.SUPERVISOR)
    assert not (built.guess)
    assert not (built.trend)
    assert not (built.experiment)
    assert not (built.acts)
    assert not any(number.own for number in (*built.numbers, *built.headlines))


def test_the_table_names_every_part_for_somebody() -> None:
    """A part that nobody may see would be dead."""
    assert frozenset().union(*(may_see(audience) for audience in Audience)) == frozenset(Part)
