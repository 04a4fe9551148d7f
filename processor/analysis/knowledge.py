"""What the reading needs to know about a language: lexicons and learnt weights, as values handed in.

Types only. `processor.knowledge` fills them from data files; the reading never opens one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from processor.model.people import Role
from processor.model.reading import SignalId


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words and wordings of one language.

    `words` are sets by name (backchannel, function, stop, filler, yes, no); `patterns` are wordings by
    name, matched against `plain` text (lower case, straight apostrophes, no other punctuation).
    """

    words: Mapping[str, frozenset[str]]
    patterns: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """An utterance as the script model reads it: who speaks and what is said."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class LineScores:
    """What the script model saw in a line, as log-odds.

    `signals` and `phases` are in the order of SignalId and Phase. `unfinished` = the line breaks off,
    `interrupts` and `completes` = what it does to the line before, `coaching` = it is from a coaching call.
    """

    signals: tuple[float, ...]
    phases: tuple[float, ...]
    leads: float
    unfinished: float
    interrupts: float
    completes: float
    coaching: float


class ScriptModel(Protocol):
    """Reads a whole script in context; the same lines give the same scores."""

    def read(self, lines: Sequence[Line]) -> tuple[LineScores, ...]:
        """The scores of each line, in order."""


class Heads(Protocol):
    """Learnt functions of named features: `name` of a head and one row of features a case, probabilities out."""

    def probabilities(self, head: str, rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
        """One calibrated probability for each row."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that is known about one language.

    `lexicon` None = the language cannot be read, so only times are. `thresholds` is the probability from
    which a signal is said, `phase_steps` the log-probability of going from one phase to another,
    `ending` the log-odds weight of a word n-gram being the end of what somebody wanted to say.
    """

    language: str
    lexicon: Lexicon | None
    script: ScriptModel
    heads: Heads
    thresholds: Mapping[SignalId, float]
    lead_threshold: float
    phase_steps: tuple[tuple[float, ...], ...]
    ending: Mapping[str, float]
