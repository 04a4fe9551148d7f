"""The report as one HTML page that needs nothing else: what report.html holds and the web app shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from markupsafe import Markup

from reports.charts import drawing, phase_ribbon, silence_map, strip, talk_share, timeline, trend_lines
from reports.report import Number, Picture, Report, Trend
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
    """The figures that this report has something for."""
    picture = report.picture
    if report.trend and report.trend.lines:
        yield _figure("trend", "Over your sessions", "", report.trend, trend_lines)
    if picture is None or not picture.voices:
        return
    yield _figure("strip", "At a glance", strip.caption(picture), picture, strip)
    yield _figure("timeline", "The whole conversation", timeline.caption(picture), picture, timeline)
    if report.numbers and talk_share.points(picture):
        yield _figure("share", "Share of talk over time", talk_share.caption(picture), picture, talk_share)
    if report.numbers:
        yield _figure("silence", "Silence and its owner", silence_map.caption(picture), picture, silence_map)
    if picture.phases:
        yield _figure("phases", "Phases", "", picture, phase_ribbon)


class _Chart(Protocol):
    """What every chart module gives."""

    def describe(self, shown: Any, width: int) -> dict[str, Any]: ...  # noqa: ANN401  # a Picture or a Trend

    def in_words(self, shown: Any) -> str: ...  # noqa: ANN401  # as above


def _figure(name: str, title: str, caption: str, shown: Picture | Trend, chart: _Chart) -> Figure:
    wide, narrow = chart.describe(shown, _WIDE), chart.describe(shown, _NARROW)
    return Figure(
        id=name,
        title=title,
        caption=caption,
        words=chart.in_words(shown),
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
    found = [(say(name, report.audience), [n for n in report.numbers if n.group == key]) for key, name in names.items()]
    return [(name, numbers) for name, numbers in found if numbers]
