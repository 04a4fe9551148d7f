"""The phases as a ribbon over the session."""

from __future__ import annotations

from typing import Any

import altair as alt

from reports.charts.style import FONT, INK, PAPER, PHASES, finish, quickly, table
from reports.phrases import clock, joined, length
from reports.report import Picture
from reports.wording import term

_LETTER_PX = 7.6
_HEIGHT = 30


@quickly
def describe(picture: Picture, width: int, *, font: str = FONT) -> dict[str, Any]:
    """One band; a name where it fits, else a letter, else nothing."""
    whole = max(1, picture.duration_ms)
    bands = []
    for phase, start, end in picture.phases:
        room, name = (end - start) / whole * width, term("phase", phase)
        label = name if room > _LETTER_PX * len(name) + 8 else term("phase_letter", phase) if room > 12 else ""
        bands.append({"start": start / 60_000, "end": end / 60_000, "middle": (start + end) / 120_000,
                      "label": label, "colour": PHASES[phase], "said": f"{name}, {length(end - start)}"})
    x = alt.X("start:Q", title="minutes", scale=alt.Scale(domain=[0, whole / 60_000], nice=False),
              axis=alt.Axis(grid=False, tickCount=6, tickMinStep=1))
    band = alt.Chart(table("bands")).mark_rect(stroke=PAPER, strokeWidth=1).encode(
        x=x, x2=alt.X2("end:Q"), color=alt.Color("colour:N", scale=None), tooltip=alt.Tooltip("said:N"))
    names = alt.Chart(table("bands")).mark_text(color=INK, fontSize=13)
    names = names.encode(x=alt.X("middle:Q"), text=alt.Text("label:N"))
    return finish(alt.layer(band, names).properties(width=width, height=_HEIGHT), font=font, bands=bands)


def in_words(picture: Picture) -> str:
    """Each stretch of each phase, with its start and length."""
    said = [f"{term('phase', p).lower()} from {clock(s)} for {length(e - s)}" for p, s, e in picture.phases]
    return f"{joined(said).capitalize()}."
