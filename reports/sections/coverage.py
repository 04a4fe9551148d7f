"""The five places for partnering."""

from __future__ import annotations

from collections.abc import Sequence

from processor.model.reading import Group, Heard, SignalId
from reports.audience import Audience
from reports.call import Call
from reports.report import CoverageLine
from reports.wording import entry, term

_MOST_PLACES = 4


def coverage(call: Call, audience: Audience) -> tuple[CoverageLine, ...]:
    """Each group once, in the order of a session; one that the findings leave out cannot be told."""
    found = {c.group: c for c in call.findings.coverage}
    lines = []
    for group in Group:
        state = found[group].state if group in found else Heard.CANNOT_TELL
        words = entry("group", group)
        name = words.get("client_name", words["name"]) if audience is Audience.CLIENT else words["name"]
        heard = state in (Heard.HEARD, Heard.PARTLY)
        asked = _asked(call, found[group].evidence, SignalId(words["asked_by"])) if heard else []
        places, best = call.places(asked[:_MOST_PLACES]), next(iter(call.places(asked[:1])), None)
        lines.append(CoverageLine(group.value, name, words["short"], state.value, term("heard", state), places, best))
    return tuple(lines)


def _asked(call: Call, evidence: Sequence[str], signal: SignalId) -> list[str]:
    """Where the coach asked, the best first: the likeliest of those that leave room for an answer, then the others.

    The answer follows there. What the client brought unasked stands by itself.
    """
    asked = [name for name in evidence if call.utterance(name).label == call.coach] or evidence
    return sorted(asked, key=lambda name: (call.narrowed(name), -call.confidence(name, signal)))
