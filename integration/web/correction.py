"""Correcting a session: who is who, what is struck out, which findings are right. All is read again at once."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from integration.correcting import correct
from integration.corrections import Corrections
from integration.store import audit
from integration.store.people import PersonKind
from integration.store.record import MEDIA, Record
from integration.web.access import only
from integration.web.current import me, services
from integration.web.findings import Finding, findings_to_judge
from integration.web.forms import place
from integration.web.sessions import media_names, own_record
from integration.web.voices import are_unsure, voices_of, with_coach
from processor.model.findings import Findings
from processor.model.people import Role
from processor.model.segment import Segment

pages = Blueprint("correction", __name__)


@pages.get("/sessions/<token>/correct")
@only(PersonKind.COACH)
def correction(token: str) -> ResponseReturnValue:
    """What can be corrected."""
    record = own_record(token)
    found, _pipeline = record.findings()
    made = record.corrections()
    return render_template(
        "correct.html",
        token=token,
        started_ms=record.call.started_ms,
        voices=voices_of(found),
        roles=[role.value for role in Role],
        corrections=made,
        findings=[] if are_unsure(found) else findings_to_judge(found, made),
        unsure=are_unsure(found),
        has_words=not record.call.words_erased,
        files=media_names(record),
    )


@pages.post("/sessions/<token>/correct/voices")
@only(PersonKind.COACH)
def voices(token: str) -> ResponseReturnValue:
    """Say who is who: each voice by itself, or `swap` the two, or only which one is `mine`."""
    record = own_record(token)
    now = _roles(record.findings()[0])
    if [role for _label, role in now].count(Role.COACH) != 1:
        flash(_("Nothing was changed: say which one voice is the coach."))
        return _back(token, "voices")
    done = _apply(record, lambda made: made.with_roles(now), _("The voices are named anew, and all was read again."))
    return redirect(url_for("sessions.session", token=token)) if "mine" in request.form else done


def _roles(found: Findings) -> list[tuple[str, Role]]:
    """Who is who, as the form says it."""
    labels = [p.label for p in found.participants]
    swap = {Role.COACH: Role.CLIENT, Role.CLIENT: Role.COACH}
    if (mine := request.form.get("mine")) is not None:
        return with_coach(found, mine) if mine in labels else []
    if request.form.get("do") == "swap":
        return [(p.label, swap.get(p.role, p.role)) for p in found.participants]
    return [(label, Role(chosen)) for label in labels if (chosen := _chosen(label)) is not None]


def _chosen(label: str) -> str | None:
    value = request.form.get(f"role-{label}", "")
    return value if value in set(Role) else None


@pages.post("/sessions/<token>/correct/strike")
@only(PersonKind.COACH)
def strike(token: str) -> ResponseReturnValue:
    """Strike a stretch out of everything, or bring one back."""
    record = own_record(token)
    start, end = place("start"), place("end")
    if start is None or end is None or end <= start:
        flash(_("Nothing was changed: type two times such as 7:05 and 7:40, the second one later."))
        return _back(token, "strike")
    stretch = Segment(start, end)
    if request.form.get("do") == "back":
        return _apply(record, lambda made: made.without_struck(stretch), _("The stretch is back."))
    record.drop(MEDIA)  # a stretch cannot be cut out of a sealed file
    return _apply(record, lambda made: made.with_struck(stretch), _("The stretch is gone from everything."))


@pages.post("/sessions/<token>/correct/finding")
@only(PersonKind.COACH)
def finding(token: str) -> ResponseReturnValue:
    """Say that a finding is right or wrong, or take that back."""
    record = own_record(token)
    known = {f.key: f for f in findings_to_judge(record.findings()[0], record.corrections())}
    judged: Finding | None = known.get(request.form.get("finding", ""))
    if judged is None:
        abort(404)
    if request.form.get("do") == "undo":
        return _apply(record, lambda made: made.without_verdict(judged.key), _("Taken back."), "findings")
    right = request.form.get("do") == "right"
    return _apply(record, lambda made: made.with_verdict(judged.verdict(right=right)), _("Noted."), "findings")


def _apply(
    record: Record, change: Callable[[Corrections], Corrections], said: str, anchor: str = ""
) -> ResponseReturnValue:
    """Make the correction, read again, and note that it was made."""
    if record.call.words_erased:
        flash(_("The words of this session are erased by now, so nothing can be read again."))
    else:
        correct(services(), record, change)
        with services().database.transaction() as tx:
            audit.note(
                tx,
                audit.Action.CORRECT,
                audit.CALL,
                record.call.id,
                actor_id=me().id,
                now_ms=services().now_ms(),
            )
        flash(said)
    return _back(record.call.token, anchor)


def _back(token: str, anchor: str) -> ResponseReturnValue:
    return redirect(url_for(".correction", token=token) + (f"#{anchor}" if anchor else ""))
