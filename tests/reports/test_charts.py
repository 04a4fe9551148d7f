"""The pictures: one description each, drawn here, told in words, in colours that everybody can tell apart."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import altair as alt
import pytest
from altair.utils import schemapi

from processor.model.people import Sure
from reports.charts import drawing, phase_ribbon, silence_map, strip, style, talk_share, timeline
from reports.figures import figures
from reports.report import Picture, Voice
from tests.reports.calls import ordinary, report

IDS = ["trend", "strip", "timeline", "share", "silence", "phases"]
_HEX = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})")


def _picture(**more: Any) -> Picture:
    """Ten minutes: the client speaks in the first, the coach in the half minute after it."""
    voices = (Voice("client", "Your client", ((0, 60_000),)), Voice("coach", "You", ((60_000, 90_000),)))
    phases = (("opening", 0, 120_000), ("exploration", 120_000, 600_000))
    return replace(Picture(600_000, voices, phases), **more)


def _luminance(colour: str) -> float:
    """# Source: relative luminance, WCAG 2.2."""
    match = _HEX.fullmatch(colour)
    assert match
    parts = [int(part, 16) / 255 for part in match.groups()]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_coachs_report_has_six_figures() -> None:
    """Trend, strip, timeline, share of talk, silence, phases."""
    assert [figure.id for figure in figures(report())] == IDS


@pytest.mark.parametrize("figure", list(figures(report())), ids=lambda figure: figure.id)
def test_every_description_keeps_to_vega_lite(figure: Any) -> None:
    """The check that `quickly` leaves out while drawing."""
    spec = figure.describe(600)
    with schemapi.debug_mode(arg=True):
        alt.Chart.from_dict({key: part for key, part in spec.items() if key != "datasets"}, validate=True)


@pytest.mark.parametrize("figure", list(figures(report())), ids=lambda figure: figure.id)
@pytest.mark.parametrize("width", [300, 660])
def test_every_figure_is_well_formed_and_fits(figure: Any, width: int) -> None:
    """Axis labels may stand out at the left, by at most 60 points."""
    root = ET.fromstring(drawing.svg(figure.describe(width)))  # noqa: S314  # our own drawing
    assert width <= float(root.get("width", "0")) <= width + 60


@pytest.mark.parametrize("figure", list(figures(report())), ids=lambda figure: figure.id)
def test_every_figure_is_told_in_words(figure: Any) -> None:
    """At least a sentence, for readers and mail programs without pictures."""
    assert len(figure.words.split()) >= 5
    assert figure.words.endswith(".")


def test_the_timeline_tells_who_spoke_as_one_sentence() -> None:
    """Only its first word has a capital."""
    told = next(figure.words for figure in figures(report()) if figure.id == "timeline")
    assert told.startswith("Your client spoke in ")
    assert " and you spoke in " in told


def test_the_strip_tells_each_cell_in_percent() -> None:
    """Client in all of the first minute, coach in half of the second, silence after."""
    assert strip.in_words(_picture(duration_ms=180_000, phases=())) == (
        "Percent of each minute: Your client 100, 0, 0; You 0, 50, 0; silence of 0.3 s and more 0, 50, 100."
    )


def test_a_short_pause_between_two_voices_is_no_silence() -> None:
    """The client ends at 30 s, the coach begins 0.3 s later; with 0.4 s in between that would be silent."""
    def pause(ms: int) -> float:
        voices = (Voice("client", "client", ((0, 30_000),)), Voice("coach", "coach", ((30_000 + ms, 60_000),)))
        return strip.cells(_picture(duration_ms=60_000, voices=voices))[0].silence

    assert pause(300) == 0.0
    assert pause(400) == pytest.approx(400 / 60_000)


@pytest.mark.parametrize(("minutes", "step"), [(7, 1), (14, 1), (15, 2), (47, 5), (60, 5), (75, 10)])
def test_the_strip_has_at_most_fourteen_cells(minutes: int, step: int) -> None:
    """An hour in cells of five minutes."""
    found = strip.cells(_picture(duration_ms=minutes * 60_000))
    assert len(found) <= 14
    assert found[0].end_ms - found[0].start_ms == step * 60_000


