"""The coach's sessions: the list, the page of one with its guess and report, and what can be taken along."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from integration.errors import StoreFault
from integration.presenting import present
from integration.privacy.withdrawal import needs_client
from integration.reflection import Reflection, keep_reflection, reflection_of
from integration.store import consents, restart, supervision, visible
from integration.store.people import PersonKind
from integration.store.record import MEDIA, Record
from integration.store.schema import Call
from integration.store.states import Purpose, State
from integration.web import wording
from integration.web.access import only
from integration.web.current import me, services
from integration.web.figures import show_report
from integration.web.forms import share_of, whole
from integration.web.voices import voices_of
from reports.audience import Audience
from reports.context import Guess
from reports.report import Report

pages = Blueprint("sessions", __name__)
READY = frozenset({State.ANALYSED, State.DELIVERED})
ENDED = frozenset({State.FAILED, State.REFUSED})
ON_A_PAGE = 50
LED_BY = frozenset({"client", "coach", "shared"})
NO_LETTER = lazy_gettext("The letter about this report could not be sent.")


@dataclass(frozen=True, slots=True)
class Row:
    """One session in the list, in words. `stand` is ready, stopped, gone or working; `token` "" when it was erased."""

    token: str
    started_ms: int
    length_ms: int
    stand: str
    text: str
    part: str
    share: float
    left: str
    reason: str


def row_of(call: Call, *, unsent: bool = False, waits_for_client: bool = False) -> Row:
    """What the list says of `call`; `unsent` = its report is there, only the letter about it is not."""
    state = State.DELIVERED if unsent else State(call.state)
    reason = "" if waits_for_client else NO_LETTER if unsent else wording.reason(call.reason)
    starts, ends = [f.start_ms for f in call.files if f.start_ms], [f.end_ms for f in call.files if f.end_ms]
    return Row(
        token=call.token if call.wrapped_key is not None else "",
        started_ms=call.started_ms,
        length_ms=max(ends) - min(starts) if starts and ends else 0,
        stand=_stand(state),
        text=str(wording.WAITS_FOR_CLIENT if waits_for_client else wording.STATES[state]),
        part=str(wording.PARTS.get(call.progress_part, "")),
        share=call.progress_share,
        left=wording.time_left(call.progress_left_ms),
        reason=str(reason),
    )


def _stand(state: State) -> str:
    if state in READY:
        return "ready"
    if state in ENDED:
        return "stopped"
    return "gone" if state is State.WITHDRAWN else "working"


@pages.get("/sessions")
@only(PersonKind.COACH)
def overview() -> ResponseReturnValue:
    """The coach's sessions, newest first, a page at a time."""
    with services().database.transaction() as tx:
        after = request.args.get("after", "")
        found = visible.calls_of_coach(tx, me().id, after=after, limit=ON_A_PAGE)
        rows = [
            row_of(call, unsent=visible.is_unsent(tx, call), waits_for_client=needs_client(tx, call)) for call in found
        ]
        ties = supervision.assignments(tx, coach_id=me().id)
    asking = any(tie.accepted_ms is None and tie.ended_ms is None for tie, _supervisor, _coach in ties)
    last = found[-1].token if len(found) == ON_A_PAGE else ""
    return render_template("sessions.html", rows=rows, last=last, first=not after, asking=asking)


@pages.get("/sessions/<token>")
@only(PersonKind.COACH)
def session(token: str) -> ResponseReturnValue:
    """One session: how far it is; then a guess first; then its report."""
    call = own_call(token)
    with services().database.transaction() as tx:
        unsent = visible.is_unsent(tx, call)
    if unsent:
        flash(str(NO_LETTER))
    elif State(call.state) not in READY:
        return _waiting(call)
    record = services().record(call.id)
    try:
        report = present(services(), record, Audience.COACH)
    except StoreFault as fault:
        if fault.code != "NOT_KEPT":
            raise
        return render_template("session_gone.html", row=row_of(call))
    if report.asks and not record.call.words_erased and "times" not in request.args:
        return _ask_whose_voice(record, report)
    reflection = reflection_of(record)
    if not reflection.revealed and report.led is not None:
        return render_template("session_guess.html", row=row_of(call), report=report)
    return _report(record, report, reflection, unsent=unsent)


def _waiting(call: Call) -> str:
    with services().database.transaction() as tx:
        waits = needs_client(tx, call)
    return render_template(
        "session_waiting.html",
        row=row_of(call, waits_for_client=waits),
        can_retry=State(call.state) in ENDED and not waits,
        waits_for_client=waits,
    )


def _ask_whose_voice(record: Record, report: Report) -> str:
    """While it is unsure who the coach is, ask that first: a wrong guess would turn everything around."""
    voices = voices_of(record.findings()[0])
    return render_template(
        "session_voices.html", row=row_of(record.call), report=report, voices=voices, files=media_names(record)
    )


def _report(record: Record, report: Report, reflection: Reflection, *, unsent: bool) -> str:
    with services().database.transaction() as tx:
        may_quote = consents.is_granted(tx, record.call.id, Purpose.QUOTE)
        remarks = len(supervision.comments_of(tx, record.call.id, record.key))
    return render_template(
        "session.html",
        row=row_of(record.call),
        report=report,
        body=show_report(record, report, url_for("assets.charts")),
        reflection=reflection,
        files=media_names(record),
        has_words=not record.call.words_erased,
        may_quote=may_quote,
        remarks=remarks,
        unsent=unsent,
        invites=services().settings.consent.clients_are_invited,
    )


@pages.post("/sessions/<token>/guess")
@only(PersonKind.COACH)
def guess(token: str) -> ResponseReturnValue:
    """Keep the coach's guess, or that they did not want to guess, and open the report."""
    record = own_record(token)
    if not reflection_of(record).revealed:
        led_by = request.form.get("led_by", "")
        given = Guess(
            talk_share_coach=share_of("talk_share"),
            interruptions_by_coach=whole("interruptions", most=200),
            led_by=led_by if led_by in LED_BY else None,
        )
        wants = request.form.get("do") == "guess" and given != Guess()
        keep_reflection(record, guess=given if wants else None, revealed=True)
    return redirect(url_for(".session", token=token))


@pages.post("/sessions/<token>/experiment")
@only(PersonKind.COACH)
def experiment(token: str) -> ResponseReturnValue:
    """Keep the question that the coach wants to try, in their own words."""
    record = own_record(token)
    offered = present(services(), record, Audience.COACH).experiment
    chosen = request.form.get("experiment", "")
    if offered is None or chosen not in (*offered.ids, ""):
        abort(400)
    keep_reflection(record, experiment=chosen, own_words=request.form.get("own_words", "").strip()[:500])
    flash(_("Kept. It comes back to you with your next session."))
    return redirect(url_for(".session", token=token) + "#next-time")


@pages.post("/sessions/<token>/retry")
@only(PersonKind.COACH)
def retry(token: str) -> ResponseReturnValue:
    """Try a session that stopped once more, from the stage that stopped."""
    call_id, now = own_call(token).id, services().now_ms()
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


def own_record(token: str) -> Record:
    """The record of the signed-in coach's call; 404 for every other."""
    return services().record(own_call(token).id)


def media_names(record: Record) -> list[str]:
    """The kept audio: the mixed file when there is one, else each person's own."""
    names = [name for name in record.names() if name.startswith(MEDIA)]
    mixed = [name for name in names if name.startswith(f"{MEDIA}-mixed")]
    return mixed[:1] or names
