"""A coach connects Zoom, sees whether the connection stands, and what to switch on there."""

from __future__ import annotations

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from integration.errors import ZoomBusy, ZoomFault
from integration.store.people import PersonKind
from integration.store.schema import Call
from integration.store.zoom_schema import ZoomConnection
from integration.web.access import only
from integration.web.current import me, services
from integration.zoom import connections
from integration.zoom.advice import Switch, advise
from integration.zoom.arrival import ORIGIN
from integration.zoom.connections import Departure
from integration.zoom.recordings import FileKind

pages = Blueprint("zoom", __name__)
LEFT = "zoom_departure"

_SET_UP = lazy_gettext("This server's own connection to Zoom is not complete; whoever looks after it can mend that.")
_AGAIN = lazy_gettext("Too much time passed, or it was begun in another browser. Please try once more.")
_AWAY = lazy_gettext("Zoom cannot be reached just now. Please try again in a few minutes.")
FAULTS = {
    "OAUTH_STATE": _AGAIN,
    "ZOOM_GRANT": _AGAIN,
    "ZOOM_TAKEN": lazy_gettext("Somebody else here has connected this Zoom account already."),
    "ZOOM_NO_USER": lazy_gettext(
        "In your practice's Zoom account nobody has the address that you sign in with here; ask whoever looks after it."
    ),
}
"""What a coach reads of a fault; every other that stays is the server's own."""


@pages.get("/account/zoom")
@only(PersonKind.COACH)
def overview() -> ResponseReturnValue:
    """How Zoom is connected; with ?check, also what Zoom's own settings are."""
    own = connections.connection_of(services(), me().id)
    switches, fault = _ask(own) if "check" in request.args else ((), "")
    return render_template(
        "zoom.html",
        own=own,
        stands=own is not None and own.refresh_sealed is not None,
        account=bool(services().settings.zoom.account_id),
        can_connect=_may_connect(),
        switches=switches,
        fault=fault,
    )


@pages.get("/account/zoom/connect")
@only(PersonKind.COACH)
def connect() -> ResponseReturnValue:
    """To Zoom, to say yes. A link and not a form: the page's rules let forms go to this server only."""
    if not _may_connect():
        abort(404)
    left = connections.depart(services().settings.zoom, _return_url())
    session[LEFT] = [left.state, left.verifier]
    return redirect(left.url)


@pages.get("/account/zoom/back")
@only(PersonKind.COACH)
def back() -> ResponseReturnValue:
    """Back from Zoom, with a yes or without."""
    state, verifier = session.pop(LEFT, ["", ""])
    if "error" in request.args:
        flash(_("Zoom was not connected, because you did not say yes there. You can do so at any time."))
        return redirect(url_for(".overview"))
    try:
        connections.arrive(
            services(),
            me().id,
            Departure("", state, verifier),
            state=request.args.get("state", ""),
            code=request.args.get("code", ""),
            return_url=_return_url(),
        )
    except (ZoomFault, ZoomBusy) as fault:
        structlog.get_logger().warning("zoom_not_connected", code=fault.code)
        flash(_("Zoom was not connected. %(why)s", why=_sentence(fault)))
        return redirect(url_for(".overview"))
    flash(_("Zoom is connected. New recordings of yours will come by themselves."))
    return redirect(url_for(".overview", check=1))


@pages.post("/account/zoom/disconnect")
@only(PersonKind.COACH)
def disconnect() -> ResponseReturnValue:
    """Forget the connection."""
    connections.disconnect(services(), me().id)
    flash(_("Zoom is disconnected. Your reports stay; nothing new is fetched."))
    return redirect(url_for(".overview"))


def _may_connect() -> bool:
    """Whether coaches connect accounts of their own here: Zoom's server-to-server apps know no such connection."""
    zoom = services().settings.zoom
    return bool(zoom.client_id) and not zoom.account_id


def _ask(own: ZoomConnection | None) -> tuple[tuple[Switch, ...], str]:
    """Zoom's settings of this coach as advice, or why they cannot be read."""
    try:
        if own is not None:
            settings = connections.gateway_of(services(), own).account_settings()
        else:
            settings = connections.account_gateway(services()).account_settings(me().email)
        return advise(settings, last_had_tracks=_last_had_tracks()), ""
    except (ZoomFault, ZoomBusy) as fault:
        return (), _sentence(fault)


def _last_had_tracks() -> bool | None:
    """Whether each participant was recorded apart in the coach's last recording; None when there is none."""
    theirs = select(Call).where(Call.coach_id == me().id, Call.origin == ORIGIN, Call.files.any())
    with services().database.transaction() as tx:
        last = tx.scalar(theirs.order_by(Call.started_ms.desc()).limit(1))
        return None if last is None else any(file.kind == FileKind.TRACK for file in last.files)


def _sentence(fault: ZoomFault | ZoomBusy) -> str:
    return str(FAULTS.get(fault.code, _SET_UP if fault.permanent else _AWAY))


def _return_url() -> str:
    return f"{services().settings.web.public_url.rstrip('/')}{url_for('zoom.back')}"
