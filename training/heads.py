"""Fit the heads: what the script model saw, wordings, shape and place into calibrated probabilities.

    python -m training.heads --events EVENTS.jsonl --models FOLDER [FOLDER ...] --out HEADS.json

Each FOLDER holds a script model (script.onnx, from training.encoder and training.export) and learnt.txt, the files
that it learnt from. A file is read by the first model that has not learnt from it, and left out where there is none;
then it goes through the very steps of the reading. Heads are judged, and thresholds set, by leaving out files once
more.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from processor.analysis.knowledge import Lexicon
from processor.analysis.lead_features import lead_rows
from processor.analysis.line_features import NAMES, PLACE
from processor.analysis.phases import likeliest_phases, normalised
from processor.analysis.roles import contrast, voice_habits
from processor.analysis.utterances import find_stretches
from processor.knowledge.loading import read_lexicon
from processor.knowledge.script import OnnxScript
from processor.model.reading import Phase, SignalId
from training import corpus
from training.cases import LineCases, Read, line_cases, read_call
from training.encoder import say
from training.ending import ending_texts, fit_ending
from training.fitting import (
    best_threshold,
    calibrated,
    cross_chances,
    f1,
    forest,
    left_out,
    linear,
    quoted,
    recalibrated,
)
from training.floor_cases import FOLDS, FloorCases, floor_cases
from training.leader import FEWEST_LINES, show_limits
from training.sessions import LABEL, session_of
from training.targets import fold_of, read_events

KIND_OF_TALK = {name for name in NAMES if name not in PLACE and not name.endswith("_coaching")}
"""What tells coaching from other talk: not where in the call, nor the script model's own guess, which knows the topics
of the calls that it learnt from and misleads on others."""
KNOWLEDGE = Path(__file__).parent.parent / "processor" / "knowledge" / "en"


def fit_lines(reads: Sequence[Read], cases: LineCases, out: dict[str, Any]) -> None:
    """Heads of signals, phases and leading, with what cross-validation shows of them."""
    signals = fit_signals(cases, out)
    leads = fit_leads(cases, fit_phases(cases, out["heads"]), out)
    show_limits(reads, cases, signals, leads, out["lead_threshold"])


SIGNAL_STRENGTH = 0.03
PHASE_STRENGTH = 0.01
LEAD_ROUNDS = 150
COACHING_STRENGTH = 0.03
"""Inverse strength of the pull to zero, chosen by cross-validation on the training files."""


def fit_signals(cases: LineCases, out: dict[str, Any]) -> np.ndarray:
    """One calibrated head a signal, the probability from which it is said, and how often quoting it is right.

    Each line is shown with its place in the call and once more without, so that a signal is known by its words, too:
    the place of a line in a short piece of a call is not known. Gives the chances of each line, files left out; 0 for
    lines that are not the coach's.
    """
    coach = np.array([line.speaker == "coach" for line in cases.lines])
    rows, groups = cases.rows[coach], cases.groups[coach]
    both = np.vstack([rows, placeless(rows)])
    tally: Counter[str] = Counter()
    scores, every = [], np.zeros((len(cases.lines), len(SignalId)))
    for place, signal in enumerate(SignalId):
        wanted = np.array([signal in line.signals for line in cases.lines])[coach]
        twice = np.tile(wanted, 2)
        raw = cross_chances(both, twice, np.tile(groups, 2), SIGNAL_STRENGTH)[: len(rows)]
        chances = every[coach, place] = recalibrated(raw, wanted, groups)
        least = best_threshold(chances, wanted)
        found = chances >= least
        tally.update(tp=int((found & wanted).sum()), fp=int((found & ~wanted).sum()), fn=int((~found & wanted).sum()))
        scores.append(f1(found, wanted))
        out["quoted"][signal] = quoted(chances, wanted)
        out["heads"][f"signal_{signal}"] = calibrated(linear(both, twice, SIGNAL_STRENGTH), raw, wanted)
        out["thresholds"][signal] = least
        say(f"  {signal:20s} F1 {scores[-1]:.2f} from {least:.2f}, {int(wanted.sum())} cases, "
            f"sum of chances {chances.sum():.0f}, quoted {out['quoted'][signal]}")
    micro = 2 * tally["tp"] / (2 * tally["tp"] + tally["fp"] + tally["fn"])
    say(f"signals, files left out: micro F1 {micro:.3f} macro {np.mean(scores):.3f}")
    return every


def placeless(rows: np.ndarray) -> np.ndarray:
    """`rows` as those of lines whose place in the call is not known."""
    found: np.ndarray = rows * np.array([name not in PLACE for name in NAMES])
    return found


def fit_coaching(cases: LineCases, heads: dict[str, Any]) -> None:
    """How likely a line is from a coaching call, both kinds of call counting the same.

    Calls that are none are few, so files count here that the script model has learnt from.
    """
    wanted = cases.coaching
    weights = np.where(wanted, 1.0, wanted.sum() / max(1, (~wanted).sum()))
    rows = cases.rows * np.array([name in KIND_OF_TALK for name in NAMES])
    chances = cross_chances(rows, wanted, cases.groups, COACHING_STRENGTH, weights)
    heads["coaching"] = linear(rows, wanted, COACHING_STRENGTH, weights)
    starts = np.flatnonzero(np.diff(cases.calls, prepend=-1))
    lengths = np.diff([*starts, len(chances)])
    means = np.add.reduceat(chances, starts) / lengths
    starts, means = starts[lengths >= FEWEST_LINES], means[lengths >= FEWEST_LINES]
    say(f"coaching or not, files left out: {np.sort(means[wanted[starts]])[:12].round(2)} are coaching, "
        f"{np.sort(means[~wanted[starts]]).round(2)} are none")


def fit_phases(cases: LineCases, heads: dict[str, Any]) -> np.ndarray:
    """One head a phase, known with and without the place in the call; the chances of each line, files left out."""
    kept = cases.coaching
    rows, groups = cases.rows[kept], cases.groups[kept]
    both, folds = np.vstack([rows, placeless(rows)]), np.tile(groups, 2)
    gold = np.array([list(Phase).index(Phase(line.phase)) for line in cases.lines])[kept]
    columns = []
    for place, phase in enumerate(Phase):
        wanted = np.tile(gold == place, 2)
        columns.append(cross_chances(both, wanted, folds, PHASE_STRENGTH)[: len(rows)])
        heads[f"phase_{phase}"] = linear(both, wanted, PHASE_STRENGTH)
    say(f"phases, each line alone, files left out: accuracy {(np.array(columns).argmax(0) == gold).mean():.3f}")
    return np.array(columns).T


def fit_leads(cases: LineCases, chances: np.ndarray, out: dict[str, Any]) -> np.ndarray:
    """One head for the coach's lines, one for all others, one threshold; the chances of each line, files left out."""
    rows = coursed(cases, chances, out["phase_steps"])
    kept = cases.coaching
    speakers = np.array([line.speaker for line in cases.lines])[kept]
    leads, groups = np.array([line.leads for line in cases.lines])[kept], cases.groups[kept]
    found = np.zeros(len(rows))
    for name, mine in (("coach", speakers == "coach"), ("client", speakers != "coach")):
        fit = partial(_lead_head, rows[mine], leads[mine])
        found[mine] = left_out(rows[mine], groups[mine], fit)
        out["heads"][f"leads_{name}"] = fit(np.ones(int(mine.sum()), dtype=bool))
        best = max(f1(found[mine] >= t, leads[mine]) for t in np.arange(0.2, 0.6, 0.02))
        say(f"leads {name}, files left out: F1 {best:.3f}")
    out["lead_threshold"] = best_threshold(found, leads)
    every = np.zeros(len(cases.lines))
    every[kept] = found
    return every


