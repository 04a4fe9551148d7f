"""Coming in, of each kind and by whom."""

from __future__ import annotations

from processor.model.floor import FloorEvent, FloorKind
from processor.model.measures import Measure
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

    Sentence completions are never counted: likely ones are listed to be listened to, and where none is likely there is
    no line. Starting together has no direction, so both sides of it are one line and one event.
    """
    lines = []
    for kind in _SHOWN:
        for role, name in ((Role.COACH, "Coach"), (Role.CLIENT, "Client")):
            events = [e for e in call.findings.floor if e.kind is kind and call.role(e.by) is role and _told(e)]
            if events:
                both = kind is FloorKind.SIMULTANEOUS
                said = _count(call, kind, role, events)
                lines.append(_line(call, kind, "Both" if both else persons(audience)[name], said, events))
                if both:
                    break
    return tuple(lines)


def _told(event: FloorEvent) -> bool:
    return event.kind is not FloorKind.COMPLETION or event.confidence >= QUOTED_FROM


def _count(call: Call, kind: FloorKind, role: Role, events: list[FloorEvent]) -> str:
    """How often: for interruptions what the figure says, without announced ones."""
    if kind is FloorKind.COMPLETION:
        return "not counted"
    figure = call.measure(f"interruptions_{role}") if kind is FloorKind.INTERRUPTION else None
    return about(figure.numerator if isinstance(figure, Measure) else sum(e.confidence for e in events))


def _line(call: Call, kind: FloorKind, who: str, said: str, events: list[FloorEvent]) -> KindLine:
    words = entry("floor", kind)
    listed = [e for e in events if e.confidence >= QUOTED_FROM]
    meaning = words["meaning"]
    announced = sum(e.announced for e in events)
    if kind is FloorKind.INTERRUPTION and announced:
        meaning += f" {announced} more came with the purpose announced."
    lost = sum(e.resumed is False for e in listed)
    if kind is FloorKind.INTERRUPTION and lost:
        meaning += f" {_of_places(lost, len(listed))}, the thought was not heard again soon after."
    if not listed and kind is not FloorKind.BACKCHANNEL:
        meaning += " No place is sure enough to point to."
    places = () if kind is FloorKind.BACKCHANNEL else tuple(call.place(e.segment.start_ms) for e in listed)
    return KindLine(words["name"], who, said, meaning, places[:_MOST_PLACES])


def _of_places(some: int, every: int) -> str:
    if some < every:
        return f"In {some} of the {every} places named"
    return {1: "There", 2: "In both places named"}.get(every, f"In all {every} places named")
