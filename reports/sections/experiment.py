"""One thing to try next time."""

from __future__ import annotations

from processor.model.measures import Measure
from processor.model.reading import Group, Heard, SignalId
from reports.call import LIKELY, Call
from reports.report import Experiment
from reports.wording import table, term

LEFT_ROOM_MS = 1_000
"""A coach whose usual pause is so long counts to three already. # Ours: the length of wait_over_1s_share_coach."""


def experiment(call: Call) -> Experiment:
    """Two questions to choose from: for a place not heard, else partly heard, else not to be told, else to play with.

    It turns with the number of earlier sessions, so that the same gap does not bring the same question
    twice running, and passes over what was offered before (`Context.tried`) while there is something new.
    What the coach was heard to do already is offered last.
    """
    session = len(call.context.earlier)
    state, groups = _gap(call)
    key = groups[session % len(groups)]
    words = table("experiments")[key]
    ids = [f"{key}.{i}" for i in range(len(words["questions"]))]
    start = session % len(ids)
    turned = ids[start:] + ids[:start]
    done = dict(zip(ids, (_done(call, signal) for signal in words.get("done", ())), strict=False))
    chosen = tuple(sorted(turned, key=lambda i: (done.get(i, False), i in call.context.tried))[:2])
    return Experiment(
        why=term("why", state).format(**words),
        options=tuple(_quoted(words["questions"][ids.index(i)]) for i in chosen),
        ids=chosen,
    )


def _done(call: Call, signal: str) -> bool:
    """Whether the coach likely did this in the call already: less than what is quoted is enough not to advise it."""
    if signal == "wait":
        pause = call.measure("wait_median_coach")
        return isinstance(pause, Measure) and pause.value >= LEFT_ROOM_MS
    readings = call.findings.readings if signal else ()
    return any(call.confidence(reading.utterance, SignalId(signal)) >= LIKELY for reading in readings)


def _quoted(said: str) -> str:
    """A question stands in quotes, since it is words to say; something to do does not."""
    return f"\u201c{said}\u201d" if said.endswith("?") else said


def _gap(call: Call) -> tuple[Heard, list[str]]:
    for state in (Heard.NOT_HEARD, Heard.PARTLY, Heard.CANNOT_TELL):
        groups = [c.group.value for c in call.findings.coverage if c.state is state]
        if groups:
            return state, [g.value for g in Group if g.value in groups]
    return Heard.HEARD, ["open"]
