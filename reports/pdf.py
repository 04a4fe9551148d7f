"""The report as PDF: one page to read, an appendix, tagged and searchable."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from typing import Literal

import typst

from reports.charts import drawing
from reports.charts.style import PDF_FONT
from reports.figures import Figure, figures, number_groups
from reports.report import Report

Paper = Literal["a4", "us-letter"]

_WIDTH = 640
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Written into every file, so that the same report gives the same bytes."""


def render_pdf(report: Report, paper: Paper = "a4") -> bytes:
    """`report` on A4 or US Letter, PDF/UA-1 (for screen readers), with the fonts that the typesetter carries."""
    content = asdict(report) | {
        "figures": {f.id: _drawn(f) for f in figures(report)},
        "groups": [(name, [asdict(n) for n in found]) for name, found in number_groups(report)],
    }
    template = files("reports.templates").joinpath("report.typ").read_bytes()
    made: bytes = typst.compile(
        template,
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"report": json.dumps(content), "paper": paper},
        pdf_standards=["ua-1"],
        timestamp=_EPOCH,
    )
    return made


def _drawn(figure: Figure) -> dict[str, str]:
    drawn = drawing.svg(figure.describe(_WIDTH, font=PDF_FONT))
    return {"svg": drawn, "caption": figure.caption, "words": figure.words}
