"""What people said of findings, put in place of what was found: right is certain, wrong is impossible.

Verdicts come in before anything is counted, so every measure follows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from processor.analysis.floor import Moment
from processor.analysis.script import Script
from processor.analysis.signals import Chances
from processor.analysis.utterances import Stretch
from processor.model.floor import FloorKind
from processor.model.verdicts import FindingKind, Verdict


def judged_signals(chances: Chances, script: Script, verdicts: Iterable[Verdict]) -> Chances:
    """The probabilities of signals, with the verdicts on them."""
    said = _by_place(verdicts, FindingKind.SIGNAL)
    return tuple(
        {s: said.get((line.stretch.segment.start_ms, s.value), p) for s, p in of_line.items()}
        for line, of_line in zip(script.lines, chances, strict=True)
    )


def judged_leads(leads: Sequence[float], script: Script, verdicts: Iterable[Verdict]) -> tuple[float, ...]:
    """How likely each line is a move, with the verdicts on moves; of what kind it is plays no part."""
    said = {v.at_ms: float(v.right) for v in verdicts if v.kind is FindingKind.MOVE}
    return tuple(
        said.get(line.stretch.segment.start_ms, p) for line, p in zip(script.lines, leads, strict=True)
    )


def judged_moments(
    moments: Iterable[Moment], stretches: Sequence[Stretch], verdicts: Iterable[Verdict]
) -> tuple[Moment, ...]:
    """The comings-in, with the verdicts on their kinds."""
    said = _by_place(verdicts, FindingKind.FLOOR)
    found = []
    for moment in moments:
        at = stretches[moment.coming.own].segment.start_ms
        chances = {kind: said.get((at, FloorKind(kind).value), p) for kind, p in moment.chances.items()}
        found.append(replace(moment, chances=chances))
    return tuple(found)


def _by_place(verdicts: Iterable[Verdict], kind: FindingKind) -> dict[tuple[int, str], float]:
    return {(v.at_ms, v.name): float(v.right) for v in verdicts if v.kind is kind}
