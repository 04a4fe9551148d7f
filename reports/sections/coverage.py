"""The five places for partnering, and a rubric laid beside the session."""

from __future__ import annotations

from collections.abc import Sequence

from processor.model.reading import Group, Heard
from reports.audience import Audience
from reports.call import Call
from reports.report import CoverageLine, Place
from reports.wording import entry, term


def coverage(call: Call, audience: Audience) -> tuple[CoverageLine, ...]:
    """Each group once, in the order of a session; one that the findings leave out cannot be told."""
    found = {c.group: c for c in call.findings.coverage}
    lines = []
    for group in Group:
        state = found[group].state if group in found else Heard.CANNOT_TELL
        words = entry("group", group)
        name = words.get("client_name", words["name"]) if audience is Audience.CLIENT else words["name"]
        heard = state in (Heard.HEARD, Heard.PARTLY)
        places = _asked(call, found[group].evidence) if heard else ()
        lines.append(CoverageLine(group.value, name, words["short"], state.value, term("heard", state), places[:4]))
    return tuple(lines)


def _asked(call: Call, evidence: Sequence[str]) -> tuple[Place, ...]:
    """Where the coach asked; the answer follows there. What the client brought unasked stands by itself."""
    asked = [name for name in evidence if call.utterance(name).label == call.coach]
    return call.places(asked or evidence)
