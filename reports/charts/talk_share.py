"""Who filled the time, as it went on: a moving share of talk."""

from __future__ import annotations

from typing import Any

import altair as alt

from processor.model.segment import Segment, covered_ms
from reports.charts.style import COACH, FONT, finish, quickly, table
from reports.phrases import clock, length, share
from reports.report import Picture

WINDOW_MS = 150_000
"""# Source: windows of 2.5 minutes every 30 s, Zhang et al. 2025 (arXiv 2506.20474), as for the measures."""
STEP_MS = 30_000
SHORT_WINDOW_MS = 60_000
"""For calls under ten minutes, where 2.5 minutes would leave no movement to see. Ours."""


def points(picture: Picture) -> tuple[tuple[int, float], ...]:
    """(middle of the window in ms, the coach's share of talk in it, 0 to 1); windows without talk are left out.

    While roles are unsure it is the share of the second voice.
    """
    if len(picture.voices) < 2:
        return ()
    window = window_ms(picture)
    found = []
    for start in range(0, max(1, picture.duration_ms - window + 1), STEP_MS):
        inside = [
            covered_ms(
                Segment(max(s, start), min(e, start + window)) for s, e in v.spans if s < start + window and e > start
            )
            for v in picture.voices[:2]
        ]
        if sum(inside):
            found.append((start + window // 2, inside[1] / sum(inside)))
    return tuple(found)


def window_ms(picture: Picture) -> int:
    """How much of the call each point looks at."""
    return WINDOW_MS if picture.duration_ms >= 4 * WINDOW_MS else SHORT_WINDOW_MS


@quickly
def describe(picture: Picture, width: int, *, font: str = FONT) -> dict[str, Any]:
    """An area for the second voice from the foot; what is above it is the first voice's."""
    shares = [{"at": at / 60_000, "share": v, "said": f"{share(v)} at {clock(at)}"} for at, v in points(picture)]
    x = alt.X("at:Q", title="minutes", scale=alt.Scale(domain=[0, picture.duration_ms / 60_000], nice=False),
              axis=alt.Axis(grid=False, tickCount=6, tickMinStep=1))
    y = alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1]),
              axis=alt.Axis(format="%", values=[0, 0.5, 1], domain=False, ticks=False))
    base = alt.Chart(table("shares"))
    area = base.mark_area(color=COACH, opacity=0.25).encode(x=x, y=y)
    line = base.mark_line(color=COACH, strokeWidth=2).encode(x=x, y=y)
    dots = base.mark_point(color=COACH, filled=True, size=18, opacity=1).encode(x=x, y=y, tooltip=alt.Tooltip("said:N"))
    return finish(alt.layer(area, line, dots).properties(width=width, height=120), font=font, shares=shares)


def caption(picture: Picture) -> str:
    """How to read the picture."""
    second = picture.voices[1].name
    who = "Your" if second == "You" else f"{second}:"
    return f"{who} share of the talk, over {length(window_ms(picture))} at a time. There is no line to reach."


def in_words(picture: Picture) -> str:
    """The lowest, the highest and the last share, with their times."""
    found = points(picture)
    if not found:
        return "There was too little talk to follow it over time."
    low, high = min(found, key=lambda p: p[1]), max(found, key=lambda p: p[1])
    name = picture.voices[1].name
    return (
        f"{name}: {share(found[0][1])} of the talk at the start, lowest {share(low[1])} around {clock(low[0])}, "
        f"highest {share(high[1])} around {clock(high[0])}, {share(found[-1][1])} at the end."
    )

