"""The strip: the whole session at a glance, in cells of some minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import altair as alt

from processor.model.segment import Segment, covered_ms, union
from reports.charts.style import FONT, PAPER, QUIET, SILENCE, colour, finish, quickly, table
from reports.phrases import clock, joined, share
from reports.report import BRIDGE_MS, Picture
from reports.wording import term

_STEPS_MIN = (1, 2, 5, 10, 15, 30)
_MOST_CELLS = 14


@dataclass(frozen=True, slots=True)
class Cell:
    """One stretch of the strip: its share of talk by voice, its share of silence (0 to 1), its phase.

    Where voices overlap, the talk and the silence come to more than 1.
    """

    start_ms: int
    end_ms: int
    talk: tuple[tuple[str, float], ...]
    silence: float
    phase: str


def cells(picture: Picture) -> tuple[Cell, ...]:
    """The session in equal cells of 1, 2, 5, … minutes, at most 14; the last may be shorter."""
    step = next((s for s in _STEPS_MIN if picture.duration_ms <= s * 60_000 * _MOST_CELLS), 60) * 60_000
    starts = range(0, max(1, picture.duration_ms), step)
    spoken = union((Segment(s, e) for v in picture.voices for s, e in v.spans), bridge_ms=BRIDGE_MS)
    sounds = [(segment.start_ms, segment.end_ms) for segment in spoken]
    return tuple(_cell(picture, sounds, start, min(start + step, picture.duration_ms)) for start in starts)


def _cell(picture: Picture, sounds: Sequence[tuple[int, int]], start: int, end: int) -> Cell:
    whole = max(1, end - start)
    talk = tuple((v.key, _covered(v.spans, start, end) / whole) for v in picture.voices)
    silence = 1 - _covered(sounds, start, end) / whole
    longest = max(picture.phases, key=lambda p: min(p[2], end) - max(p[1], start), default=None)
    return Cell(start, end, talk, silence, longest[0] if longest else "")


def _covered(spans: Sequence[tuple[int, int]], start: int, end: int) -> int:
    return covered_ms(Segment(max(s, start), min(e, end)) for s, e in spans if s < end and e > start)


@quickly
def describe(picture: Picture, width: int, *, font: str = FONT) -> dict[str, Any]:
    """Stacked columns, client at the foot, silence on top; the letters of the phases stand above."""
    talk = []
    letters = _phase_names(picture, width)
    names = {v.key: v.name for v in picture.voices}
    for cell in cells(picture):
        place = {"start": cell.start_ms / 60_000, "end": cell.end_ms / 60_000}
        foot, said = 0.0, sum(value for _, value in cell.talk)
        for key, value in cell.talk:
            top = foot + (1 - cell.silence) * value / said if said else foot  # what overlaps has no room of its own
            talk.append({**place, "voice": names[key], "foot": foot, "top": top, "said": share(value)})
            foot = top
    x = alt.X("start:Q", title="minutes", scale=alt.Scale(domain=[0, picture.duration_ms / 60_000], nice=False),
              axis=alt.Axis(grid=False, tickMinStep=1, tickCount=6))
    y = alt.Y("foot:Q", axis=None, scale=alt.Scale(domain=[0, 1], range=[100, 20]))
    ends = [{"start": c.start_ms / 60_000, "end": c.end_ms / 60_000, "foot": 0, "top": 1} for c in cells(picture)]
    keys = [v.key for v in picture.voices]
    ground_marks = alt.Chart(table("ends")).mark_rect(color=SILENCE).encode(
        x=x, x2=alt.X2("end:Q"), y=y, y2=alt.Y2("top:Q"))
    bars = alt.Chart(table("talk")).mark_rect(stroke=PAPER, strokeWidth=1).encode(
        x=x, x2=alt.X2("end:Q"),
        y=y, y2=alt.Y2("top:Q"),
        color=alt.Color("voice:N", scale=alt.Scale(domain=[names[k] for k in keys], range=[colour(k) for k in keys])),
        tooltip=[alt.Tooltip("voice:N"), alt.Tooltip("said:N", title="of this stretch")],
    )
    text = alt.Chart(table("letters")).mark_text(color=QUIET, fontSize=13, baseline="bottom", align="left").encode(
        x=x, y=y, text=alt.Text("name:N"))
    layers = alt.layer(ground_marks, bars, *([text] if letters else [])).properties(width=width, height=100)
    return finish(layers, font=font, ends=ends, talk=talk, letters=letters)


def _phase_names(picture: Picture, width: int) -> list[dict[str, Any]]:
    """The name of each phase where its run of cells begins, its letter where the name has no room."""
    whole, found = max(1, picture.duration_ms), []
    for phase, run in groupby(cells(picture), key=lambda cell: cell.phase):
        stretch = list(run)
        room = (stretch[-1].end_ms - stretch[0].start_ms) / whole * width
        if phase:
            name = term("phase", phase) if room >= 9 * len(term("phase", phase)) else term("phase_letter", phase)
            found.append({"start": stretch[0].start_ms / 60_000, "foot": 1.05, "name": name})
    return found


def caption(picture: Picture) -> str:
    """How to read the picture."""
    return "Each column is a stretch of time. Grey is silence." + (
        " O, E, P and C stand for opening, exploring, planning and closing." if picture.phases else ""
    )


def in_words(picture: Picture) -> str:
    """The strip as a sentence or two: each voice's share of each cell."""
    found = cells(picture)
    step = round((found[0].end_ms - found[0].start_ms) / 60_000)
    steps = f"each {step} minutes" if step > 1 else "each minute"
    said = [f"{v.name} {', '.join(str(round(dict(c.talk)[v.key] * 100)) for c in found)}" for v in picture.voices]
    quiet = f"silence of 0.3 s and more {', '.join(str(round(c.silence * 100)) for c in found)}"
    return f"Percent of {steps}: {'; '.join([*said, quiet])}. {_phases_in_words(picture)}".strip()


def _phases_in_words(picture: Picture) -> str:
    if not picture.phases:
        return ""
    said = [f"{term('phase', phase).lower()} from {clock(start)}" for phase, start, _ in picture.phases]
    return f"Phases: {joined(said)}."
