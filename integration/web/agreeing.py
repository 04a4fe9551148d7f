"""How far this supervisor's ear and the software agree, by behaviour, over all sessions they marked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from integration.agreement import Pair, kappa
from integration.store.people import PersonKind
from integration.store.sharing_schema import Mark, Marking
from integration.web.access import only
from integration.web.current import me, services
from processor.model.measures import Measure
from reports.rubric import load

pages = Blueprint("agreeing", __name__)
HEARD = {"heard": True, "partly": True, "not_heard": False}
SAW = {"seen": True, "not_seen": False}


@dataclass(frozen=True, slots=True)
class Line:
    """One behaviour: how often both had something to say, how often they agreed, and kappa when it can be given."""

    number: str
    text: str
    count: int
    same: int
    kappa: Measure | None


@pages.get("/supervision/agreement")
@only(PersonKind.SUPERVISOR)
def agreement() -> ResponseReturnValue:
    """Agreement per behaviour. It says nothing of any coach: sessions of all coaches are in one figure."""
    pairs: dict[str, list[Pair]] = defaultdict(list)
    with services().database.transaction() as tx:
        rows = tx.execute(
            select(Mark.marker, Mark.seen, Mark.heard)
            .join(Marking, Marking.id == Mark.marking_id)
            .where(Marking.supervisor_id == me().id, Marking.done_ms.is_not(None))
            .order_by(Marking.done_ms)
        ).all()
    for marker, seen, heard in rows:
        if seen in SAW and heard in HEARD:
            pairs[marker].append(Pair(SAW[seen], HEARD[heard]))
    return render_template("agreement.html", lines=_lines(pairs))


def _lines(pairs: dict[str, list[Pair]]) -> list[Line]:
    lines = []
    for marker in load("pcc_2020")["marker"]:
        cases = pairs.get(marker["number"], [])
        found = kappa(marker["number"], cases)
        lines.append(
            Line(
                number=marker["number"],
                text=marker["text"],
                count=len(cases),
                same=sum(case.seen == case.heard for case in cases),
                kappa=found if isinstance(found, Measure) else None,
            )
        )
    return lines
