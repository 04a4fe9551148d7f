"""Every figure with its range, how sure it is, what it rests on and what it does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from processor.model.catalogue import SPEC_OF
from processor.model.floor import Turn
from processor.model.measures import Measure, NotMeasured, Unit
from processor.model.people import Sure
from reports.audience import Audience
from reports.call import Call
from reports.phrases import about, amount, bounds, clock, count, length, parts
from reports.report import Number, Place
from reports.sections.places import SEEN_IN, places
from reports.trend import own_range
from reports.wording import persons, say, table, term

_SURENESS = (Sure.SURE, Sure.FAIR, Sure.UNSURE)
_SIGNAL = "signal_count_"
_NO_SHARE = "reflections_per_question_coach"
"""A ratio that may exceed one."""

FEWEST_FOR_A_SHARE = 5
"""A share of fewer cases is told as "2 of 2 pauses": "100%" would sound like a habit. Ours."""


def numbers(call: Call, audience: Audience) -> tuple[Number, ...]:
    """All measures of the findings, in their order; without roles or meaning, only what needs neither.

    Where one voice was heard, nothing between two is counted, not even as none.
    """
    shown = [m for m in call.findings.measures if call.meaning_read or _times_of_any_voice(m)]
    if call.one_voice:
        shown = [m for m in shown if m.id == "silence_share"]
    return tuple(number(call, audience, measure) for measure in shown)


def _times_of_any_voice(measure: Measure | NotMeasured) -> bool:
    spec = SPEC_OF.get(measure.id)
    return spec is not None and spec.times_only and spec.whose.value == "both" and isinstance(measure, Measure)


def number(call: Call, audience: Audience, measure: Measure | NotMeasured) -> Number:
    """One measure in words."""
    words = _words(measure.id)
    said = Number(
        id=measure.id,
        group=words["group"],
        name=say(words["name"], audience),
        value="",
        bounds="",
        sure=term("sure", Sure.UNSURE),
        formula=say(words["formula"], audience),
        limits=say(words["limits"], audience),
        seen_in=SEEN_IN[words["group"]],
    )
    if isinstance(measure, NotMeasured):
        reason = f"Could not be measured: {term('reason', measure.reason)}."
        return replace(said, missing=reason)
    rests_on = parts(words["parts"], measure, persons(audience))
    few = _few(measure)
    return replace(
        said,
        value=rests_on if few else _value(measure),
        bounds="" if few else _range(measure),
        sure=term("sure", _sure(measure)),
        own=own_range(call.context, measure.id, measure.unit) if audience is Audience.COACH else "",
        parts="" if few else rests_on,
        evidence=places(call, measure),
    )


def _few(measure: Measure) -> bool:
    """Whether a share rests on too few cases to be called one; shares of time, in milliseconds, never do."""
    share = measure.unit is Unit.RATIO and measure.id != _NO_SHARE
    return share and round(measure.denominator) < FEWEST_FOR_A_SHARE


_WIDE = {Unit.RATIO: 0.5, Unit.MILLISECONDS: 1_000, Unit.WORDS: 5, Unit.PER_MINUTE: 1, Unit.PER_TEN_MINUTES: 5}
"""A range of half the scale of a share, or of another figure as wide as itself and as this, tells little. Ours."""


def _sure(measure: Measure) -> Sure:
    """How sure the kind of figure is, but never more than its range here allows; a count's range speaks for itself."""
    least = _WIDE.get(measure.unit)
    if least is None:
        return measure.sure
    tells_little = max(least, 0 if measure.unit is Unit.RATIO else measure.value)
    return Sure.UNSURE if measure.high - measure.low > tells_little else measure.sure


def _value(measure: Measure) -> str:
    if measure.id == "first_action_at":
        return clock(round(measure.value))
    if measure.id == _NO_SHARE:
        return f"{measure.value:.1f}"
    if measure.id == "interruption_balance_coach":
        return f"{about(abs(measure.value))} {'more' if measure.value > 0 else 'fewer'}"
    return about(measure.value) if measure.unit is Unit.COUNT else amount(measure.value, measure.unit)


def _range(measure: Measure) -> str:
    if measure.id == "first_action_at":
        ends = clock(round(max(0, measure.low))), clock(round(measure.high))
        return f"{ends[0]} to {ends[1]}" if ends[0] != ends[1] else ""
    if measure.id == _NO_SHARE:
        return f"{measure.low:.1f} to {measure.high:.1f}"
    if measure.id == "interruption_balance_coach":  # it is shown only when both ends lie on the same side
        near, far = sorted((abs(measure.low), abs(measure.high)))
        return bounds(near, far, measure.unit)
    return bounds(measure.low, measure.high, measure.unit)


