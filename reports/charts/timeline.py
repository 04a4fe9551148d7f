"""The whole conversation, written like music: rows of some minutes, a lane for each voice.

Above the lanes runs the phase, between them a dark line where both spoke, below them a sign where
somebody came in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import altair as alt

from reports.charts.style import FONT, LINE, MARK, PHASES, QUIET, colour, finish, quickly, table
from reports.phrases import clock, joined, mid_sentence
from reports.report import Picture
from reports.wording import entry, term

_TOP, _BAND, _LANE, _BETWEEN, _FOOT = 16, 5, 11, 4, 20
_LETTER_PX = 7.2
"""About the width of one letter, to know whether a name fits."""

SHAPES = {"interruption": "triangle-up", "attempt": "triangle-right", "completion": "diamond"}


def _minutes_per_row(picture: Picture, width: int) -> int:
    minutes = picture.duration_ms / 60_000
    if width >= 500:
        return 5 if minutes <= 20 else 10
    return 2 if minutes <= 10 else 5


@quickly
def describe(picture: Picture, width: int, *, font: str = FONT) -> dict[str, Any]:
    """Rows of 2, 5 or 10 minutes; lanes in the order of the voices."""
    per_row = _minutes_per_row(picture, width) * 60_000
    count = -(-max(1, picture.duration_ms) // per_row)
    row_height = _TOP + _BAND + len(picture.voices) * (_LANE + _BETWEEN) + _FOOT
    height = count * row_height
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, per_row], range=[0, width], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], range=[0, height], nice=False))
    boxes = tuple(_boxes(picture, per_row, row_height, width))
    bars = [row for row in boxes if row["layer"] == "bar"]
    layers = [
        alt.Chart(table("grid")).mark_rule(color=LINE, strokeWidth=1).encode(x=x, y=y, y2=alt.Y2("y2:Q")),
        alt.Chart(table("bars")).mark_rect().encode(
            x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"),
            color=alt.Color("colour:N", scale=None), tooltip=alt.Tooltip("said:N"),
        ),
        alt.Chart(table("names")).mark_text(align="left", color=QUIET, fontSize=12, baseline="bottom").encode(
            x=x, y=y, text=alt.Text("said:N")),
        alt.Chart(table("clocks")).mark_text(align="right", color=QUIET, fontSize=12, baseline="middle").encode(
            x=x, y=y, text=alt.Text("at:N")),
        alt.Chart(table("signs")).mark_point(filled=True, size=60, opacity=1).encode(
            x=x, y=y, shape=alt.Shape("shape:N", scale=None), color=alt.Color("colour:N", scale=None),
            tooltip=alt.Tooltip("said:N")),
    ]
    left = -8 / width * per_row
    clocks = [{"x": left, "y": i * row_height + _TOP + _BAND + 10, "at": clock(i * per_row)} for i in range(count)]
    names, signs = ([row for row in boxes if row["layer"] == layer] for layer in ("name", "sign"))
    return finish(
        alt.layer(*layers).properties(width=width, height=height),
        font=font, bars=bars, names=names, signs=signs, clocks=clocks, grid=_grid(count, per_row, row_height),
    )


def _grid(count: int, per_row: int, row_height: int) -> list[dict[str, Any]]:
    return [
        {"x": m * 60_000, "y": i * row_height + _TOP, "y2": (i + 1) * row_height - _FOOT}
        for i in range(count)
        for m in range(per_row // 60_000 + 1)
    ]


def _boxes(picture: Picture, per_row: int, row_height: int, width: int) -> Iterator[dict[str, Any]]:
    lanes = _TOP + _BAND + _BETWEEN
    for phase, start, end in picture.phases:
        for row, left, right in _pieces(start, min(end, picture.duration_ms), per_row):
            top = row * row_height + _TOP
            yield _bar(left, right, top=top, height=_BAND, fill=PHASES[phase], said=term("phase", phase))
            room = (right - left) / per_row * width
            name = term("phase", phase) if room >= _LETTER_PX * len(term("phase", phase)) else ""
            yield {"layer": "name", "x": left, "y": top - 2, "said": name}
    for lane, voice in enumerate(picture.voices):
        for start, end in voice.spans:
            for row, left, right in _pieces(start, end, per_row):
                top = row * row_height + lanes + lane * (_LANE + _BETWEEN)
                yield _bar(
                    left, right, top=top, height=_LANE, fill=colour(voice.key), said=f"{voice.name}, {clock(start)}"
                )
    for start, end in picture.overlaps:
        for row, left, right in _pieces(start, end, per_row):
            top = row * row_height + lanes + _LANE
            yield _bar(left, right, top=top, height=_BETWEEN, fill=MARK, said=f"both, {clock(start)}")
    foot = lanes + len(picture.voices) * (_LANE + _BETWEEN) + 4
    for mark in picture.marks:
        row, left = divmod(mark.at_ms, per_row)
        yield {"layer": "sign", "x": left, "y": row * row_height + foot, "shape": SHAPES[mark.kind],
               "colour": colour(mark.key), "said": f"{mark.text}, {clock(mark.at_ms)}"}


def _bar(left: int, right: int, *, top: int, height: int, fill: str, said: str) -> dict[str, Any]:
    return {"layer": "bar", "x": left, "x2": right, "y": top, "y2": top + height, "colour": fill, "said": said}


def _pieces(start: int, end: int, per_row: int) -> Iterable[tuple[int, int, int]]:
    """`start` to `end` cut at the ends of rows: (row, left, right) in ms from the start of the row."""
    for row in range(start // per_row, max(start, end - 1) // per_row + 1):
        left, right = max(start, row * per_row), min(end, (row + 1) * per_row)
        if right > left:
            yield row, left - row * per_row, right - row * per_row


def caption(picture: Picture) -> str:
    """How to read the picture."""
    places = ("Upper lane", "Lower lane", *["Last lane"] * len(picture.voices))
    lanes = [f"{place}: {mid_sentence(voice.name)}." for place, voice in zip(places, picture.voices, strict=False)]
    said = " ".join(["Each row goes on from the one above.", *lanes])
    if picture.overlaps:
        said += " A dark line between the lanes: both spoke."
    signs = {"interruption": "\u25b2", "attempt": "\u25b6", "completion": "\u25c6"}
    kinds = [kind for kind in SHAPES if any(m.kind == kind for m in picture.marks)]
    if kinds:
        said += " " + ", ".join(f"{signs[k]} {entry('floor', k)['name'].lower()}" for k in kinds) + "."
    return said


def in_words(picture: Picture) -> str:
    """Turns, overlaps and comings-in as sentences."""
    said = joined([f"{mid_sentence(voice.name)} spoke in {len(voice.spans)} stretches" for voice in picture.voices])
    text = f"{said[0].upper()}{said[1:]}. Both spoke at once {len(picture.overlaps)} times."
    if picture.marks:
        listed = [f"{mark.text} at {clock(mark.at_ms)}" for mark in picture.marks]
        text += f" {joined(listed)}."
    counted = Counter(phase for phase, _, _ in picture.phases)
    again = [term("phase", phase).lower() for phase, times in counted.items() if times > 1]
    return text + (f" {joined(again).capitalize()} came back." if again else "")
