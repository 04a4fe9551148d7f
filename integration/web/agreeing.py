"""How far this supervisor's ear and the software agree, by behaviour and over time, over all sessions they marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from integration.aggregates import quarter_of
from integration.agreement import Pair, kappa
from integration.store.people import PersonKind
from integration.store.sharing_schema import Mark, Marking
from integration.web.access import only
from integration.web.current import me, services
from processor.model.measures import Measure
from reports.rubric import load

pages = Blueprint("agreeing", __name__)
RUBRIC = "pcc_2020"
HEARD = {"heard": True, "partly": True, "not_heard": False}
SAW = {"seen": True, "not_seen": False}


@dataclass(frozen=True, slots=True)
class Line:
    """Marks of one kind: how many, how many said the same as the software, and kappa when it can be given.

    `earlier` and `later` are kappa of the first and of the second half of them, in the order of marking.
    """

    name: str
    count: int
    same: int
    kappa: Measure | None
    earlier: Measure | None = None
    later: Measure | None = None


@pages.get("/supervision/agreement")
@only(PersonKind.SUPERVISOR)
def agreement() -> ResponseReturnValue:
    """Agreement per behaviour. It says nothing of any coach: sessions of all coaches are in one figure."""
    by_marker: dict[str, list[Pair]] = defaultdict(list)
    by_quarter: dict[str, list[Pair]] = defaultdict(list)
    with services().database.transaction() as tx:
        rows = tx.execute(
            select(Mark.marker, Mark.seen, Mark.heard, Marking.done_ms)
            .join(Marking, Marking.id == Mark.marking_id)
            .where(Marking.supervisor_id == me().id, Marking.done_ms.is_not(None))
            .order_by(Marking.done_ms)
        ).all()
    for marker, seen, heard, done_ms in rows:
        if seen in SAW and heard in HEARD:
            pair = Pair(SAW[seen], HEARD[heard])
            by_marker[marker].append(pair)
            by_quarter[quarter_of(done_ms or 0)].append(pair)
    markers = [(m["number"], f"{m['number']} {m['text']}") for m in load(RUBRIC)["marker"]]
    return render_template(
        "agreement.html",
        behaviours=[_line(name, by_marker[number], halves=True) for number, name in markers if number in by_marker],
        quarters=[_line(name, by_quarter[name]) for name in sorted(by_quarter)],
        untouched=sum(number not in by_marker for number, _name in markers),
        marked=bool(rows),
    )


def _line(name: str, pairs: Sequence[Pair], *, halves: bool = False) -> Line:
    middle = len(pairs) // 2
    return Line(
        name=name,
        count=len(pairs),
        same=sum(pair.seen == pair.heard for pair in pairs),
        kappa=_kappa(pairs),
        earlier=_kappa(pairs[:middle]) if halves else None,
        later=_kappa(pairs[middle:]) if halves else None,
    )


def _kappa(pairs: Sequence[Pair]) -> Measure | None:
    found = kappa("agreement", pairs)
    return found if isinstance(found, Measure) else None
