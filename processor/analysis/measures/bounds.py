"""Numbers with their bounds: how far each would move if the call had been heard or read a little differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt

from processor.analysis.measures.meaning import BY_TIMES, MEANT
from processor.analysis.measures.reading import Reading
from processor.analysis.measures.talk import TIMED
from processor.analysis.measures.view import Found, Parts, View, copies
from processor.analysis.thresholds import CONFUSED, EIGHTY_PERCENT, SHAKE_GRADE, SHAKE_MS, SHAKE_WIDEN
from processor.model.catalogue import MEASURES, MeasureSpec, Reason, Reliability, Whose
from processor.model.measures import Measure, NotMeasured, Unit
from processor.model.people import Sure
from processor.model.session import Session

SURE_OF = {Reliability.HIGH: Sure.SURE, Reliability.MEDIUM: Sure.FAIR, Reliability.LOW: Sure.UNSURE}
LESS_SURE = {Sure.SURE: Sure.FAIR, Sure.FAIR: Sure.UNSURE, Sure.UNSURE: Sure.UNSURE}


def all_measures(
    session: Session, view: View, reading: Reading | None, missing: Mapping[str, Reason]
) -> tuple[Measure | NotMeasured, ...]:
    """Every measure of the catalogue, in its order.

    `reading` None = only times could be read. `missing` gives, by id of measure, why it must not be given.
    """
    confusion = CONFUSED[session.source]
    if session.doubt is not None and session.doubt.confusion_share is not None:
        confusion = session.doubt.confusion_share
    grade = "good" if session.doubt is None else session.doubt.grade
    others = copies(view, round(SHAKE_MS[session.source] * SHAKE_GRADE[grade]), confusion)
    return tuple(_one(spec, view, others, reading, missing.get(spec.id), poor=grade == "poor") for spec in MEASURES)


def reasons(specs: Sequence[MeasureSpec], wanted: Mapping[Whose, Reason], meaning: Reason | None) -> dict[str, Reason]:
    """Why measures must not be given: by whom they are about, and for all that need meaning."""
    found = {spec.id: wanted[spec.whose] for spec in specs if spec.whose in wanted}
    if meaning is not None:
        found |= {spec.id: meaning for spec in specs if not spec.times_only}
    return found


def _one(
    spec: MeasureSpec, view: View, others: Sequence[View], reading: Reading | None, reason: Reason | None, *, poor: bool
) -> Measure | NotMeasured:
    if reason is not None:
        return NotMeasured(spec.id, spec.unit, reason)
    if spec.id in TIMED:
        measure = TIMED[spec.id]
        found, shaken = measure(view), [measure(other) for other in others]
    elif reading is None:
        return NotMeasured(spec.id, spec.unit, Reason.LANGUAGE_NOT_SUPPORTED)
    else:
        meant = MEANT[spec.id]
        moved = others if spec.id in BY_TIMES else ()
        found, shaken = meant(reading), [meant(replace(reading, view=other)) for other in moved]
    if isinstance(found, Reason):
        return NotMeasured(spec.id, spec.unit, found)
    sure = SURE_OF[spec.reliability]
    return _measure(spec, found, shaken, LESS_SURE[sure] if poor else sure)


def _measure(spec: MeasureSpec, parts: Parts, shaken: Sequence[Found], sure: Sure) -> Measure:
    value = parts.number
    moved = [other.number - value for other in shaken if isinstance(other, Parts)]
    heard = SHAKE_WIDEN * sqrt(sum(m * m for m in moved) / len(moved)) if moved else 0.0
    half = EIGHTY_PERCENT * sqrt(heard**2 + parts.spread**2)
    low, high = value - half, value + half
    signed = spec.id in SIGNED
    return Measure(
        id=spec.id,
        value=value,
        unit=spec.unit,
        low=low if signed else max(0.0, low),
        high=min(1.0, high) if spec.unit is Unit.RATIO and spec.id not in OVER_ONE else high,
        numerator=parts.numerator,
        denominator=parts.denominator,
        sure=sure,
        evidence=parts.evidence,
    )


SIGNED = frozenset({"wait_median_coach", "answer_latency_median_client", "interruption_balance_coach"})
"""Measures that may be less than nothing."""
OVER_ONE = frozenset({"reflections_per_question_coach"})
"""Ratios that may be more than one."""