def _words(measure: str) -> dict[str, str]:
    if measure.startswith(_SIGNAL):
        signal = table("signals")[measure.removeprefix(_SIGNAL)]
        return {
            "group": "signals",
            "name": signal["count"],
            "parts": "",
            "formula": f"{signal['formula']} The chance of it, added up over all of {{coachs}} turns.",
            "limits": "A count is no aim. Once at the right time can be enough.",
        }
    words: dict[str, str] = table("measures")[measure]
    return words


def headlines(call: Call, audience: Audience) -> tuple[Number, ...]:
    """The six lines of the one-page report."""
    if not call.meaning_read:
        shown = ("silence_share", "overlap_share", "turns_per_minute")
        return tuple(n for n in numbers(call, audience) if n.id in shown)
    lines = [
        _plain(call, audience, "talk_share_coach"),
        _longest(call, audience, call.client, "longest_turn_client", "{Clients} longest stretch"),
        _cutting_in(call, audience),
        _questions(call, audience),
        _plain(call, audience, "wait_median_coach"),
        _longest(call, audience, call.coach, "longest_turn_coach", "{Coachs} longest turn"),
    ]
    return tuple(line for line in lines if line is not None)


def _plain(call: Call, audience: Audience, measure: str) -> Number | None:
    found = call.measure(measure)
    return number(call, audience, found) if found is not None else None


def _longest(call: Call, audience: Audience, label: str | None, name: str, said: str) -> Number | None:
    turns: Sequence[Turn] = [turn for turn in call.findings.turns if turn.label == label]
    if not turns:
        return None
    longest = max(turns, key=call.held_ms)
    return Number(
        id=name,
        group="talk",
        name=say(said, audience),
        value=length(call.held_ms(longest)),
        bounds="",
        sure=term("sure", call.as_heard(Sure.SURE)),
        parts=f"at {call.place(longest.segment.start_ms).clock}",
        formula="The longest time one voice held the floor. Sounds of listening by the other do not end it.",
        limits="A long stretch can be a person finding their way.",
        evidence=(call.place(longest.segment.start_ms),),
        seen_in="timeline",
    )


_CUTTING_IN = "The chance of an interruption, added up over all starts. A purpose that was announced is left out."


def _cutting_in(call: Call, audience: Audience) -> Number | None:
    """Both directions in one line: expected counts, with their ranges."""
    pair = [call.measure("interruptions_coach"), call.measure("interruptions_client")]
    measured = [m for m in pair if isinstance(m, Measure)]
    first = next((m for m in pair if m is not None), None)
    if first is None or len(measured) < 2:
        return number(call, audience, first) if first is not None else None
    who = [persons(audience)["coach"], persons(audience)["client"]]
    said = [f"{_heard(m)} by {name}" for name, m in zip(who, measured, strict=True)]
    return Number(
        id="cutting_in",
        group="floor",
        name="Cutting in",
        value=", ".join(said),
        bounds="",
        sure=_least(measured),
        formula=_CUTTING_IN,
        limits=say(_words("interruptions_coach")["limits"], audience),
        evidence=_all_places(call, measured),
        seen_in="timeline",
    )


def _heard(measure: Measure) -> str:
    if measure.high * measure.denominator < 0.5:
        return "none"
    span = _counts(measure)
    return about(measure.numerator) + (f" ({span})" if span else "")


def _counts(measure: Measure) -> str:
    low, high = measure.low * measure.denominator, measure.high * measure.denominator
    return bounds(low, high, Unit.COUNT)


def _questions(call: Call, audience: Audience) -> Number | None:
    forms = [call.measure(f"{_SIGNAL}{form}_question") for form in ("open", "closed")]
    measured = [m for m in forms if isinstance(m, Measure)]
    if len(measured) < 2:
        return _plain(call, audience, "questions_coach")
    said = [f"{about(m.value)} {form}" for m, form in zip(measured, ("open", "closed"), strict=True)]
    spans = [f"{_range(m)} {form}" for m, form in zip(measured, ("open", "closed"), strict=True) if _range(m)]
    stacked = call.measure("stacked_question_share_coach")
    if isinstance(stacked, Measure):
        measured.append(stacked)
        said.append(f"{count(stacked.numerator) if stacked.numerator else 'none'} stacked")
    return Number(
        id="questions",
        group="questions",
        name=say("{Coachs} questions", audience),
        value=", ".join(said),
        bounds="",
        sure=_least(measured),
        parts=", ".join(spans),
        formula="It goes by grammar. Stacked: two or more questions in one turn.",
        limits="More open is not better. What counts is what a question opened.",
        evidence=_all_places(call, measured),
        seen_in="timeline",
    )


def _all_places(call: Call, measured: Sequence[Measure]) -> tuple[Place, ...]:
    found = {place for measure in measured for place in places(call, measure)}
    return tuple(sorted(found, key=lambda place: place.at_ms))


def _least(measured: Sequence[Measure]) -> str:
    return term("sure", max((_sure(m) for m in measured), key=_SURENESS.index))