def _lead_head(rows: np.ndarray, leads: np.ndarray, kept: np.ndarray) -> dict[str, Any]:
    """Trees, which see that a word counts only after certain others: average precision 0.80 for 0.78 by a linear
    head, files left out."""
    return forest(rows[kept], leads[kept], np.ones(int(kept.sum())), LEAD_ROUNDS)


def coursed(cases: LineCases, chances: np.ndarray, steps: Sequence[Sequence[float]]) -> np.ndarray:
    """The rows of the coaching calls with the course of the phases as the reading would find it."""
    rows: list[tuple[float, ...]] = []
    kept = cases.coaching
    calls = cases.calls[kept]
    for call in dict.fromkeys(calls.tolist()):
        mine = normalised(chances[calls == call].tolist())
        rows += lead_rows(cases.rows[kept][calls == call].tolist(), mine, likeliest_phases(mine, steps))
    return np.array(rows)


def phase_steps(calls: Sequence[corpus.Call]) -> list[list[float]]:
    """Log-probability of the phase of a line given that of the line before, in whole calls."""
    counts = np.full((len(Phase), len(Phase)), 0.5)
    for call in calls:
        phases = [list(Phase).index(Phase(line.phase)) for line in call.lines if not line.backchannel]
        if len(phases) >= 20:
            for a, b in pairwise(phases):
                counts[a, b] += 1
    return [[round(float(v), 4) for v in row] for row in np.log(counts / counts.sum(1, keepdims=True))]


