"""What templates may use: dates and lengths as people read them, who is signed in, where they may go."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from flask_babel import format_date, format_datetime, get_locale
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from integration.store.people import PersonKind
from integration.web import wording
from reports.phrases import clock, length

WAYS = (
    (PersonKind.COACH, "sessions.overview", _("My sessions")),
    (PersonKind.COACH, "sharing.supervisors", _("Supervisors")),
    (PersonKind.COACH, "logbook.logbook", _("Who looked")),
    (PersonKind.SUPERVISOR, "supervising.overview", _("Supervision")),
    (PersonKind.SUPERVISOR, "supervising.coaches", _("Coaches")),
    (PersonKind.SUPERVISOR, "agreeing.agreement", _("Agreement")),
    (PersonKind.CLIENT, "client.overview", _("My coaching")),
    (PersonKind.ADMINISTRATOR, "administration.overview", _("Administration")),
    (PersonKind.ADMINISTRATOR, "practice.figures", _("Practice")),
)
"""The main pages of each kind of person, in the order of the navigation."""


def init_look(app: Flask) -> None:
    """Give the templates what they use."""
    app.jinja_env.filters.update(day=_day, date=_date, moment=_moment, clock=clock, length_of=length, hours=_hours)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_person)
    app.jinja_env.globals.update(token_field=_token_field, get_locale=get_locale, wording=wording)


def _token_field() -> Markup:
    """The hidden field that every form carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _person() -> dict[str, Any]:
    kinds = current_user.kinds if current_user.is_authenticated else frozenset()
    ways = [(endpoint, text) for kind, endpoint, text in WAYS if kind in kinds]
    return {"ways": ways, "person": current_user if current_user.is_authenticated else None}


def _day(at_ms: int) -> str:
    return str(format_date(datetime.fromtimestamp(at_ms / 1000, tz=UTC), "d MMMM y"))


def _hours(minutes: int) -> str:
    """1 h 30 min, 45 min, 10 h"""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours or not rest else "", f"{rest} min" if rest else "") if part)


def _date(day: date) -> str:
    return str(format_date(day, "d MMMM y"))


def _moment(at_ms: int) -> str:
    return str(format_datetime(datetime.fromtimestamp(at_ms / 1000, tz=UTC), "d MMMM y, HH:mm"))
