"""The files that `process` and `read` leave: all of them, or none."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from integration.errors import StoreFault
from processor.formats import findings_json, rttm, words_json
from processor.formats.findings_json import Pipeline
from processor.model.findings import Findings
from processor.model.session import Session
from reports.audience import Audience
from reports.content import build_report
from reports.context import Context
from reports.message import build_message
from reports.page import render_page
from reports.pdf import render_pdf
from reports.text import render_text
from reports.transcript import render_docx, render_vtt

SENDER, RECIPIENT = "Partnering <partnering@localhost>", "coach@localhost"
"""The addresses of report.eml, a message that is looked at and not sent."""


def make_files(session: Session, findings: Findings, pipeline: Pipeline) -> dict[str, bytes]:
    """Every file that is made of a call, by name, for the coach's own eyes (so client words may stand in them)."""
    context = Context(fingerprint=pipeline.fingerprint, profile=pipeline.profile, may_quote_client=True)
    report = build_report(findings, Audience.COACH, context)
    words = words_json.dump(session).encode()
    message = build_message(
        report,
        sender=SENDER,
        recipient=RECIPIENT,
        message_id=f"<report.{hashlib.sha256(words).hexdigest()[:24]}@localhost>",
        list_unsubscribe_url="",
    )
    return {
        "words.json": words,
        "speakers.rttm": rttm.dump(session.speech).encode(),
        "findings.json": findings_json.dump(findings, pipeline).encode(),
        "report.html": render_page(report).encode(),
        "report.txt": render_text(report).encode(),
        "report.eml": message.as_bytes(),
        "report.pdf": render_pdf(report),
        "transcript.vtt": render_vtt(findings).encode(),
        "transcript.docx": render_docx(findings),
    }


def write_files(files: dict[str, bytes], folder: Path) -> None:
    """Write `files` into `folder`, whole or not at all. StoreFault when the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".partnering-", dir=folder))
    except OSError as fault:
        raise StoreFault("the folder given by --out cannot be written; choose another", code="OUT_FOLDER") from fault
    try:
        for name, content in files.items():
            (part / name).write_bytes(content)
        for name in files:
            (part / name).replace(folder / name)
    except OSError as fault:
        raise StoreFault("the output could not be written; check the disk's free space", code="OUT_FOLDER") from fault
    finally:
        shutil.rmtree(part, ignore_errors=True)
