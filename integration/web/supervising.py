"""The supervisor's side: what is shared with them, their own marks first, then what the software heard."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from integration.presenting import present
from integration.store import audit, supervision, visible
from integration.store.people import PersonKind, find_coach
from integration.store.record import Record
from integration.store.schema import Call
from integration.store.sharing_schema import Assignment, Marking, Share
from integration.web.access import only
from integration.web.current import me, services
from integration.web.figures import show_report
from integration.web.forms import place
from integration.web.sessions import media_names
from reports.audience import Audience
from reports.report import Report

pages = Blueprint("supervising", __name__)
RUBRIC = "pcc_2020"
SEEN = ("seen", "not_seen", "cannot_tell")


@pages.get("/supervision")
@only(PersonKind.SUPERVISOR)
def overview() -> ResponseReturnValue:
    """What coaches share with this supervisor now, unmarked first."""
    with services().database.transaction() as tx:
        shared = visible.shared_calls(tx, me().id)
        rows = [
            (call, share, coach, supervision.marking_of(tx, call.id, me().id, RUBRIC).done_ms is not None)
            for call, share, coach in shared
        ]
    return render_template("supervision.html", rows=sorted(rows, key=lambda row: row[3]))


@pages.get("/supervision/<token>")
@only(PersonKind.SUPERVISOR)
def session(token: str) -> ResponseReturnValue:
    """One shared session: the supervisor's marks, and only after them the software's findings."""
    call, share = shared_session(token)
    record = services().record(call.id)
    with services().database.transaction() as tx:
        marking = supervision.marking_of(tx, call.id, me().id, RUBRIC)
        marks = supervision.marks_of(tx, marking)
        comments = supervision.comments_of(tx, call.id, record.key, supervisor_id=me().id)
        _note(tx, audit.Action.VIEW, call.id)
    question = record.key.open_text(share.question_sealed, supervision.QUESTION) if share.question_sealed else ""
    done = marking.done_ms is not None
    report = present(services(), record, Audience.SUPERVISOR, marked=done, coachs_question=question)
    return render_template(
        "supervised_session.html",
        token=token,
        report=report,
        body=show_report(record, report, url_for("assets.charts")),
        rubric=_full_report(record).rubric,
        marks=marks,
        seen=SEEN,
        comments=comments,
        done=done,
        files=media_names(record),
        coach=record.coach,
    )


@pages.post("/supervision/<token>/marks")
@only(PersonKind.SUPERVISOR)
def mark(token: str) -> ResponseReturnValue:
    """Keep the marks; with `do` = done they stand, and the findings open."""
    call, _share = shared_session(token)
    rubric = _full_report(services().record(call.id)).rubric
    if rubric is None:
        abort(404)
    heard = {marker.number: marker.state for marker in rubric.markers}
    seen = {number: value for number in heard if (value := request.form.get(f"mark-{number}")) in SEEN}
    with services().database.transaction() as tx:
        marking = supervision.marking_of(tx, call.id, me().id, RUBRIC)
        if marking.done_ms is not None:
            flash(_("Your marks stand already. They were given before the findings opened."))
        elif request.form.get("do") == "done" and not seen:
            flash(_("Mark at least one behaviour first."))
        else:
            _keep(tx, marking, seen, heard, done=request.form.get("do") == "done")
            _note(tx, audit.Action.MARK, call.id)
            flash(_("Kept."))
    return redirect(url_for(".session", token=token))


def _keep(tx: Session, marking: Marking, seen: dict[str, str], heard: dict[str, str], *, done: bool) -> None:
    supervision.keep_marks(tx, marking, seen)
    if done:
        marking.done_ms = services().now_ms()
        for number, row in supervision.marks_of(tx, marking).items():
            row.heard = heard[number]


@pages.post("/supervision/<token>/comments")
@only(PersonKind.SUPERVISOR)
def comment(token: str) -> ResponseReturnValue:
    """Note a remark at a time in the call. The coach reads it."""
    call, _share = shared_session(token)
    at, text = place("at"), request.form.get("text", "").strip()[:2000]
    if at is None or not text:
        flash(_("Nothing was kept: type a time such as 7:05 and your remark."))
        return redirect(url_for(".session", token=token))
    record = services().record(call.id)
    with services().database.transaction() as tx:
        marking = supervision.marking_of(tx, call.id, me().id, RUBRIC)
        supervision.add_comment(tx, marking, at, text, record.key)
    return redirect(url_for(".session", token=token) + "#remarks")


@pages.get("/supervision/coaches")
@only(PersonKind.SUPERVISOR)
def coaches() -> ResponseReturnValue:
    """The coaches this supervisor works with, from when to when."""
    with services().database.transaction() as tx:
        ties = supervision.assignments(tx, supervisor_id=me().id)
    return render_template("coaches.html", ties=ties)


@pages.post("/supervision/coaches")
@only(PersonKind.SUPERVISOR)
def ask_or_end() -> ResponseReturnValue:
    """Ask a coach to accept this supervisor, or end a tie."""
    now = services().now_ms()
    with services().database.transaction() as tx:
        if request.form.get("do") == "end":
            tie = tx.get(Assignment, request.form.get("tie", type=int))
            if tie is None or tie.supervisor_id != me().id or tie.ended_ms is not None:
                abort(404)
            supervision.end(tx, tie, now_ms=now)
            audit.note(
                tx, audit.Action.END_ASSIGNMENT, audit.PERSON, tie.coach_id, actor_id=me().id, now_ms=now
            )
        else:
            coach = find_coach(tx, request.form.get("address", ""))
            if coach is not None and coach.id != me().id:
                supervision.assign(tx, supervisor_id=me().id, coach_id=coach.id, now_ms=now, accepted=False)
            # The same answer for every address: a supervisor cannot find out who is a coach here.
            flash(_("If a coach here has that address, they are asked. It counts when they accept."))
    return redirect(url_for(".coaches"))


def shared_session(token: str) -> tuple[Call, Share]:
    """The call, while it is shared with this supervisor and the two are assigned; 404 at once when not."""
    with services().database.transaction() as tx:
        found = visible.shared_call(tx, me().id, token)
    if found is None:
        abort(404)
    return found


def _full_report(record: Record) -> Report:
    """The report with its rubric, of which the page shows only the markers until the marking is done."""
    return present(services(), record, Audience.SUPERVISOR, marked=True)


def _note(tx: Session, action: audit.Action, call_id: int) -> None:
    audit.note(tx, action, audit.CALL, call_id, actor_id=me().id, now_ms=services().now_ms())
