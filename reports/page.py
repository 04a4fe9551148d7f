"""The report as one HTML page that needs nothing else: what report.html holds and the web app shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from reports.charts import drawing, strip
from reports.report import Number, Picture, Report
from reports.templates import environment
from reports.wording import say, table

_WIDE, _NARROW = 660, 300
"""Widths in points: beside the text of a desktop, and inside a telephone of 390."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as the page shows it: drawn twice, told once, described for the interactive view."""

    id: str
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
    return environment().get_template("page.html").render(
        report=report, figures={f.id: f for f in _figures(report)}, groups=_groups(report), script_url=script_url
    )


def _figures(report: Report) -> Iterator[Figure]:
    if report.picture is None or not report.picture.voices:
        return
    yield _figure("strip", "At a glance", "", report.picture, strip.describe, strip.in_words)


def _figure(
    name: str,
    title: str,
    caption: str,
    picture: Picture,
    describe: Callable[[Picture, int], dict[str, Any]],
    in_words: Callable[[Picture], str],
) -> Figure:
    wide, narrow = describe(picture, _WIDE), describe(picture, _NARROW)
    return Figure(
        id=name,
        title=title,
        caption=caption,
        words=in_words(picture),
        wide=Markup(drawing.themed(drawing.svg(wide))),  # noqa: S704  # drawn here, its texts escaped by the drawer
        narrow=Markup(drawing.themed(drawing.svg(narrow))),  # noqa: S704  # as above
        spec=_as_json(wide),
    )


def _as_json(spec: dict[str, Any]) -> Markup:
    """`spec` for a JSON block: no "<" is left that could end it."""
    text = json.dumps(spec, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704  # JSON without "<" cannot close its block


def _groups(report: Report) -> list[tuple[str, list[Number]]]:
    names = table("states")["number_group"]
    return [(say(names[key], report.audience), list(found)) for key, found in groupby(report.numbers, lambda n: n.group)]
