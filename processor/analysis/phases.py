"""Which phase each part of the call is in: each line's own chances, and how calls go from one phase to another."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from processor.model.floor import Utterance
from processor.model.reading import Phase, PhaseSpan
from processor.model.segment import Segment

PHASES = tuple(Phase)


def likeliest_phases(
    chances: Sequence[Sequence[float]], steps: Sequence[Sequence[float]]
) -> tuple[Phase, ...]:
    """The likeliest sequence of phases (Viterbi).

    `chances` = for each line the probability of each Phase in order; `steps` = log-probability of going from a
    phase to a phase. A phase may come back.
    """
    if not chances:
        return ()
    scores = [_log(p) for p in chances[0]]
    came_from: list[list[int]] = []
    for line in chances[1:]:
        back, new = [], []
        for to in range(len(PHASES)):
            best = max(range(len(PHASES)), key=lambda k: scores[k] + steps[k][to])
            back.append(best)
            new.append(scores[best] + steps[best][to] + _log(line[to]))
        came_from.append(back)
        scores = new
    at = max(range(len(PHASES)), key=lambda k: scores[k])
    path = [at]
    for back in reversed(came_from):
        at = back[at]
        path.append(at)
    return tuple(PHASES[k] for k in reversed(path))


def normalised(chances: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    """Each line's chances made to sum to one."""
    return tuple(tuple(p / max(1e-9, sum(line)) for p in line) for line in chances)


def _log(p: float) -> float:
    return log(max(p, 1e-6))


def phase_spans(utterances: Sequence[Utterance], phases: Sequence[Phase], duration_ms: int) -> tuple[PhaseSpan, ...]:
    """Stretches in one phase, from the start of the call to its end without holes.

    One ends where the first utterance of the next begins.
    """
    starts: list[tuple[int, Phase]] = []
    for utterance, phase in zip(utterances, phases, strict=True):
        if not starts or phase is not starts[-1][1]:
            starts.append((0 if not starts else utterance.segment.start_ms, phase))
    ends = [start for start, _ in starts[1:]] + [max(duration_ms, starts[-1][0])] if starts else []
    return tuple(PhaseSpan(phase, Segment(start, end)) for (start, phase), end in zip(starts, ends, strict=True))


def phases_of_all(
    utterances: Sequence[Utterance], numbers: Sequence[int], phases: Sequence[Phase]
) -> tuple[Phase, ...]:
    """A phase for each utterance: backchannels have that of the line before them (the first: after them)."""
    known = dict(zip(numbers, phases, strict=True))
    current = phases[0] if phases else Phase.EXPLORATION
    found = []
    for i in range(len(utterances)):
        current = known.get(i, current)
        found.append(current)
    return tuple(found)
