"""Hearing the call again while its audio is kept, and how long that is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import Range
from werkzeug.http import parse_range_header

from integration.privacy.retention import audio_days
from integration.store import audit, calls
from integration.store.people import PersonKind
from integration.store.record import MEDIA, Record
from integration.store.schema import Artefact, Call
from integration.store.states import State
from integration.web.access import only
from integration.web.current import me, services
from integration.web.keeping import days_of_form
from integration.web.sessions import media_names, own_record
from integration.web.supervising import shared_session
from reports.phrases import clock

pages = Blueprint("listening", __name__)
SITTING_MS = 600_000
"""Parts of the audio that are asked for within ten minutes are one listening in the log."""
KINDS = {b"ftyp": "audio/mp4", b"RIFF": "audio/wav", b"OggS": "audio/ogg", b"fLaC": "audio/flac", b"ID3": "audio/mpeg"}
WEBM = bytes.fromhex("1a45dfa3")


@pages.get("/sessions/<token>/listen")
@only(PersonKind.COACH)
def listen(token: str) -> ResponseReturnValue:
    """The player, at the moment that was asked for."""
    record = own_record(token)
    days = audio_days(services().settings.retention, record.call)
    return _player(record, "listening.audio", days=days, told=record.call.client_id is not None)


@pages.get("/sessions/<token>/audio/<name>")
@only(PersonKind.COACH)
def audio(token: str, name: str) -> ResponseReturnValue:
    """One kept file, whole or in part."""
    return played(own_record(token), name)


@pages.post("/sessions/<token>/audio")
@only(PersonKind.COACH)
def keep(token: str) -> ResponseReturnValue:
    """Keep the audio of this session for so many days from its arrival, or erase it now.

    A client who has answered was told how long: from then on it can become fewer days, not more.
    """
    record = own_record(token)
    now = audio_days(services().settings.retention, record.call)
    days = days_of_form()
    if days is None:
        return redirect(url_for(".listen", token=token))
    if record.call.client_id is not None and days > now:
        flash(_("Nothing was changed: your client was told %(n)s days when they answered. Fewer is possible.", n=now))
        return redirect(url_for(".listen", token=token))
    with services().database.transaction() as tx:
        tx.get_one(Call, record.call.id).keep_audio_days = days
    if days == 0 and State(record.call.state) is not State.FETCHED:  # there it still has to be heard
        record.drop(MEDIA)
        flash(_("The audio is erased."))
    else:
        flash(_("Noted."))
    return redirect(url_for(".listen", token=token))


@pages.get("/supervision/<token>/listen")
@only(PersonKind.SUPERVISOR)
def listen_as_supervisor(token: str) -> ResponseReturnValue:
    """The player for somebody with whom the session is shared."""
    return _player(_shared_record(token), "listening.audio_for_supervisor", days=None)


@pages.get("/supervision/<token>/audio/<name>")
@only(PersonKind.SUPERVISOR)
def audio_for_supervisor(token: str, name: str) -> ResponseReturnValue:
    """One kept file for somebody with whom the session is shared; that they listened is noted."""
    record = _shared_record(token)
    _note_listening(record.call.id)
    return played(record, name)


def _note_listening(call_id: int) -> None:
    """Note that the supervisor listened: one line for a sitting, however many parts their player asks for."""
    now = services().now_ms()
    with services().database.transaction() as tx:
        line = audit.latest(tx, audit.Action.LISTEN, audit.CALL, call_id, actor_id=me().id)
        if line is None or line.at_ms < now - SITTING_MS:
            audit.note(tx, audit.Action.LISTEN, audit.CALL, call_id, actor_id=me().id, now_ms=now)


def _shared_record(token: str) -> Record:
    call, _share = shared_session(token)
    return services().record(call.id)


def _player(record: Record, source: str, **more: object) -> str:
    """The page that plays the session from the second that its address asks for; `source` plays one file."""
    at_s = _asked_second()
    return render_template(
        "listen.html",
        token=record.call.token,
        started_ms=record.call.started_ms,
        files=media_names(record),
        at_s=at_s,
        clock=clock(at_s * 1000),
        source=source,
        **more,
    )


def _asked_second() -> int:
    """The second that the address asks for; 0 when it asks for none."""
    text = request.args.get("at", "")
    return min(int(text), 86_400) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def played(record: Record, name: str) -> Response:
    """The file as a browser's player asks for it; 404 when it is not kept, 416 when there is no such part."""
    kept = _kept(record, name)
    wanted = parse_range_header(request.headers.get("Range"))
    first, end = _bounds(wanted, kept.size)
    pieces = _cut(record.vault.read(record.call.id, name, record.key), first, end)
    start = next(record.vault.read(record.call.id, name, record.key), b"")[:12]
    answer = Response(pieces, status=200 if wanted is None else 206, mimetype=_kind(start))
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Length"] = str(end - first)
    if wanted is not None:
        answer.headers["Content-Range"] = f"bytes {first}-{end - 1}/{kept.size}"
    return answer


def _kept(record: Record, name: str) -> Artefact:
    with services().database.transaction() as tx:
        kept = calls.find_artefact(tx, record.call.id, name) if name.startswith(MEDIA) else None
    if kept is None:
        abort(404)
    return kept


def _bounds(wanted: Range | None, size: int) -> tuple[int, int]:
    if wanted is None:
        return 0, size
    found = wanted.range_for_length(size)
    if found is None:
        abort(416)
    return found


def _cut(pieces: Iterator[bytes], first: int, end: int) -> Iterator[bytes]:
    """The bytes from `first` up to `end` of what `pieces` hold."""
    at = 0
    for piece in pieces:
        if at + len(piece) > first:
            yield piece[max(0, first - at) : end - at]
        at += len(piece)
        if at >= end:
            return


def _kind(start: bytes) -> str:
    if start[4:8] == b"ftyp":
        return KINDS[b"ftyp"]
    if start[:4] == WEBM:
        return "audio/webm"
    return next((kind for mark, kind in islice(KINDS.items(), 1, None) if start.startswith(mark)), "audio/mpeg")
