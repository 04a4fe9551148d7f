"""A coach's own sessions side by side, one row for each measure. A row has its own scale and no target."""

from __future__ import annotations

from typing import Any

import altair as alt

from reports.charts.style import CLIENT, FONT, INK, LINE, PAPER, QUIET, finish, quickly, table
from reports.report import Trend

_ROW, _NAME, _INSET = 72, 20, 14


@quickly
def describe(trend: Trend, width: int, *, font: str = FONT) -> dict[str, Any]:
    """Dots in order of time; open ones come from another pipeline and are not joined to the rest."""
    dots, names = [], []
    first = -max((len(line.points) for line in trend.lines), default=1)
    for i, line in enumerate(trend.lines):
        values = [value for _, value, _ in line.points]
        low, span = min(values), (max(values) - min(values)) or 1
        names.append({"order": first, "y": i * _ROW + _NAME - 4, "name": line.name})
        for order, (when, value, compared) in enumerate(line.points):
            foot = (i + 1) * _ROW - _INSET
            dots.append({
                "order": order - len(line.points),
                "y": foot - (value - low) / span * (_ROW - _NAME - 2 * _INSET),
                "row": i, "kind": "compared" if compared else "other version", "said": when,
            })
    height = max(1, len(trend.lines)) * _ROW
    x = alt.X("order:Q", axis=None, scale=alt.Scale(domain=[first, -1], range=[10, width - 10], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], range=[0, height], nice=False))
    lines, every = alt.Chart(table("joined")), alt.Chart(table("dots"))
    same = [dot for dot in dots if dot["kind"] == "compared"]
    layers = [
        lines.mark_line(color=LINE, strokeWidth=2).encode(
            x=x, y=y, detail=alt.Detail("row:N"), order=alt.Order("order:Q")),
        every.mark_point(size=60, strokeWidth=2, filled=True, opacity=1).encode(
            x=x, y=y, tooltip=alt.Tooltip("said:N"),
            fill=alt.condition("datum.kind == 'compared'", alt.value(CLIENT), alt.value(PAPER)),
            stroke=alt.condition("datum.order == -1", alt.value(INK), alt.value(CLIENT)),
        ),
        alt.Chart(table("names"))
        .mark_text(align="left", baseline="bottom", color=QUIET, fontSize=12, dx=-10)
        .encode(x=x, y=y, text=alt.Text("name:N")),
    ]
    drawn = alt.layer(*layers).properties(width=width, height=height)
    return finish(drawn, font=font, joined=same, dots=dots, names=names)


def caption(trend: Trend) -> str:
    """How to read the picture."""
    first = next((when for line in trend.lines for when, _, _ in line.points), "")
    return f"From {first} on the left to this session on the right, ringed. Each row has a scale of its own."


def in_words(trend: Trend) -> str:
    """Each measure: how many earlier sessions stand beside it, and whether this one differs."""
    said = []
    for line in trend.lines:
        earlier = sum(compared for _, _, compared in line.points) - 1
        sessions = "earlier sessions" if earlier != 1 else "earlier session"
        said.append(f"{line.name}: {earlier} {sessions}, {line.change}.")
    return " ".join(said)
