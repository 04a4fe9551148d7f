"""What a coach may take along: the report as PDF, and with the client's yes to quoting, the transcript."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from integration.presenting import present
from integration.store import audit, consents
from integration.store.people import PersonKind
from integration.store.record import Record
from integration.store.states import Purpose
from integration.web.access import only
from integration.web.current import me, services
from integration.web.sessions import own_record
from reports.audience import Audience
from reports.pdf import render_pdf
from reports.transcript import render_docx, render_vtt

pages = Blueprint("exporting", __name__)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pages.get("/sessions/<token>/report.pdf")
@only(PersonKind.COACH)
def report_pdf(token: str) -> ResponseReturnValue:
    """The report on paper."""
    record = own_record(token)
    return _file(record, render_pdf(present(services(), record, Audience.COACH)), "report.pdf", "application/pdf")


@pages.get("/sessions/<token>/transcript.docx")
@only(PersonKind.COACH)
def transcript_docx(token: str) -> ResponseReturnValue:
    """The transcript in the form that performance evaluations take."""
    record = _with_words(token)
    return _file(record, render_docx(record.findings()[0]), "transcript.docx", WORD)


@pages.get("/sessions/<token>/transcript.vtt")
@only(PersonKind.COACH)
def transcript_vtt(token: str) -> ResponseReturnValue:
    """The transcript as captions."""
    record = _with_words(token)
    return _file(record, render_vtt(record.findings()[0]).encode(), "transcript.vtt", "text/vtt")


def _with_words(token: str) -> Record:
    """The record of a session whose words may be shown: the client agreed, and they are still kept."""
    record = own_record(token)
    with services().database.transaction() as tx:
        may_quote = consents.is_granted(tx, record.call.id, Purpose.QUOTE)
    if not may_quote or record.call.words_erased:
        abort(404)
    return record


def _file(record: Record, content: bytes, name: str, kind: str) -> Response:
    """The file as a download, under a name that says nothing of the session."""
    now = services().now_ms()
    with services().database.transaction() as tx:
        audit.note(tx, audit.Action.EXPORT, audit.CALL, record.call.id, actor_id=me().id, now_ms=now, detail=name)
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
