"""The report as one HTML page that needs nothing else: what report.html holds and the web app shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from reports.charts import drawing
from reports.figures import Figure, figures, number_groups
from reports.report import Report
from reports.templates import environment

_WIDE, _NARROW = 660, 300
"""Widths in points: beside the text of a desktop, and inside a telephone of 390."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as the page shows it: drawn for two widths, told once, described for the interactive view."""

    title: str
    caption: str
    words: str
    wide: Markup
    narrow: Markup
    spec: Markup


def render_page(report: Report, script_url: str | None = None) -> str:
    """`report` as a self-contained page; light, dark and in print.

    It works in full without script. With `script_url` (the address of `charts.drawing.script()`) the
    charts answer to the pointer; the page itself never holds a line of script.
    """
    return environment().get_template("page.html").render(_shown(report, script_url))


def render_report(
    report: Report, script_url: str | None = None, *, drawn: Mapping[str, Drawn] | None = None
) -> Markup:
    """What stands on the page, for the web app to put into a page of its own beside page.css.

    `drawn` are the figures that `draw` made of an equal report, when they were kept.
    """
    text = environment().get_template("report.html").render(_shown(report, script_url, drawn))
    return Markup(text)  # noqa: S704  # made by our own templates, which escape


def style_sheet() -> str:
    """The style sheet that `render_report` asks for."""
    return environment().get_template("page.css").render()


def draw(report: Report) -> dict[str, Drawn]:
    """The figures of `report`, drawn: by far most of the time that a page takes."""
    return {f.id: _drawn(f) for f in figures(report)}


def _shown(report: Report, script_url: str | None, drawn: Mapping[str, Drawn] | None = None) -> dict[str, Any]:
    return {
        "report": report,
        "figures": draw(report) if drawn is None else drawn,
        "groups": number_groups(report),
        "script_url": script_url,
    }


def _drawn(figure: Figure) -> Drawn:
    wide, narrow = figure.describe(_WIDE), figure.describe(_NARROW)
    return Drawn(
        title=figure.title,
        caption=figure.caption,
        words=figure.words,
        wide=Markup(drawing.themed(drawing.svg(wide))),  # noqa: S704  # drawn here, its texts escaped by the drawer
        narrow=Markup(drawing.themed(drawing.svg(narrow))),  # noqa: S704  # as above
        spec=_as_json(wide),
    )


def _as_json(spec: dict[str, Any]) -> Markup:
    """`spec` for a JSON block: no "<" is left that could end it."""
    text = json.dumps(spec, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704  # JSON without "<" cannot close its block
