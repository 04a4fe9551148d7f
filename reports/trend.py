"""A coach's own sessions over time: spread, the smallest change that means something, what may not be compared.

Sessions read by another pipeline version are shown apart and never compared. Nothing here can hold
another coach's session: the only input is the coach's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

from processor.model.measures import Measure, Unit
from reports.audience import Audience
from reports.context import Context, PastSession
from reports.phrases import amount, bounds, day
from reports.report import Trend, TrendLine
from reports.wording import say, table

LAST = 5
"""How many earlier sessions make a coach's own range."""

FEWEST = 3
"""With fewer sessions there is no spread worth the name. # Ours."""

# Source: Student's t, 90th percentile (80% two-sided), by degrees of freedom.
_T = {2: 1.886, 3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440, 7: 1.415, 8: 1.397, 9: 1.383, 10: 1.372}
_NORMAL_80 = 1.282
"""Half of an 80% interval is so many standard errors."""

TRACKED = (
    "talk_share_coach",
    "move_share_client",
    "telling_turn_share_coach",
    "reflection_turn_share_coach",
    "wait_median_coach",
    "interruptions_coach",
)
"""What is shown over sessions: the figures that hold up best, few enough to read."""


def comparable(context: Context) -> tuple[PastSession, ...]:
    """The earlier sessions that the same pipeline read, oldest first."""
    return tuple(s for s in context.earlier if s.fingerprint == context.fingerprint)


def own_range(context: Context, measure: str, unit: Unit) -> str:
    """The coach's own range over the last sessions: "your last 5: 31 to 44%"; "" when there are too few."""
    values = _values(comparable(context), measure)[-LAST:]
    if len(values) < FEWEST:
        return ""
    return f"your last {len(values)}: {bounds(min(values), max(values), unit) or 'the same'}"


def smallest_change(values: Sequence[float], measure: Measure) -> float:
    """The smallest difference from the mean of `values` that one more ordinary session would rarely give.

    Half of the 80% prediction interval from the spread of `values` and the error of `measure` itself.
    # Source: prediction interval for one new observation (any textbook); the error of hearing is added
    as a variance of its own. Departure: 80%, since a missed change costs a coach as much as a false one.
    """
    count = len(values)
    t = _T.get(count - 1, _NORMAL_80 if count > 30 else 1.372)
    hearing = (measure.high - measure.low) / 2 / _NORMAL_80
    return t * sqrt(stdev(values) ** 2 * (1 + 1 / count) + hearing**2)


def trend(context: Context, measures: Sequence[Measure]) -> Trend | None:
    """The tracked measures over the coach's own sessions; None when there are no earlier ones."""
    if not context.earlier:
        return None
    by_id = {m.id: m for m in measures}
    same = comparable(context)
    lines = [_line(context, by_id[name]) for name in TRACKED if name in by_id and _values(same, name)]
    other = len(context.earlier) - len(same)
    note = (
        "Your own last sessions, and nobody else's. A change is named only when it is larger than chance and "
        f"hearing alone would make it, and never with fewer than {FEWEST} sessions before it."
    )
    if other:
        were, mark = ("sessions were", "open dots mark them") if other > 1 else ("session was", "an open dot marks it")
        note += f" {other} earlier {were} read by another version of the pipeline and cannot be compared; {mark}."
    return Trend(note, tuple(lines))


def _line(context: Context, measure: Measure) -> TrendLine:
    values = _values(comparable(context), measure.id)
    points = [
        (day(s.recorded_on), value, s.fingerprint == context.fingerprint)
        for s in context.earlier
        if (value := s.value(measure.id)) is not None
    ]
    points.append(("this session", measure.value, True))
    return TrendLine(
        id=measure.id,
        name=say(table("measures")[measure.id]["name"], Audience.COACH),
        spread=own_range(context, measure.id, measure.unit),
        change=_change(values, measure),
        least=_least(values, measure),
        points=tuple(points),
    )


def _change(values: Sequence[float], measure: Measure) -> str:
    if len(values) < FEWEST:
        return "too few sessions to speak of a change"
    difference = measure.value - fmean(values)
    if abs(difference) <= smallest_change(values, measure):
        return "within your usual range"
    return "above your usual range" if difference > 0 else "below your usual range"


def _least(values: Sequence[float], measure: Measure) -> str:
    """The smallest change in words: "a change counts from 9 points"; "" when no change can be spoken of."""
    if len(values) < FEWEST:
        return ""
    smallest = smallest_change(values, measure)
    said = f"{max(1, round(smallest * 100))} points" if measure.unit is Unit.RATIO else amount(smallest, measure.unit)
    return f"a change counts from {said}"


def _values(sessions: Sequence[PastSession], measure: str) -> list[float]:
    return [value for s in sessions if (value := s.value(measure)) is not None]
