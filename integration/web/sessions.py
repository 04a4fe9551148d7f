"""The coach's sessions: the list, and the page of one with its report."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from integration.errors import StoreFault
from integration.presenting import present
from integration.store import restart, visible
from integration.store.people import PersonKind
from integration.store.schema import Call
from integration.store.states import State
from integration.web import wording
from integration.web.access import only
from integration.web.current import me, services
from reports.audience import Audience

pages = Blueprint("sessions", __name__)
READY = frozenset({State.ANALYSED, State.DELIVERED})
ENDED = frozenset({State.FAILED, State.REFUSED})


@dataclass(frozen=True, slots=True)
class Row:
    """One session in the list, in words."""

    token: str
    started_ms: int
    length_ms: int
    state: State
    state_text: str
    part: str
    share: float
    reason: str

    @property
    def is_ready(self) -> bool:
        return self.state in READY


def row_of(call: Call) -> Row:
    """What the list says of `call`."""
    state = State(call.state)
    return Row(
        token=call.token if call.wrapped_key is not None else "",
        started_ms=call.started_ms,
        length_ms=max((file.end_ms for file in call.files), default=0)
        - min((file.start_ms for file in call.files), default=0),
        state=state,
        state_text=str(wording.STATES[state]),
        part=str(wording.PARTS.get(call.progress_part, "")),
        share=call.progress_share,
        reason=str(wording.reason(call.reason)),
    )


@pages.get("/sessions")
@only(PersonKind.COACH)
def overview() -> ResponseReturnValue:
    """All sessions of the coach, newest first."""
    with services().database.transaction() as tx:
        rows = [row_of(call) for call in visible.calls_of_coach(tx, me().id)]
    return render_template("sessions.html", rows=rows)


@pages.get("/sessions/<token>")
@only(PersonKind.COACH)
def session(token: str) -> ResponseReturnValue:
    """One session: how far it is, or its report."""
    call = own_call(token)
    row = row_of(call)
    if not row.is_ready:
        return render_template("session_waiting.html", row=row, can_retry=row.state is State.FAILED)
    try:
        report = present(services(), services().record(call.id), Audience.COACH)
    except StoreFault as fault:
        if fault.code != "NOT_KEPT":
            raise
        return render_template("session_gone.html", row=row)
    return render_template("session.html", row=row, report=report)


@pages.post("/sessions/<token>/retry")
@only(PersonKind.COACH)
def retry(token: str) -> ResponseReturnValue:
    """Try a failed session once more, from the stage that failed."""
    call_id = own_call(token).id
    now = services().now_ms()
    with services().database.transaction() as tx:
        restart.retry(tx, call_id, now_ms=now)
    services().queues.dispatch(services().database, now)
    return redirect(url_for(".session", token=token))


def own_call(token: str) -> Call:
    """The signed-in coach's call, with its files; 404 for every other."""
    with services().database.transaction() as tx:
        call = visible.call_of_coach(tx, me().id, token)
        if call is None:
            abort(404)
        return call
