"""One question to try next time."""

from __future__ import annotations

from processor.model.reading import Group, Heard
from reports.call import Call
from reports.report import Experiment
from reports.wording import table, term


def experiment(call: Call) -> Experiment:
    """Two questions to choose from: for a place not heard, else partly heard, else not to be told, else to play with.

    It turns with the number of earlier sessions, so that the same gap does not bring the same question
    twice running, and passes over what was offered before (`Context.tried`) while there is something new.
    """
    session = len(call.context.earlier)
    state, groups = _gap(call)
    key = groups[session % len(groups)]
    words = table("experiments")[key]
    ids = [f"{key}.{i}" for i in range(len(words["questions"]))]
    start = session % len(ids)
    turned = ids[start:] + ids[:start]
    fresh = [i for i in turned if i not in call.context.tried]
    chosen = tuple((fresh + [i for i in turned if i in call.context.tried])[:2])
    return Experiment(
        why=term("why", state).format(place=words["place"]),
        options=tuple(words["questions"][int(i.rpartition(".")[2])] for i in chosen),
        ids=chosen,
    )


def _gap(call: Call) -> tuple[Heard, list[str]]:
    for state in (Heard.NOT_HEARD, Heard.PARTLY, Heard.CANNOT_TELL):
        groups = [c.group.value for c in call.findings.coverage if c.state is state]
        if groups:
            return state, [g.value for g in Group if g.value in groups]
    return Heard.HEARD, ["open"]
