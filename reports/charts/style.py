"""One palette, one type: colours that colour-blind readers and a grey printer tell apart.

Client and coach are a deep blue and an ochre: apart in lightness as well as in hue, and each keeps its
own lane or place, so colour is never the only sign. None is red or green: no voice is a warning.
"""

from __future__ import annotations

from typing import Any

import altair as alt

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


def finish(chart: Any, *, font: str = FONT) -> dict[str, Any]:  # noqa: ANN401  # altair's charts have no common type
    """The Vega-Lite specification of `chart` in house style, on a clear ground."""
    spec: dict[str, Any] = (
        chart.configure(font=font, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET, titleColor=QUIET, labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
            gridColor=LINE, domainColor=LINE, tickColor=LINE, labelPadding=4, titlePadding=6,
        )
        .configure_legend(labelColor=INK, labelFontSize=12, title=None, orient="top", symbolType="square")
        .to_dict(validate=False)  # a test validates every description once; doing it each time doubles the work
    )
    return spec


def rows(values: list[dict[str, Any]]) -> alt.Data:
    """Plain rows as chart data, written into the specification itself."""
    return alt.Data(values=values)
