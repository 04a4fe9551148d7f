"""Delete now: asked once, done at once, with a receipt."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from integration.privacy.erasure import erase_call
from integration.store.people import PersonKind
from integration.web.access import only
from integration.web.current import me, services
from integration.web.sessions import own_call

pages = Blueprint("erasing", __name__)


@pages.get("/sessions/<token>/delete")
@only(PersonKind.COACH)
def ask(token: str) -> ResponseReturnValue:
    """Ask once. Opening this page deletes nothing."""
    return render_template("delete.html", token=token, started_ms=own_call(token).started_ms)


@pages.post("/sessions/<token>/delete")
@only(PersonKind.COACH)
def erase(token: str) -> ResponseReturnValue:
    """Erase the session everywhere and show what went."""
    call = own_call(token)
    receipt = erase_call(services(), call.id, actor_id=me().id, reason="ERASED_BY_COACH")
    return render_template("receipt.html", receipt=receipt, started_ms=call.started_ms)
