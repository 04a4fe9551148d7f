"""Pauses with their owner: after whose words, broken by whom. Never a total."""

from __future__ import annotations

from collections import Counter
from typing import Any

import altair as alt

from reports.charts.style import FONT, LINE, QUIET, colour, finish, quickly, table
from reports.phrases import clock, joined, length, mid_sentence
from reports.report import Picture

CUT_S = 15
"""Longer pauses are drawn to here, with their length beside them, so that one does not flatten the rest."""


@quickly
def describe(picture: Picture, width: int, *, font: str = FONT) -> dict[str, Any]:
    """Stems from a middle line: up after the first voice's words, down after the others'; the colour broke it.

    A picture without a pause has nothing to draw: `reports.figures` leaves it out.
    """
    names = {v.key: v.name for v in picture.voices}
    first = picture.voices[0].key
    reach = min(CUT_S, max((s.length_ms / 1000 for s in picture.silences), default=0)) + 2
    pauses = []
    for silence in picture.silences:
        seconds = min(CUT_S, silence.length_ms / 1000)
        said = length(silence.length_ms)
        pauses.append({
            "at": silence.place.at_ms / 60_000, "y": seconds if silence.after == first else -seconds, "foot": 0,
            "colour": colour(silence.broken_by), "long": said if silence.length_ms > CUT_S * 1000 else "",
            "said": f"{said} after {names[silence.after]}, broken by {names[silence.broken_by]}",
        })
    x = alt.X("at:Q", title="minutes", scale=alt.Scale(domain=[0, picture.duration_ms / 60_000], nice=False),
              axis=alt.Axis(grid=False, tickCount=6, tickMinStep=1))
    y = alt.Y("y:Q", title="seconds", scale=alt.Scale(domain=[-reach, reach]),
              axis=alt.Axis(tickCount=5, labelExpr="abs(datum.value)", domain=False, ticks=False))
    base = alt.Chart(table("pauses"))
    by = alt.Color("colour:N", scale=None)
    stems = base.mark_rule(strokeWidth=2).encode(x=x, y=y, y2=alt.Y2("foot:Q"), color=by)
    heads = base.mark_point(filled=True, size=45, opacity=1).encode(
        x=x, y=y, color=by, tooltip=alt.Tooltip("said:N"))
    long = base.mark_text(color=QUIET, fontSize=12, dx=6, align="left").encode(x=x, y=y, text=alt.Text("long:N"))
    middle = alt.Chart(table("middle")).mark_rule(color=LINE).encode(y=alt.Y("y:Q"))
    layers = alt.layer(middle, stems, heads, long).properties(width=width, height=130)
    return finish(layers, font=font, pauses=pauses, middle=[{"y": 0}])


def caption(picture: Picture) -> str:
    """How to read the picture."""
    first = picture.voices[0].name
    rest = picture.voices[1].name if len(picture.voices) > 1 else "the other"
    return (
        f"Pauses of two seconds and more. Up: after {mid_sentence(first)} spoke. "
        f"Down: after {mid_sentence(rest)} spoke. The colour is the voice that broke it."
    )


def in_words(picture: Picture) -> str:
    """How many pauses there were of each kind, and where the longest was."""
    names = {v.key: mid_sentence(v.name) for v in picture.voices}
    kinds = Counter((s.after, s.broken_by) for s in picture.silences)
    said = [f"{n} after {names[after]}, broken by {names[broke]}" for (after, broke), n in kinds.most_common()]
    longest = max(picture.silences, key=lambda s: s.length_ms)
    return (
        f"Pauses of two seconds and more: {joined(said)}. The longest, {length(longest.length_ms)}, "
        f"began at {clock(longest.place.at_ms)}."
    )
