"""Coming in, of each kind and by whom."""

from __future__ import annotations

from processor.model.floor import FloorEvent, FloorKind
from processor.model.people import Role
from reports.audience import Audience
from reports.call import QUOTED_FROM, Call
from reports.phrases import about
from reports.report import KindLine
from reports.wording import entry, persons

_SHOWN = (
    FloorKind.INTERRUPTION,
    FloorKind.ATTEMPT,
    FloorKind.COMPLETION,
    FloorKind.COOPERATIVE,
    FloorKind.SIMULTANEOUS,
    FloorKind.BACKCHANNEL,
)
_MOST_PLACES = 12


def floor(call: Call, audience: Audience) -> tuple[KindLine, ...]:
    """One line for each kind and direction that was heard; counts are sums of chances.

    Sentence completions are never counted: candidates are listed to be listened to. Starting together has
    no direction, so both sides of it are one line and one event.
    """
    lines = []
    for kind in _SHOWN:
        for role, name in ((Role.COACH, "Coach"), (Role.CLIENT, "Client")):
            events = [e for e in call.findings.floor if e.kind is kind and call.role(e.by) is role]
            if events:
                both = kind is FloorKind.SIMULTANEOUS
                lines.append(_line(call, kind, "Both" if both else persons(audience)[name], events))
                if both:
                    break
    return tuple(lines)


def _line(call: Call, kind: FloorKind, who: str, events: list[FloorEvent]) -> KindLine:
    words = entry("floor", kind)
    listed = [e for e in events if e.confidence >= QUOTED_FROM or kind is FloorKind.COMPLETION]
    meaning = words["meaning"]
    announced = sum(e.announced for e in events)
    if announced:
        meaning += f" {announced} of these with the purpose announced."
    lost = sum(e.resumed is False for e in listed)
    if kind is FloorKind.INTERRUPTION and lost:
        where = f"In {lost} of the {len(listed)} places named" if len(listed) > 1 else "There"
        meaning += f" {where}, the thought was not heard again soon after."
    if not listed and kind is not FloorKind.BACKCHANNEL:
        meaning += " No place is sure enough to point to."
    places = () if kind is FloorKind.BACKCHANNEL else tuple(call.place(e.segment.start_ms) for e in listed)
    said = "to check" if kind is FloorKind.COMPLETION else about(sum(e.confidence for e in events))
    return KindLine(words["name"], who, said, meaning, places[:_MOST_PLACES])
