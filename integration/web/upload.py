"""A recording that did not come from Zoom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from integration.store import calls, consents
from integration.store.people import PersonKind
from integration.store.record import MEDIA, Record
from integration.store.schema import CallFile
from integration.store.states import Purpose, State
from integration.web.access import only
from integration.web.current import me, services
from integration.web.keeping import days_of_coach, days_of_form

pages = Blueprint("upload", __name__)
ORIGIN = "upload"
PIECE = 1 << 20
FIRST_YEAR = 1990


@pages.get("/upload")
@only(PersonKind.COACH)
def form() -> ResponseReturnValue:
    """What to send, and what has to be agreed before."""
    largest = services().settings.zoom.largest_file_bytes
    return render_template("upload.html", largest=largest, days=days_of_coach())


@pages.post("/upload")
@only(PersonKind.COACH)
def receive() -> ResponseReturnValue:
    """Take the file in, sealed as it comes, and let it be heard."""
    file, day = request.files.get("recording"), _day(request.form.get("day", ""))
    if file is None or not file.filename or day is None:
        flash(_("Nothing was kept: choose a file and the day of the session."))
        return redirect(url_for(".form"))
    if request.form.get("agreed") != "yes":
        flash(_("Nothing was kept: a recording may only be used when your client agreed."))
        return redirect(url_for(".form"))
    if (days := days_of_form()) is None:
        return redirect(url_for(".form"))
    token = _take_in(file, day, days)
    services().queues.dispatch(services().database, services().now_ms())
    return redirect(url_for("sessions.session", token=token))


def _take_in(file: FileStorage, started_ms: int, keep_days: int) -> str:
    """Keep the file and schedule its hearing; the token of the new session. The file's own name is not kept."""
    now = services().now_ms()
    with services().database.transaction() as tx:
        call, _key = calls.add_call(
            tx, services().keys, origin=ORIGIN, started_ms=started_ms, now_ms=now, coach_id=me().id
        )
        call.keep_audio_days = keep_days
        row = CallFile(call_id=call.id, zoom_id=ORIGIN, kind="mixed", status="completed")
        tx.add(row)
        consents.record(
            tx,
            call.id,
            Purpose.OWN_REPORT,
            granted=True,
            basis=ORIGIN,
            text_version=services().settings.consent.text_version,
            now_ms=now,
        )
        tx.flush()
        name = f"{MEDIA}-mixed-{row.id}"
    record: Record = services().record(call.id)
    kept = services().vault.write(call.id, name, _pieces(file.stream), record.key)
    with services().database.transaction() as tx:
        tx.get_one(CallFile, row.id).size = kept.size
        calls.keep_artefact(tx, call.id, name, kept, now)
        arrived = calls.get_call(tx, call.id)
        calls.set_state(tx, arrived, State.FETCHED, now_ms=now)
        calls.schedule(tx, arrived, due_ms=now)
    return call.token


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _day(text: str) -> int | None:
    """The start of a day as ms; None when it is no day, or one to come."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    at_ms = int(day.timestamp() * 1000)
    return at_ms if day.year >= FIRST_YEAR and at_ms <= services().now_ms() else None


def allow_large_files(app: Flask) -> None:
    """Let this one form carry a recording. Runs before the form is read, and after who sends it is known."""

    def widen() -> None:
        if request.endpoint == "upload.receive":
            request.max_content_length = services().settings.zoom.largest_file_bytes

    app.before_request(widen)
