"""Calls at the edge of what can be: every reader still gets a page, a text, a mail and a PDF."""

from __future__ import annotations

from dataclasses import replace

import pytest

from processor.model.findings import Findings
from processor.model.people import Sure
from processor.model.reading import IsCoaching
from reports.audience import Audience
from reports.message import build_message
from reports.page import render_page
from reports.pdf import render_pdf
from reports.text import render_text
from reports.transcript import render_docx, render_vtt
from tests.builders import findings
from tests.reports.calls import ordinary, report

_EMPTY = {"utterances": (), "readings": (), "turns": (), "participants": ()}
_SILENT = replace(findings("0:01 coach: Well."), **_EMPTY, is_coaching=IsCoaching.CANNOT_TELL)
_CALLS = {
    "nobody speaks": _SILENT,
    "one voice": findings("0:01 coach: Is anybody there, can you hear me?", sure=Sure.UNSURE),
    "one voice, sure of it": findings("0:01 coach: Is anybody there, can you hear me?"),
    "a second long": findings("0:00 coach: Hi.\n0:00.5 client: Hi."),
    "three hours": replace(ordinary(), duration_ms=3 * 3_600_000),
    "three people": findings("0:01 coach: So?\n0:03 client: Well, yes.\n0:05 other: Excuse me please, the door."),
    "no measure": ordinary(measures=[]),
    "no move, no coming-in, no phase": ordinary(moves=[], floor=[], phases="", coverage=""),
}


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("call", _CALLS.values(), ids=_CALLS.keys())
def test_every_reader_gets_every_form(call: Findings, audience: Audience) -> None:
    """Nothing breaks, and nothing is left unfilled."""
    built = report(audience, call)
    message = build_message(built, "a@coach.example", "b@coach.example", "<1@coach.example>", "")
    for text in (render_page(built), render_text(built), message.as_string()):
        assert "None" not in text
        assert "nan" not in text.lower().split()
    assert render_pdf(built).startswith(b"%PDF")


@pytest.mark.parametrize("call", _CALLS.values(), ids=_CALLS.keys())
def test_every_call_gets_its_transcripts(call: Findings) -> None:
    """An empty one has no statement and is still a file."""
    assert render_vtt(call).startswith("WEBVTT")
    assert render_docx(call).startswith(b"PK")


def test_a_third_person_is_named_as_such_and_not_counted() -> None:
    """The report says so in its first lines, which stand in the mail too."""
    built = report(call=_CALLS["three people"])
    assert [voice.name for voice in built.picture.voices] == ["Your client", "You", "Someone else"]
    assert "A third person was heard; the numbers are those of you and your client." in built.trust


def test_one_voice_alone_is_not_taken_for_a_conversation() -> None:
    """Nothing between two is counted, and nobody is asked which of the one voices is theirs."""
    built = report(call=replace(_CALLS["one voice, sure of it"], measures=ordinary().measures))
    assert built.notice.startswith("Only one voice was heard")
    assert [number.id for number in built.numbers] == ["silence_share"]
    assert built.asks == ()
