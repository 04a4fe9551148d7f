"""Who is let in where. A view says whom it admits; one that does not say is closed to everybody.

What somebody may see of a call is decided by the queries in integration.store: a call that is not theirs
is not found, so that nobody learns that it exists.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from integration.store.people import PersonKind
from integration.web.current import me

SESSION_HOURS = 12
"""So long after signing in somebody signs in again, whatever they do meanwhile."""
View = TypeVar("View", bound=Callable[..., Any])
EVERYBODY: frozenset[PersonKind] = frozenset(PersonKind)
LIBRARY_RULES: dict[str, frozenset[PersonKind] | None] = {
    "static": None,
    "security.login": None,
    "security.us_signin": None,
    "security.us_signin_send_code": None,
    "security.us_setup": EVERYBODY,
    "security.us_setup_validate": EVERYBODY,
}
"""Views that libraries bring: None = open to strangers. What is not named here stays closed."""


def public(view: View) -> View:
    """Open to strangers."""
    view.admits = None  # type: ignore[attr-defined]  # read by rule_of
    return view


def only(*kinds: PersonKind) -> Callable[[View], View]:
    """Open to people who are one of `kinds`, and to nobody else."""

    def mark(view: View) -> View:
        view.admits = frozenset(kinds)  # type: ignore[attr-defined]  # read by rule_of
        return view

    return mark


def signed_in(view: View) -> View:
    """Open to everybody who is signed in."""
    return only(*PersonKind)(view)


def rule_of(app: Flask, endpoint: str) -> frozenset[PersonKind] | None:
    """Whom the view admits (None: strangers too). KeyError when nobody has decided that."""
    view = app.view_functions[endpoint]
    if hasattr(view, "admits"):
        admits: frozenset[PersonKind] | None = view.admits
        return admits
    return LIBRARY_RULES[endpoint]


def guard_doors(app: Flask) -> None:
    """Ask every request who it is from before any view runs."""
    app.before_request(_admit)


def _admit() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page: answered as such
    try:
        admits = rule_of(current_app, request.endpoint)
    except KeyError:
        abort(404)
    if admits is None:
        return None
    if current_user.is_authenticated and time.time() - session.get("fs_paa", 0) > SESSION_HOURS * 3600:
        logout_user()
    if not current_user.is_authenticated:
        if request.method != "GET":
            abort(401)
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    if not admits & me().kinds:
        abort(404)
    return None
