"""What the coach's utterances do: calibrated probabilities, and which of them are likely enough to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from processor.analysis.knowledge import Knowledge
from processor.analysis.script import Script
from processor.model.people import Role
from processor.model.reading import Signal, SignalId

Chances = tuple[Mapping[SignalId, float], ...]
"""For each line of a script the probability of every signal; empty for lines that are not the coach's."""


def signal_chances(script: Script, rows: Sequence[Sequence[float]], knowledge: Knowledge) -> Chances:
    """How likely each line of the coach gives each signal, from its features."""
    coach = [i for i, line in enumerate(script.lines) if line.role is Role.COACH]
    columns = {s: knowledge.heads.probabilities(f"signal_{s}", [rows[i] for i in coach]) for s in SignalId}
    found: list[dict[SignalId, float]] = [{} for _ in script.lines]
    for place, i in enumerate(coach):
        found[i] = {s: columns[s][place] for s in SignalId}
    return tuple(found)


def said_signals(chances: Mapping[SignalId, float], thresholds: Mapping[SignalId, float]) -> tuple[Signal, ...]:
    """The signals that reach their threshold, in the order of SignalId."""
    return tuple(Signal(s, p) for s, p in chances.items() if p >= thresholds[s])


def expected_signals(chances: Mapping[SignalId, float]) -> tuple[Signal, ...]:
    """Every signal with its probability."""
    return tuple(Signal(s, p) for s, p in chances.items())


def any_of(chances: Mapping[SignalId, float], names: Sequence[SignalId]) -> float:
    """The probability that at least one of the signals holds."""
    none = 1.0
    for name in names:
        none *= 1.0 - chances[name]
    return 1.0 - none
