"""The mentor's dossier of one pair: hours, whether they add up, both signatures, and an export without client words."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.dossier import MOST_IN_GROUP, Meeting, add_up, mark_of
from integration.store import audit, visible
from integration.store.people import PersonKind
from integration.store.schema import Call, Person
from integration.store.sharing_schema import Assignment, Comment, DossierSignature, Marking, MentorHour
from integration.web.access import only
from integration.web.current import me, services
from integration.web.forms import whole

pages = Blueprint("mentoring", __name__)
EPOCH = date(1970, 1, 1)
DAY_MS = 86_400_000
LONGEST_MINUTES = 8 * 60
PATH = "/dossiers/<int:mentor_id>/<int:coach_id>"


@pages.get(PATH)
@only(PersonKind.SUPERVISOR, PersonKind.COACH)
def dossier(mentor_id: int, coach_id: int) -> ResponseReturnValue:
    """The dossier of the two, for either of them."""
    with services().database.transaction() as tx:
        mentor, coach = _pair(tx, mentor_id, coach_id)
        hours = _hours(tx, mentor_id, coach_id)
        meetings = _meetings(tx, hours)
        signed = _signatures(tx, mentor_id, coach_id, meetings)
        shared = [call for call, _share, _coach in visible.shared_calls(tx, me().id, coach_id)]
    return render_template(
        "dossier.html",
        shared=shared if me().id == mentor_id else [],
        mentor=mentor,
        coach=coach,
        lines=list(zip(hours, meetings, strict=True)),
        sum=add_up(meetings),
        signed=signed,
        is_mentor=me().id == mentor_id,
        most=MOST_IN_GROUP,
    )


@pages.post(f"{PATH}/hours")
@only(PersonKind.SUPERVISOR)
def add_hours(mentor_id: int, coach_id: int) -> ResponseReturnValue:
    """Note a meeting, or take one out again. Signatures hold only for what they were given on."""
    with services().database.transaction() as tx:
        _pair(tx, mentor_id, coach_id)
        if me().id != mentor_id:
            abort(404)
        if request.form.get("do") == "remove":
            row = tx.get(MentorHour, request.form.get("hour", type=int))
            if row is None or (row.mentor_id, row.coach_id) != (mentor_id, coach_id):
                abort(404)
            tx.delete(row)
        elif (row := _hour_of_form(mentor_id, coach_id)) is None:
            flash(_("Nothing was kept: give the day, the minutes, and how many sat in the group."))
        else:
            discussed = visible.shared_call(tx, mentor_id, request.form.get("session", ""))
            row.call_id = discussed[0].id if discussed is not None and discussed[0].coach_id == coach_id else None
            tx.add(row)
    return redirect(url_for(".dossier", mentor_id=mentor_id, coach_id=coach_id))


@pages.post(f"{PATH}/sign")
@only(PersonKind.SUPERVISOR, PersonKind.COACH)
def sign(mentor_id: int, coach_id: int) -> ResponseReturnValue:
    """Sign the dossier as it stands now."""
    now = services().now_ms()
    with services().database.transaction() as tx:
        _pair(tx, mentor_id, coach_id)
        mark = mark_of(_meetings(tx, _hours(tx, mentor_id, coach_id)))
        tx.add(
            DossierSignature(
                mentor_id=mentor_id, coach_id=coach_id, signed_by_id=me().id, content_sha256=mark, at_ms=now
            )
        )
        audit.note(tx, audit.Action.SIGN, audit.PERSON, coach_id, actor_id=me().id, now_ms=now)
    return redirect(url_for(".dossier", mentor_id=mentor_id, coach_id=coach_id))


@pages.get(f"{PATH}/dossier.txt")
@only(PersonKind.SUPERVISOR, PersonKind.COACH)
def export(mentor_id: int, coach_id: int) -> ResponseReturnValue:
    """The dossier as text: dates, hours and names of the two; nothing of a client."""
    now = services().now_ms()
    with services().database.transaction() as tx:
        mentor, coach = _pair(tx, mentor_id, coach_id)
        meetings = _meetings(tx, _hours(tx, mentor_id, coach_id))
        signed = _signatures(tx, mentor_id, coach_id, meetings)
        audit.note(tx, audit.Action.EXPORT, audit.PERSON, coach_id, actor_id=me().id, now_ms=now, detail="dossier.txt")
    text = render_template(
        "dossier.txt", mentor=mentor, coach=coach, meetings=meetings, sum=add_up(meetings), signed=signed
    )
    return Response(text, mimetype="text/plain", headers={"Content-Disposition": 'attachment; filename="dossier.txt"'})


def _pair(tx: Session, mentor_id: int, coach_id: int) -> tuple[Person, Person]:
    """Mentor and coach, when the one who asks is one of them and the two were ever tied; else 404."""
    tied = tx.scalar(
        select(Assignment.id)
        .where(
            Assignment.supervisor_id == mentor_id,
            Assignment.coach_id == coach_id,
            Assignment.accepted_ms.is_not(None),
            # After its end the coach keeps the dossier; the mentor's view closes with the assignment.
            (Assignment.ended_ms.is_(None)) | (Assignment.coach_id == me().id),
        )
        .limit(1)
    )
    mentor, coach = tx.get(Person, mentor_id), tx.get(Person, coach_id)
    if me().id not in (mentor_id, coach_id) or tied is None or mentor is None or coach is None:
        abort(404)
    return mentor, coach


def _hours(tx: Session, mentor_id: int, coach_id: int) -> list[MentorHour]:
    wanted = select(MentorHour).where(MentorHour.mentor_id == mentor_id, MentorHour.coach_id == coach_id)
    return list(tx.scalars(wanted.order_by(MentorHour.day, MentorHour.id)))


def _meetings(tx: Session, hours: list[MentorHour]) -> list[Meeting]:
    found = []
    for hour in hours:
        call = tx.get(Call, hour.call_id) if hour.call_id is not None else None
        day = None if call is None else _day(call.started_ms // DAY_MS)
        found.append(Meeting(_day(hour.day), hour.minutes, hour.group_size, day, _places(tx, hour)))
    return found


def _places(tx: Session, hour: MentorHour) -> tuple[int, ...]:
    """Where the mentor left remarks in the call that was discussed; the remarks themselves stay where they are."""
    wanted = (
        select(Comment.at_ms)
        .join(Marking, Marking.id == Comment.marking_id)
        .where(Marking.call_id == hour.call_id, Marking.supervisor_id == hour.mentor_id)
    )
    return tuple(sorted(set(tx.scalars(wanted)))) if hour.call_id is not None else ()


def _signatures(tx: Session, mentor_id: int, coach_id: int, meetings: list[Meeting]) -> dict[int, int]:
    """When each of the two signed exactly these meetings, by person."""
    rows = tx.scalars(
        select(DossierSignature)
        .where(
            DossierSignature.mentor_id == mentor_id,
            DossierSignature.coach_id == coach_id,
            DossierSignature.content_sha256 == mark_of(meetings),
        )
        .order_by(DossierSignature.id)
    )
    return {row.signed_by_id: row.at_ms for row in rows}


def _hour_of_form(mentor_id: int, coach_id: int) -> MentorHour | None:
    minutes, size = whole("minutes", most=LONGEST_MINUTES), whole("group_size", most=100)
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        return None
    if not minutes or not size or day < EPOCH:
        return None
    days = (day - EPOCH).days
    return MentorHour(mentor_id=mentor_id, coach_id=coach_id, day=days, minutes=minutes, group_size=size)


def _day(number: int) -> date:
    return EPOCH + timedelta(days=number)
