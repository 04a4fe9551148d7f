"""The way in: everybody lands on the page that is theirs."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from integration.web.access import signed_in
from integration.web.current import me
from integration.web.look import WAYS

pages = Blueprint("home", __name__)


@pages.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """To the first page of the person's kind."""
    for kind, endpoint, _text in WAYS:
        if kind in me().kinds:
            return redirect(url_for(endpoint))
    return render_template("nothing_here.html")
