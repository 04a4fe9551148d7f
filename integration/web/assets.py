"""Style sheet and chart script of the reports, for pages of the app."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, Response

from integration.web.access import public
from reports.charts import drawing
from reports.page import style_sheet

pages = Blueprint("assets", __name__)
KEPT_S = 3600


@pages.get("/report.css")
@public
def sheet() -> Response:
    """Palette, type scale and parts of a report; every page stands on it."""
    return _kept(_sheet(), "text/css")


@pages.get("/charts.js")
@public
def charts() -> Response:
    """The script that lets charts answer to the pointer. Pages say everything without it."""
    return _kept(drawing.script(), "text/javascript")


def warm_up() -> None:
    """Load what draws and bundle the script, ahead of the first reader."""
    drawing.script()
    drawing.svg({"data": {"values": [{}]}, "mark": "point"})


@cache
def _sheet() -> str:
    return style_sheet()


def _kept(text: str, kind: str) -> Response:
    answer = Response(text, mimetype=kind)
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    return answer
