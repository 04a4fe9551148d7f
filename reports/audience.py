"""Who reads a report, and what each reader may see.

The table below is the only place where that is decided, and `reports.content` the only place where it
is applied: a part that a reader may not see is never built, so no template can leak it.
"""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """The three readers of a session."""

    COACH = "coach"
    SUPERVISOR = "supervisor"
    CLIENT = "client"


class Part(StrEnum):
    """A part of a report that some readers see and others do not."""

    TRUST = "trust"
    GUESS = "guess"
    PICTURE = "picture"
    MOMENTS = "moments"
    HEAR_AGAIN = "hear_again"
    LED = "led"
    NUMBERS = "numbers"
    COVERAGE = "coverage"
    FLOOR = "floor"
    QUESTIONS = "questions"
    RUBRIC = "rubric"
    TREND = "trend"
    EXPERIMENT = "experiment"
    OWN_WORDS = "own_words"
    ACTS = "acts"


_COACH = frozenset(Part) - {Part.OWN_WORDS}

# A supervisor marks first, so that our marks do not pull theirs; the guess, the experiment and the trend
# over sessions that were never shared stay with the coach.
_SUPERVISOR_BEFORE_MARKING = frozenset({Part.TRUST, Part.PICTURE})
_SUPERVISOR = _COACH - {Part.GUESS, Part.EXPERIMENT, Part.TREND, Part.ACTS}

# A client sees their own words and their own share of leading: nothing that marks the coach.
_CLIENT = frozenset({Part.TRUST, Part.PICTURE, Part.OWN_WORDS, Part.LED})


def may_see(audience: Audience, *, marked: bool = True) -> frozenset[Part]:
    """The parts that `audience` may see; `marked` = the supervisor has already marked this session."""
    match audience:
        case Audience.COACH:
            return _COACH
        case Audience.SUPERVISOR:
            return _SUPERVISOR if marked else _SUPERVISOR_BEFORE_MARKING
        case Audience.CLIENT:
            return _CLIENT
