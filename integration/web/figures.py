"""Figures of a report, drawn once and kept sealed with the call: a page then comes in a tenth of the time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from importlib import metadata
from typing import Any

from markupsafe import Markup

from integration.store.record import FIGURES, Record
from reports.page import Drawn, draw, render_report
from reports.report import Report


def show_report(record: Record, report: Report, script_url: str | None = None) -> Markup:
    """The report as it stands on a page. Its figures are drawn anew when anything in them has changed."""
    return render_report(report, script_url, drawn=_drawn(record, report))


def _drawn(record: Record, report: Report) -> dict[str, Drawn]:
    name, mark = f"{FIGURES}-{report.audience}.json", _mark(report)
    text = record.text(name)
    kept: dict[str, Any] = {} if text is None else json.loads(text)
    if kept.get("mark") == mark:
        return {figure: _opened(parts) for figure, parts in kept["figures"].items()}
    drawn = draw(report)
    figures = {figure: asdict(parts) for figure, parts in drawn.items()}
    record.keep_text(name, json.dumps({"mark": mark, "figures": figures}))
    return drawn


def _opened(parts: dict[str, str]) -> Drawn:
    # What was sealed is what we drew; nobody else has the key.
    marked = {part: Markup(parts[part]) for part in ("wide", "narrow", "spec")}  # noqa: S704 - see above
    return Drawn(parts["title"], parts["caption"], parts["words"], **marked)


def _mark(report: Report) -> str:
    """Equal for equal figures: what is drawn, and what draws it."""
    shown = (metadata.version("partnering"), report.picture, report.trend, bool(report.numbers))
    return hashlib.sha256(repr(shown).encode()).hexdigest()
