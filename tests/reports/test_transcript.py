"""Captions, and the transcript in the form that performance evaluations take."""

from __future__ import annotations

from io import BytesIO

import pytest
import webvtt
from docx import Document

from processor.model.people import Sure
from reports.transcript import Check, preflight, render_docx, render_vtt, statements
from tests.builders import findings

_CALL = """
0:01 coach: What would you like?
0:03 client: To rest, <b> and more.
0:04 coach: mm-hm
0:06 client: And sleep.
60:05 coach: Well.
"""


def _check(call: str, start: str) -> Check:
    return next(check for check in preflight(findings(call)) if check.asks.startswith(start))


def _paragraphs(content: bytes) -> list[str]:
    return [p.text for p in Document(BytesIO(content)).paragraphs if p.text.strip()]


def test_captions_name_the_voice_and_escape_what_was_said() -> None:
    """A reader of WebVTT gives the words back."""
    cues = list(webvtt.from_string(render_vtt(findings(_CALL))))
    assert [(cue.start, cue.voice, cue.text) for cue in cues][:2] == [
        ("00:00:01.000", "Coach", "What would you like?"),
        ("00:00:03.000", "Client", "To rest, &lt;b&gt; and more."),
    ]


def test_there_is_a_time_and_a_label_at_every_change_of_speaker() -> None:
    """Sounds of listening change the speaker too: it is verbatim."""
    assert list(statements(findings(_CALL))) == [
        ("00:00:01", "Coach", "What would you like?"),
        ("00:00:03", "Client", "To rest, <b> and more."),
        ("00:00:04", "Coach", "mm-hm"),
        ("00:00:06", "Client", "And sleep."),
        ("01:00:05", "Coach", "Well."),
    ]


def test_the_document_has_one_statement_a_line() -> None:
    """Without the page of checks, the first line is the first statement."""
    lines = _paragraphs(render_docx(findings(_CALL), with_checks=False))
    assert len(lines) == 5
    assert lines[0] == "[00:00:01] Coach: What would you like?"


def test_the_document_opens_with_what_to_check_and_to_delete() -> None:
    """A human must listen along, since machines leave out ums and repeats."""
    lines = _paragraphs(render_docx(findings(_CALL)))
    assert lines[1] == "Go through these points, then delete this page."
    assert any("a human must listen along" in line for line in lines)


def test_unsure_roles_are_no_coach_and_no_client() -> None:
    """The wrong way round would be worse than no label, so the list says not yet."""
    call = findings(_CALL, sure=Sure.UNSURE)
    assert [label for _, label, _ in statements(call)][:2] == ["Voice A", "Voice B"]
    assert preflight(call)[0].holds is False


@pytest.mark.parametrize(("end", "holds"), [("59:58", True), ("60:00", False)])
def test_a_session_over_an_hour_is_not_taken(end: str, holds: bool) -> None:  # noqa: FBT001  # a column of the table
    """The recording ends a second after the last word."""
    assert _check(f"0:01 coach: So?\n{end} client: Yes well", "The session is no longer").holds is holds


def test_a_full_name_is_pointed_to_by_its_time_only() -> None:
    """First and last name in the middle of a sentence."""
    check = _check("0:01 coach: And?\n0:05 client: I told Anna Berger about it.", "Only first names")
    assert (check.holds, check.note) == (False, "Look at 0:05.")


def test_a_first_name_or_the_start_of_a_sentence_is_no_full_name() -> None:
    """Whether it is one, a human looks at: the list leaves it open."""
    assert _check("0:01 coach: And?\n0:05 client: Well Anna said no. Then Anna left.", "Only first names").holds is None


def test_a_link_is_not_taken() -> None:
    """Said or pasted."""
    call = "0:01 coach: See www.example.com today.\n0:05 client: Yes I will"
    assert _check(call, "There are no links").holds is False
