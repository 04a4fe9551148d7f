"""The corpus and the meeting events as the reading sees them: rows of features beside what the labels say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from processor.analysis.coming_in import ComingIn, find_comings_in
from processor.analysis.floor import event_row
from processor.analysis.knowledge import Lexicon, LineScores
from processor.analysis.line_features import line_rows
from processor.analysis.script import ScoredScript, Script, as_lines, write_script
from processor.analysis.utterances import Stretch, find_stretches
from processor.knowledge.script import OnnxScript
from processor.model.people import Role
from training import corpus
from training.events import EXPECTED, session_of_events
from training.sessions import LABEL, session_of
from training.targets import fold_of

NEAR_MS = 1_000
"""An event belongs to what B starts within this time."""
CORPUS_WEIGHT = 3.0
"""What a floor event of the corpus counts against one of the meetings: coaching is what is read."""


@dataclass(frozen=True, slots=True)
class Read:
    """A call as the reading sees it, each stretch with the line of the corpus that it holds (None: none)."""

    call: corpus.Call
    stretches: tuple[Stretch, ...]
    lines: tuple[corpus.Line | None, ...]
    comings: tuple[ComingIn, ...]
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


def read_call(call: corpus.Call, model: OnnxScript, lexicon: Lexicon, ending: dict[str, float]) -> Read:
    """`call` up to the scores of the script model; backchannels are those of the labels."""
    session = session_of(call)
    stretches = find_stretches(session, lexicon)
    lines = gold_of(call, stretches)
    quiet = frozenset(i for i, line in enumerate(lines) if line is not None and line.backchannel)
    roles = {LABEL[s]: Role(s) for s in LABEL}
    script = write_script(stretches, quiet, roles, lexicon)
    comings = find_comings_in(stretches, lexicon, ending)
    return Read(call, stretches, lines, comings, script, model.read(as_lines(script)))


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


@dataclass
class FloorCases:
    """Comings-in as rows with their kind ("none" when nothing is to be said) and what each counts.

    `quiet` = all of them, to tell backchannels; `event` = those that take the floor, with what the script model saw.
    """

    quiet_rows: list[tuple[float, ...]] = field(default_factory=list)
    quiet_kinds: list[str] = field(default_factory=list)
    quiet_weights: list[float] = field(default_factory=list)
    event_rows: list[tuple[float, ...]] = field(default_factory=list)
    event_kinds: list[str] = field(default_factory=list)
    event_weights: list[float] = field(default_factory=list)
    event_meeting: list[bool] = field(default_factory=list)

    def add(self, script: Script, scores: Sequence[LineScores], matched: Sequence[Matched], *, meeting: bool) -> None:
        """Put in the comings-in of one script."""
        place = {line.number: i for i, line in enumerate(script.lines)}
        weight = 1.0 if meeting else CORPUS_WEIGHT
        for coming, kind in matched:
            self.quiet_rows.append(coming.row)
            self.quiet_kinds.append(kind)
            self.quiet_weights.append(weight)
            if coming.own in place and coming.over in place:
                self.event_rows.append(event_row(coming, scores[place[coming.own]], scores[place[coming.over]]))
                self.event_kinds.append(kind)
                self.event_weights.append(weight)
                self.event_meeting.append(meeting)


Matched = tuple[ComingIn, str]
"""A coming-in and the kind that the labels give it."""


def add_calls(cases: FloorCases, reads: Sequence[Read]) -> None:
    """Put in the comings-in of the corpus; dual starts are told by their times."""
    for read in reads:
        matched = []
        for coming in read.comings:
            line = read.lines[coming.own]
            if line is not None and not coming.dual:
                matched.append((coming, "backchannel" if line.backchannel else line.event or "none"))
        cases.add(read.script, read.scores, matched, meeting=False)


def add_events(
    cases: FloorCases, events: Sequence[dict[str, Any]], model: OnnxScript, lexicon: Lexicon, ending: dict[str, float]
) -> None:
    """Put in the floor events of meetings, once as they were and twice as a recogniser would have heard them.

    `ending` and `model` must not have learnt from these events: what is known by heart tells nothing of others.
    """
    for seed in (0, 1, 2):
        session, starts = session_of_events(events, as_heard=seed > 0, seed=seed)
        stretches = find_stretches(session, lexicon)
        comings = find_comings_in(stretches, lexicon, ending)
        mine = [c for c in comings if stretches[c.own].label == "SPEAKER_01"]
        at = np.array([stretches[c.own].segment.start_ms for c in mine])
        matched: list[Matched] = []
        for start, event in zip(starts, events, strict=True):
            nearest = int(np.abs(at - start).argmin())
            if abs(at[nearest] - start) <= NEAR_MS:
                matched.append((mine[nearest], EXPECTED.get(event["label"], "none")))
        quiet = frozenset(c.own for c, kind in matched if kind == "backchannel")
        script = write_script(stretches, quiet, {"SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT}, lexicon)
        cases.add(script, model.read(as_lines(script)), matched, meeting=True)
