"""A rubric laid beside a session. Rubrics are files in reports/rubrics; nothing here knows one of them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from processor.model.measures import Measure
from processor.model.reading import Heard, SignalId
from reports.audience import Audience
from reports.call import QUOTED_FROM, Call
from reports.report import MarkerLine, Place, Rubric
from reports.wording import say, table, term

NOT_HEARD_BELOW = 0.3
"""Only where no utterance is likelier than this to give the signal is it called not heard; between this and
a quotable moment it cannot be told. Ours."""

_MOST_PLACES = 4


@cache
def load(name: str) -> dict[str, Any]:
    """The rubric file `name`."""
    return tomllib.loads(files("reports").joinpath("rubrics", f"{name}.toml").read_text(encoding="utf-8"))


def lay(call: Call, name: str, audience: Audience) -> Rubric:
    """What was heard for each marker, with times; no sum, no share, no pass."""
    content = load(name)
    return Rubric(content["title"], content["note"], tuple(_line(call, m, audience) for m in content["marker"]))


def _line(call: Call, marker: dict[str, Any], audience: Audience) -> MarkerLine:
    at: tuple[Place, ...] = ()
    if marker["reach"] == "human":
        state, said = "human", term("reach", "human_state")
    elif "figure" in marker:
        state, said = _figure(call, marker["figure"], audience)
    else:
        heard, names = _signals(call, [SignalId(s) for s in marker["signals"]])
        state, said, at = heard.value, term("heard", heard), call.places(names)[:_MOST_PLACES]
        if heard is Heard.HEARD and marker.get("family"):
            state, said = Heard.PARTLY.value, term("reach", "family_state")
    return MarkerLine(marker["number"], marker["text"], term("reach", marker["reach"]), state, said, at)


def _figure(call: Call, name: str, audience: Audience) -> tuple[str, str]:
    """Where to look: beside a marker a figure would read as a mark, so it stays with its range and its limits."""
    if not isinstance(call.measure(name), Measure):
        return "cannot_tell", term("heard", "cannot_tell")
    return "figure", f"see \u201c{say(table('measures')[name]['name'], audience)}\u201d"


def _signals(call: Call, signals: list[SignalId]) -> tuple[Heard, list[str]]:
    """Heard: likely enough to quote, and answered by the client. Partly: not answered."""
    said = [
        (r.utterance, max(call.confidence(r.utterance, s) for s in signals))
        for r in call.findings.readings
        if call.utterance(r.utterance).label == call.coach
    ]
    quotable = [name for name, confidence in said if confidence >= QUOTED_FROM]
    if quotable:
        answered = [n for n in quotable if (t := call.turn_after(n)) is not None and t.label == call.client]
        return (Heard.HEARD, answered) if answered else (Heard.PARTLY, quotable)
    likeliest = max((confidence for _, confidence in said), default=0.0)
    return (Heard.NOT_HEARD if likeliest < NOT_HEARD_BELOW else Heard.CANNOT_TELL), []
