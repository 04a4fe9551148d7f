"""One palette, one type: colours that colour-blind readers and a grey printer tell apart.

Client and coach are a deep blue and an ochre: apart in lightness as well as in hue, and each keeps its
own lane or place, so colour is never the only sign. None is red or green: no voice is a warning.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import altair as alt
from altair.utils import schemapi

INK = "#1f2933"
QUIET = "#5b6672"
LINE = "#d5d9de"
PAPER = "#ffffff"
SILENCE = "#eceff2"
CLIENT = "#1d5b8f"
COACH = "#c8781e"
OTHER = "#6f7782"
MARK = "#3a2b45"
PHASES = {"opening": "#e9e2ef", "exploration": "#cdbfdb", "action": "#a893bd", "closing": "#dccfe8"}

THEMED = {
    PAPER: "paper",
    INK: "ink",
    QUIET: "quiet",
    LINE: "line",
    SILENCE: "silence",
    CLIENT: "client",
    COACH: "coach",
    OTHER: "other",
    MARK: "mark",
    PHASES["opening"]: "phase-opening",
    PHASES["exploration"]: "phase-exploration",
    PHASES["action"]: "phase-action",
    PHASES["closing"]: "phase-closing",
}
"""Which custom property of the page stands for each colour, so that a dark page shows a dark chart."""

FONT = "Liberation Sans, sans-serif"
"""The drawing library carries this font along, so a picture looks the same on every machine."""

PDF_FONT = "Libertinus Serif"
"""The typesetter carries this one along."""


def colour(key: str) -> str:
    """The colour of a voice; unknown voices take the two colours in turn."""
    return {"client": CLIENT, "coach": COACH, "voice_a": CLIENT, "voice_b": COACH}.get(key, OTHER)


def quickly(describe: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """`describe` without altair's checks of each part, which take most of its time; a test makes them once."""

    @wraps(describe)
    def unchecked(*args: Any, **options: Any) -> dict[str, Any]:  # whatever `describe` takes
        with schemapi.debug_mode(arg=False):  # altair's own signature
            return describe(*args, **options)

    return unchecked


def table(name: str) -> alt.NamedData:
    """The rows called `name` in `finish`; kept out of the description, which altair copies at every step."""
    return alt.NamedData(name=name)


def finish(
    chart: Any,  # altair's charts have no common type
    *,
    font: str = FONT,
    **rows: list[dict[str, Any]],
) -> dict[str, Any]:
    """The Vega-Lite specification of `chart` in house style, on a clear ground, with its rows by name."""
    styled = (
        chart.configure(font=font, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET, titleColor=QUIET, labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
            gridColor=LINE, domainColor=LINE, tickColor=LINE, labelPadding=4, titlePadding=6,
        )
        .configure_legend(labelColor=INK, labelFontSize=12, title=None, orient="top", symbolType="square")
    )
    spec: dict[str, Any] = styled.to_dict(validate=False)
    return spec | {"datasets": rows}