def test_where_both_speak_the_strip_shares_the_room() -> None:
    """Both through 30 s of a minute: half of it each, half of it silent; drawn as two quarters of the column."""
    both = tuple(Voice(key, key, ((0, 30_000),)) for key in ("client", "coach"))
    picture = _picture(duration_ms=60_000, voices=both)
    (cell,) = strip.cells(picture)
    assert (cell.talk, cell.silence) == ((("client", 0.5), ("coach", 0.5)), 0.5)
    drawn = strip.describe(picture, 300)["datasets"]["talk"]
    assert [(bar["foot"], bar["top"]) for bar in drawn] == [(0.0, 0.25), (0.25, 0.5)]


def test_share_over_time_looks_at_two_and_a_half_minutes_every_half() -> None:
    """From 0:00 to 2:30 the client speaks 60 s and the coach 30 s: a third."""
    at, value = talk_share.points(_picture())[0]
    assert (at, value) == (75_000, pytest.approx(1 / 3))


def test_a_stretch_that_runs_over_the_end_of_a_row_goes_on_in_the_next() -> None:
    """Rows of five minutes: 4:30 to 5:30 is half a minute at the end of one and half at the start of another."""
    voices = (Voice("client", "Your client", ((270_000, 330_000),)), Voice("coach", "You", ()))
    bars = timeline.describe(_picture(voices=voices, phases=()), 660)["datasets"]["bars"]
    assert [(bar["x"], bar["x2"]) for bar in bars] == [(270_000, 300_000), (0, 30_000)]
    assert bars[0]["y"] < bars[1]["y"]


def test_a_very_long_silence_does_not_flatten_the_others() -> None:
    """It is drawn to 15 s with its length beside it."""
    pauses = silence_map.describe(report().picture, 600)["datasets"]["pauses"]
    longest = next(pause for pause in pauses if "1 min 31 s" in pause["said"])
    assert (abs(longest["y"]), longest["long"]) == (15, "1 min 31 s")


@pytest.mark.parametrize("describe", [strip.describe, timeline.describe, phase_ribbon.describe])
def test_roles_that_are_unsure_show_neither_roles_nor_phases(describe: Callable[..., dict[str, Any]]) -> None:
    """Voice A and Voice B, and no phase name."""
    picture = report(call=ordinary(sure=Sure.UNSURE)).picture
    drawn = drawing.svg(describe(picture, 600))
    assert re.findall(r">(You|Your client|Opening|Exploring)<", drawn) == []


@pytest.mark.parametrize("colour", [style.CLIENT, style.COACH, style.OTHER, style.MARK])
def test_every_mark_stands_out_from_the_paper(colour: str) -> None:
    """At least 3 to 1. # Source: WCAG 2.2, 1.4.11."""
    assert _contrast(colour, style.PAPER) >= 3


@pytest.mark.parametrize("ground", [style.PAPER, *style.PHASES.values()])
def test_words_in_pictures_can_be_read(ground: str) -> None:
    """Names of phases stand on paper or in their band: at least 4.5 to 1. # Source: WCAG 2.2, 1.4.3."""
    assert _contrast(style.INK, ground) >= 4.5


def test_coach_and_client_differ_in_lightness_and_not_only_in_hue() -> None:
    """A grey printer and colour-blind readers see which is which: at least 2 to 1."""
    assert _contrast(style.CLIENT, style.COACH) >= 2


def test_no_voice_is_red_or_green() -> None:
    """Those are the colours of right and wrong."""
    for colour in (style.CLIENT, style.COACH, style.OTHER):
        red, green, blue = (int(part, 16) for part in _HEX.fullmatch(colour).groups())
        assert not (green > red and green > blue)
        assert not (red > 2 * green)


def test_a_page_can_turn_every_colour_of_a_figure() -> None:
    """After theming no palette colour is left fixed."""
    drawn = drawing.themed(drawing.svg(timeline.describe(report().picture, 600)))
    assert [colour for colour in style.THEMED if f'"{colour}"' in drawn] == []


def test_a_packed_picture_is_the_same_picture() -> None:
    """A PNG of the size that was asked for, in fewer bytes than the drawer made it."""
    content = drawing.png(strip.describe(report().picture, 300), scale=2)
    width, _ = struct.unpack(">II", content[16:24])
    assert content.startswith(b"\x89PNG")
    assert width >= 600
    assert len(content) < 20_000


def test_the_script_evaluates_no_text_and_fetches_nothing() -> None:
    """It asks for the interpreter of expressions, so a strict content security policy lets it run."""
    assert "ast:true" in re.sub(r"\s", "", drawing.script())
