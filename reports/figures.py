"""Which figures and which groups of numbers a report has something for; page and PDF show the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from reports.charts import phase_ribbon, silence_map, strip, talk_share, timeline, trend_lines
from reports.report import Number, Picture, Report, Trend
from reports.wording import say, table


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: `describe(width, font=…)` gives its description, `words` says the same."""

    id: str
    title: str
    caption: str
    words: str
    describe: Callable[..., dict[str, Any]]


class _Chart(Protocol):
    """What every chart module gives."""

    def describe(self, shown: Any, width: int) -> dict[str, Any]: ...  # a Picture or a Trend

    def in_words(self, shown: Any) -> str: ...  # as above


def figures(report: Report) -> Iterator[Figure]:
    """The figures of `report`, each once."""
    picture = report.picture
    if report.trend and report.trend.lines:
        yield _figure("trend", "Over your sessions", trend_lines.caption(report.trend), report.trend, trend_lines)
    if picture is None:
        return
    yield _figure("strip", "At a glance", strip.caption(picture), picture, strip)
    yield _figure("timeline", "The whole conversation", timeline.caption(picture), picture, timeline)
    if report.numbers and talk_share.points(picture):
        yield _figure("share", "Share of talk over time", talk_share.caption(picture), picture, talk_share)
    if report.numbers and picture.silences:
        yield _figure("silence", "Silence and its owner", silence_map.caption(picture), picture, silence_map)
    if picture.phases:
        yield _figure("phases", "Phases", "", picture, phase_ribbon)


def number_groups(report: Report) -> list[tuple[str, list[Number]]]:
    """All numbers by group, in the order of states.toml; empty groups are left out."""
    names = table("states")["number_group"]
    found = [(say(name, report.audience), [n for n in report.numbers if n.group == key]) for key, name in names.items()]
    return [(name, numbers) for name, numbers in found if numbers]


def _figure(name: str, title: str, caption: str, shown: Picture | Trend, chart: _Chart) -> Figure:
    return Figure(name, title, caption, chart.in_words(shown), partial(chart.describe, shown))
