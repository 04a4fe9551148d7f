"""The transcript: as captions (.vtt) and in the form that performance evaluations take (.docx).

Only for the coach: it holds every word. The .docx opens with a page of checks to go through and delete,
since a machine drops ums and repeats, and an assessor wants them.
# Source of the form: transcript rules of ICF performance evaluations as a coaching school publishes them
(labels Coach and Client, one statement a line, a time at every change of speaker, .docx, first names only,
at most 60 minutes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from io import BytesIO

from docx import Document
from docx.shared import Pt

from processor.model.findings import Findings
from processor.model.floor import Utterance
from processor.model.people import Role, Sure
from reports.phrases import clock, joined

LONGEST_MS = 60 * 60_000
"""Longer sessions are not taken. # Source: as above."""

_TWO_NAMES = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-z]{2,} [A-Z][a-z]{2,}\b")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the list before sending in: what it asks, whether it holds (None: only a human can say)."""

    asks: str
    holds: bool | None
    note: str = ""


def render_vtt(findings: Findings) -> str:
    """The utterances as WebVTT, each cue with its voice."""
    cues = [
        f"{_stamp(u.segment.start_ms)} --> {_stamp(max(u.segment.end_ms, u.segment.start_ms + 1))}\n"
        f"<v {_label(findings, u.label)}>{escape(u.text, quote=False)}"
        for u in findings.utterances
        if u.words
    ]
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def render_docx(findings: Findings, *, with_checks: bool = True) -> bytes:
    """The transcript as a Word file: one statement a line, a time at every change of speaker."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(11)
    document.core_properties.author, document.core_properties.title = "", "Transcript"
    if with_checks:
        _add_checks(document, preflight(findings))
    for at, label, text in statements(findings):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"[{at}] {label}: ").bold = True
        paragraph.add_run(text)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def statements(findings: Findings) -> Iterator[tuple[str, str, str]]:
    """(time, label, words) at every change of speaker; sounds of listening stand where they were said."""
    run: list[Utterance] = []
    for utterance in (u for u in sorted(findings.utterances, key=lambda u: u.segment) if u.words):
        if run and utterance.label != run[-1].label:
            yield _statement(findings, run)
            run = []
        run.append(utterance)
    if run:
        yield _statement(findings, run)


def preflight(findings: Findings) -> tuple[Check, ...]:
    """What to look at before the transcript goes to an assessor."""
    people = [p for p in findings.participants if p.role in (Role.COACH, Role.CLIENT)]
    sure = len(people) == 2 and all(p.sure is not Sure.UNSURE for p in people)
    named = [u for u in findings.utterances if _TWO_NAMES.search(u.text)]
    where = f"Look at {joined([clock(u.segment.start_ms) for u in named[:8]])}." if named else ""
    links = any(_LINK.search(u.text) for u in findings.utterances)
    return (
        Check("Every line is Coach or Client, and it is the right one.", sure and len(findings.participants) == 2,
              "" if sure else "It is not sure which voice is the coach. Set it first."),
        Check("A time stands at every change of speaker.", holds=True),
        Check("The session is no longer than 60 minutes.", findings.duration_ms <= LONGEST_MS),
        Check("There are no links in it.", not links),
        Check("Only first names are heard and written.", None if not named else False, where),
        Check("The file name has letters and digits only.", holds=None),
        Check("Every word is there, with ums, repeats and broken-off starts. Machines leave these out: a human must "
              "listen along and put them in.", holds=None),
        Check("Your client agreed in writing that this recording may be sent in.", holds=None),
    )


def _add_checks(document: Document, checks: tuple[Check, ...]) -> None:  # type: ignore[valid-type]  # docx: a factory
    document.add_heading("Before you send this in", level=1)  # type: ignore[attr-defined]  # as above
    document.add_paragraph("Go through these points, then delete this page.")  # type: ignore[attr-defined]  # as above
    for check in checks:
        said = {True: "Yes", False: "Not yet", None: "Please check"}[check.holds]
        text = f"{said}: {check.asks} {check.note}".strip()
        document.add_paragraph(text, style="List Bullet")  # type: ignore[attr-defined]  # as above
    document.add_page_break()  # type: ignore[attr-defined]  # as above


def _statement(findings: Findings, run: list[Utterance]) -> tuple[str, str, str]:
    start = run[0].segment.start_ms // 1000
    at = f"{start // 3600:02}:{start // 60 % 60:02}:{start % 60:02}"
    return at, _label(findings, run[0].label), " ".join(u.text for u in run)


def _label(findings: Findings, label: str) -> str:
    roles = {p.label: p for p in findings.participants}
    order = list(dict.fromkeys(u.label for u in findings.utterances))
    person = roles.get(label)
    if person is None or person.sure is Sure.UNSURE:
        return f"Voice {chr(ord('A') + order.index(label))}"
    return {Role.COACH: "Coach", Role.CLIENT: "Client"}.get(person.role, "Other")


def _stamp(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
