"""The corpus as the reading sees it: rows of features of each line beside what its labels say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from processor.analysis.knowledge import Lexicon, LineScores
from processor.analysis.line_features import line_rows
from processor.analysis.script import ScoredScript, Script, as_lines, write_script
from processor.analysis.utterances import Stretch, find_stretches
from processor.knowledge.script import OnnxScript
from processor.model.people import Role
from training import corpus
from training.sessions import LABEL, session_of
from training.targets import fold_of


@dataclass(frozen=True, slots=True)
class Read:
    """A call as the reading sees it, each stretch with the line of the corpus that it holds (None: none)."""

    call: corpus.Call
    stretches: tuple[Stretch, ...]
    lines: tuple[corpus.Line | None, ...]
    script: Script
    scores: tuple[LineScores, ...]


def gold_of(call: corpus.Call, stretches: Sequence[Stretch]) -> tuple[corpus.Line | None, ...]:
    """The corpus line in which the middle of each stretch lies."""
    return tuple(
        next(
            (
                line
                for line in call.lines
                if LABEL[line.speaker] == s.label and line.start_ms <= s.segment.middle_ms <= line.end_ms
            ),
            None,
        )
        for s in stretches
    )


def read_call(call: corpus.Call, model: OnnxScript, lexicon: Lexicon) -> Read:
    """`call` up to the scores of the script model; backchannels are those of the labels."""
    session = session_of(call)
    stretches = find_stretches(session, lexicon)
    lines = gold_of(call, stretches)
    quiet = frozenset(i for i, line in enumerate(lines) if line is not None and line.backchannel)
    roles = {LABEL[s]: Role(s) for s in LABEL}
    script = write_script(stretches, quiet, roles, lexicon)
    return Read(call, stretches, lines, script, model.read(as_lines(script)))


@dataclass(frozen=True, slots=True)
class LineCases:
    """All lines of the calls as rows, with their labels, the fold of their file and the number of their call."""

    rows: np.ndarray
    lines: list[corpus.Line]
    coaching: np.ndarray
    groups: np.ndarray
    calls: np.ndarray


def line_cases(reads: Sequence[Read], lexicon: Lexicon, folds: int) -> LineCases:
    """The rows of every line that has a label."""
    rows, lines, coaching, groups, calls = [], [], [], [], []
    for number, read in enumerate(reads):
        made = line_rows(ScoredScript(read.script, read.scores), lexicon)
        for row, line in zip(made, read.script.lines, strict=True):
            gold = read.lines[line.number]
            if gold is not None and not gold.backchannel:
                rows.append(row)
                lines.append(gold)
                coaching.append(read.call.head["coaching"] == "yes")
                groups.append(fold_of(read.call.name, folds))
                calls.append(number)
    return LineCases(np.array(rows), lines, np.array(coaching), np.array(groups), np.array(calls))
