"""For how long the audio of a coach's next sessions stays."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from integration.store.people import PersonKind
from integration.store.schema import Person
from integration.web.access import only
from integration.web.current import me, services
from integration.web.forms import whole

pages = Blueprint("keeping", __name__)
LONGEST_DAYS = 365


def days_of_form() -> int | None:
    """The days that a form asks for; None, with a word about it, when they are none."""
    days = whole("days", most=LONGEST_DAYS)
    if days is None:
        flash(_("Nothing was changed: type a number of days from 0 to %(most)s.", most=LONGEST_DAYS))
    return days


def days_of_coach() -> int:
    """What the signed-in coach wishes, else what the practice has set."""
    with services().database.transaction() as tx:
        wished = tx.get_one(Person, me().id).keep_audio_days
    return services().settings.retention.audio_days if wished is None else wished


@pages.post("/account/audio")
@only(PersonKind.COACH)
def choose() -> ResponseReturnValue:
    """Keep the wish. Sessions that are here already keep their own days, because their clients were told them."""
    if (days := days_of_form()) is not None:
        with services().database.transaction() as tx:
            tx.get_one(Person, me().id).keep_audio_days = days
        flash(_("Noted. It counts for your next sessions."))
    return redirect(url_for("accounts.account"))
