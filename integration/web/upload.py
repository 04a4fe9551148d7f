"""A recording that did not come from Zoom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from integration.privacy.erasure import erase_call
from integration.store import calls, consents
from integration.store.people import PersonKind
from integration.store.record import MEDIA
from integration.store.schema import CallFile
from integration.store.states import Purpose, State
from integration.web.access import only
from integration.web.current import me, services
from integration.web.keeping import days_of_coach, days_of_form
from processor.errors import ProductError

pages = Blueprint("upload", __name__)
ORIGIN = "upload"
PIECE = 1 << 20
FIRST_YEAR = 1990
HOUR_MS = 3_600_000
EASTERNMOST_MS = 14 * HOUR_MS
"""So far before UTC a day begins. # Source: the largest offset in the time zone database, Kiritimati's UTC+14."""
GIVEN_UP_MS = HOUR_MS
"""Sealing takes minutes at most, so what is not there after so long never comes. # Source: the house's choice."""


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
    """Keep the file and schedule its hearing; the token of the new session. The file's own name is not kept.

    The hearing is scheduled before the file is sealed, for when that is given up: should this process be killed
    meanwhile, the clock hands the session over all the same, and the hearing tells that there is nothing to hear.
    """
    now = services().now_ms()
    with services().database.transaction() as tx:
        call, key = calls.add_call(
            tx, services().keys, origin=ORIGIN, started_ms=started_ms, now_ms=now, coach_id=me().id
        )
        call.keep_audio_days = keep_days
        calls.set_state(tx, call, State.FETCHED, now_ms=now)
        calls.schedule(tx, call, due_ms=now + GIVEN_UP_MS)
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
    try:
        kept = services().vault.write(call.id, name, _pieces(file.stream), key)
        with services().database.transaction() as tx:
            tx.get_one(CallFile, row.id).size = kept.size
            calls.keep_artefact(tx, call.id, name, kept, now)
            calls.schedule(tx, calls.get_call(tx, call.id), due_ms=now)
    except BaseException:
        with suppress(ProductError):  # what failed may be what erases; without its key nothing of it can be read
            erase_call(services(), call.id, actor_id=None, reason="NOT_KEPT")
        raise
    return call.token


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _day(text: str) -> int | None:
    """The start of a day (UTC) as ms; None when it is no day, or one that has begun nowhere yet."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    at_ms = int(day.timestamp() * 1000)
    return at_ms if day.year >= FIRST_YEAR and at_ms <= services().now_ms() + EASTERNMOST_MS else None


def allow_large_files(app: Flask) -> None:
    """Let this one form carry a recording. Runs before the form is read, and after who sends it is known."""

    def widen() -> None:
        if request.endpoint == "upload.receive":
            request.max_content_length = services().settings.zoom.largest_file_bytes

    app.before_request(widen)
