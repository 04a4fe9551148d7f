"""Coming in, of each kind and by whom."""

from __future__ import annotations

from processor.model.floor import FloorEvent, FloorKind
from processor.model.people import Role
from reports.audience import Audience
from reports.call import QUOTED_FROM, Call
from reports.phrases import count
from reports.report import FloorLine
from reports.wording import entry, persons

_SHOWN = (
    FloorKind.INTERRUPTION,
    FloorKind.ATTEMPT,
    FloorKind.COMPLETION,
    FloorKind.COOPERATIVE,
    FloorKind.SIMULTANEOUS,
    FloorKind.BACKCHANNEL,
)
_MOST_PLACES = 6


def floor(call: Call, audience: Audience) -> tuple[FloorLine, ...]:
    """One line for each kind and direction that was heard; counts are sums of chances.

    Sentence completions are never counted: candidates are listed to be listened to.
    """
    lines = []
    for kind in _SHOWN:
        for role, name in ((Role.COACH, "Coach"), (Role.CLIENT, "Client")):
            events = [e for e in call.findings.floor if e.kind is kind and call.role(e.by) is role]
            if events:
                lines.append(_line(call, kind, persons(audience)[name], events))
    return tuple(lines)


def _line(call: Call, kind: FloorKind, who: str, events: list[FloorEvent]) -> FloorLine:
    words = entry("floor", kind)
    listed = [e for e in events if e.confidence >= QUOTED_FROM or kind is FloorKind.COMPLETION]
    meaning = words["meaning"]
    announced = sum(e.announced for e in events)
    if announced:
        meaning += f" {announced} of these with the purpose announced."
    lost = sum(e.resumed is False for e in listed)
    if kind is FloorKind.INTERRUPTION and lost:
        meaning += f" In {lost} of the places named, the thought was not heard again soon after."
    places = () if kind is FloorKind.BACKCHANNEL else tuple(call.place(e.segment.start_ms) for e in listed)
    said = "to check" if kind is FloorKind.COMPLETION else f"about {count(sum(e.confidence for e in events))}"
    return FloorLine(words["name"], who, said, meaning, places[:_MOST_PLACES])
