"""Times, lengths, shares and counts as people read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from processor.model.measures import Measure, Unit

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
"""Fixed: a report must not change with the locale of the machine."""


def day(when: date) -> str:
    """14 March"""
    return f"{when.day} {_MONTHS[when.month - 1]}"


def full_day(when: date) -> str:
    """14 March 2026"""
    return f"{day(when)} {when.year}"


def clock(ms: int) -> str:
    """A place in the recording: 7:05, or 1:02:05 from the first hour on."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def length(ms: float) -> str:
    """How long something lasts: 0 s, 0.4 s, 12 s, 3 min 5 s, 47 min, 1 h 2 min."""
    seconds = ms / 1000
    if seconds < 9.95:
        return f"{seconds:.1f} s" if seconds >= 0.05 else "0 s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes >= 60:
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min {rest} s" if rest and minutes < 30 else f"{round(seconds / 60)} min"


def share(value: float) -> str:
    """38%, with no digits that nobody heard."""
    return f"{round(value * 100)}%"


def count(value: float) -> str:
    """A count that is a sum of chances: whole, "hardly any" where it is neither none nor one."""
    if 0.05 <= value < 0.5:
        return "hardly any"
    return str(round(value)).replace("-", "\u2212")


def about(value: float) -> str:
    """The same inside a sentence: about 3, hardly any, none."""
    if abs(value) < 0.05:
        return "none"
    return count(value) if 0 < value < 0.5 else f"about {count(value)}"


def amount(value: float, unit: Unit) -> str:
    """`value` of a measure with its unit."""
    match unit:
        case Unit.RATIO:
            return share(value)
        case Unit.MILLISECONDS:  # a pause below zero is an overlap
            return length(value) if value > -50 else f"{length(-value)} of overlap"
        case Unit.COUNT:
            return count(value)
        case Unit.WORDS:
            return f"{round(value)} words" if round(value) != 1 else "1 word"
        case Unit.PER_MINUTE:
            return f"{_rate(value)} a minute" if value >= 0.05 else "none"
        case Unit.PER_TEN_MINUTES:
            return f"{_rate(value)} in 10 minutes" if value >= 0.05 else "none"


def _rate(value: float) -> str:
    """Tenths under ten, then whole: 0, 2.1, 30."""
    return f"{value:.1f}" if 0.05 <= value < 9.95 else str(round(value))


def bounds(low: float, high: float, unit: Unit) -> str:
    """The range of a measure, the unit said once: 36 to 40%; "" when both ends read the same, or a point apart."""
    first, last = amount(low, unit), amount(high, unit)
    if unit is Unit.COUNT:  # a range of counts has whole ends
        first, last = first.replace("hardly any", "0"), last.replace("hardly any", "1")
    if first == last or (unit is Unit.RATIO and round(high * 100) - round(low * 100) <= 1):
        return ""
    if unit in (Unit.PER_MINUTE, Unit.PER_TEN_MINUTES):
        return f"{_rate(low)} to {_rate(high)}"
    shared_unit = {Unit.RATIO: "%", Unit.WORDS: " words"}.get(unit, last[last.find(" "):] if " " in last else "")
    if shared_unit and first.endswith(shared_unit):
        first = first.removesuffix(shared_unit)
    return f"{first} to {last}"


def joined(parts: Sequence[str]) -> str:
    """a, b and c"""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def mid_sentence(name: str) -> str:
    """What a voice is called inside a sentence: your client, you, Voice A."""
    return name if name.startswith("Voice") else name[0].lower() + name[1:]


class Part:
    """The numerator, denominator or rest of a measure, as `{n}`, `{n:about}`, `{n:time}`, `{n:minutes}` format it."""

    def __init__(self, value: float, unit: Unit) -> None:
        self._value = value
        self._unit = unit

    def __format__(self, spec: str) -> str:
        if spec == "time":
            return length(self._value)
        if spec == "about":
            return about(self._value)
        if spec == "minutes":
            minutes = self._value * (10 if self._unit is Unit.PER_TEN_MINUTES else 1)
            return length(minutes * 60_000)
        return count(self._value)


def parts(sentence: str, measure: Measure, persons: dict[str, str]) -> str:
    """What a measure rests on, from its wording: "10 min 2 s of 26 min 20 s of talk". {rest} is what n leaves of d."""
    unit, n, d = measure.unit, measure.numerator, measure.denominator
    said = sentence.format(n=Part(n, unit), d=Part(d, unit), rest=Part(d - n, unit), **persons)
    return _ONE.sub(r"1 \1", said).replace("hardly any of", "none or one of")  # of two, there is no "hardly any"


_ONE = re.compile(r"\b1 (stretch(?=es)|[a-z]+(?=s\b))(?:es|s)\b")
"""One turn, one stretch: a plural after a bare 1."""