def fit_floor(cases: FloorCases, heads: dict[str, Any]) -> None:
    """Backchannels, interruptions and completions from both sources; the rest from the corpus alone."""
    heads["backchannel"] = forest(cases.rows, cases.kinds == "backchannel", cases.weights, 120)
    taking = cases.taking()
    for kind in ("interruption", "completion"):
        heads[kind] = forest(taking.rows, taking.kinds == kind, taking.weights, 200)
    own = ~taking.meeting
    for kind in ("attempt", "cooperative"):
        heads[kind] = linear(taking.rows[own], taking.kinds[own] == kind, 0.05, taking.weights[own])
    say(f"floor events: {dict(Counter(taking.kinds.tolist()))}")


def fit_roles(calls: Sequence[corpus.Call], lexicon: Lexicon, heads: dict[str, Any]) -> None:
    """Who talks like a coach: each whole call, and halves of it, seen from both sides."""
    rows, wanted, groups = [], [], []
    for call in calls:
        if len(call.lines) < 20:
            continue
        half = len(call.lines) // 2
        for lines in (call.lines, call.lines[:half], call.lines[half:]):
            stretches = find_stretches(session_of(corpus.Call(call.name, call.head, lines)), lexicon)
            labels = sorted({s.label for s in stretches})
            habits = voice_habits(stretches, labels, lexicon)
            for label in labels:
                rows.append(contrast(habits, label))
                wanted.append(label == LABEL["coach"])
                groups.append(fold_of(call.name, 5))
    table, gold = np.array(rows), np.array(wanted)
    chances = cross_chances(table, gold, np.array(groups), 0.02)
    say(f"coach by talk, files left out: {((chances >= 0.5) == gold).mean():.3f} right of {len(gold)} voices")
    heads["coach_voice"] = linear(table, gold, 0.02)


@dataclass(frozen=True, slots=True)
class Reader:
    """A script model, and the files that it learnt from."""

    model: OnnxScript
    learnt: frozenset[str]


def readers(folders: Sequence[Path]) -> list[Reader]:
    """The models of `folders`."""
    tokenizer = (KNOWLEDGE / "tokenizer.json").read_text(encoding="utf-8")
    return [
        Reader(
            OnnxScript((folder / "script.onnx").read_bytes(), tokenizer),
            frozenset((folder / "learnt.txt").read_text(encoding="utf-8").split()),
        )
        for folder in folders
    ]


def endings_of(calls: Sequence[corpus.Call], events: Sequence[dict[str, Any]]) -> list[dict[str, float]]:
    """For each of FOLDS folds what is known of endings from all files and meetings of the others."""
    return [
        fit_ending(
            ending_texts(
                [c for c in calls if fold_of(c.name, FOLDS) != fold],
                [e for e in events if fold_of(e["meeting"], FOLDS) != fold],
            )
        )
        for fold in range(FOLDS)
    ]


def main() -> None:
    """Read the options, fit everything, write one file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=Path)
    parser.add_argument("--models", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    lexicon = read_lexicon(KNOWLEDGE / "lexicon.toml")
    models = readers(options.models)
    calls = [c for c in corpus.load() if c.head["split"] == "train"]
    events = read_events(options.events)
    new, known = [], []
    for call in calls:
        model = next((r.model for r in models if call.file not in r.learnt), None)
        (known if model is None else new).append(read_call(call, model or models[0].model, lexicon))
    say(f"{len(new)} calls and exchanges of {len(calls)} were new to a model")
    out: dict[str, Any] = {
        "heads": {}, "thresholds": {}, "quoted": {}, "ending": fit_ending(ending_texts(calls, events)),
        "phase_steps": phase_steps(calls),
    }  # fmt: skip
    fit_lines(new, line_cases(new, lexicon, 5), out)
    fit_coaching(line_cases([*new, *known], lexicon, 5), out["heads"])
    fit_floor(floor_cases(calls, events, lexicon, endings_of(calls, events)), out["heads"])
    fit_roles(calls, lexicon, out["heads"])
    options.out.write_text(json.dumps(out, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
