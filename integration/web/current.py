"""What a view may ask for: the services of this process, and who is asking."""

from __future__ import annotations

from typing import cast

from flask import current_app
from flask_login import current_user

from integration.web.members import Member
from integration.wiring import Services

SERVICES = "partnering"


def services() -> Services:
    """The services that create_app was given."""
    return cast("Services", current_app.extensions[SERVICES])


def me() -> Member:
    """The person who is signed in; only for views that admit no strangers."""
    return cast("Member", current_user)
