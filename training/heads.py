"""Fit the heads: what the script model saw, wordings, shape and place into calibrated probabilities.

    python -m training.heads --events EVENTS.jsonl --folds FOLDER [FOLDER ...] --out processor/knowledge/en/heads.json

Each FOLDER holds the script model of one fold (script.onnx, from training.encoder --fold N --folds K and
training.export). A call is read by the model that has not seen it, then goes through the very steps of the
reading. Heads are judged, and thresholds set, by leaving out files once more.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from processor.analysis.coming_in import ComingIn, find_comings_in
from processor.analysis.floor import event_row
from processor.analysis.knowledge import Lexicon, LineScores
from processor.analysis.line_features import line_rows
from processor.analysis.roles import contrast, voice_habits
from processor.analysis.script import ScoredScript, Script, as_lines, write_script
from processor.analysis.utterances import Stretch, find_stretches
from processor.analysis.wording import plain
from processor.knowledge.loading import read_lexicon
from processor.knowledge.script import OnnxScript
from processor.model.people import Role
from processor.model.reading import Phase, SignalId
from training import corpus
from training.encoder import fold_of, read_events, say
from training.events import EXPECTED, session_of_events
from training.sessions import LABEL, session_of

KNOWLEDGE = Path(__file__).parent.parent / "processor" / "knowledge" / "en"
EVENT_KINDS = ("interruption", "completion", "attempt", "cooperative")
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
    script = write_script(stretches, quiet, roles, lexicon, session.duration_ms)
    comings = find_comings_in(stretches, lexicon, ending)
    return Read(call, stretches, lines, comings, script, model.read(as_lines(script)))


def fit_ending(texts: Sequence[tuple[Sequence[str], bool]]) -> dict[str, float]:
    """Weights of the last one, two and three words for "this is the end of what was to be said".

    `texts` = words, and whether they are a whole; beginnings of them are what is unfinished.
    """
    chance = random.Random(1)
    cases, ends, weights = [], [], []
    for words, whole in texts:
        bare = plain(" ".join(words)).split()
        if len(bare) < 3:
            continue
        if whole:
            cases.append(_grams(bare))
            ends.append(1)
            weights.append(1.0)
        places = chance.sample(range(2, len(bare)), min(3, len(bare) - 2))
        for at in places:
            cases.append(_grams(bare[:at]))
            ends.append(0)
            weights.append(1 / len(places))
    counts = Counter(gram for case in cases for gram in case)
    table = DictVectorizer()
    kept = table.fit_transform([{g: 1 for g in case if counts[g] >= 3} for case in cases])
    model = LogisticRegression(C=1.0, max_iter=400).fit(kept, ends, sample_weight=weights)
    names = zip(table.feature_names_, model.coef_[0], strict=True)
    return {"": round(float(model.intercept_[0]), 3)} | {g: round(float(w), 3) for g, w in names if abs(w) > 0.05}


def _grams(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(words[-n:]) for n in (1, 2, 3) if len(words) >= n)


def ending_texts(calls: Sequence[corpus.Call], events: Sequence[dict[str, Any]]) -> list[tuple[list[str], bool]]:
    """Sentences of the corpus and utterances of the meetings, with whether they are whole."""
    texts = []
    for call in calls:
        for line in call.lines:
            sentences = line.text.replace("?", "?\n").replace(". ", ".\n").replace("!", "!\n").split("\n")
            texts += [(s.split(), not s.rstrip().endswith(("\u2014", "...", "\u2026"))) for s in sentences if s.strip()]
    for event in events:
        cut = event["label"] in ("interruption", "pickup_after_abandoned", "completion")
        texts.append(([w for _, _, w in event["A"]["words"]], not cut))
        texts.append(([w for _, _, w in event["B"]["words"]], True))
    return texts


def linear(rows: np.ndarray, wanted: np.ndarray, strength: float, weights: np.ndarray | None = None) -> dict[str, Any]:
    """A logistic regression on scaled features, with the scale folded in."""
    scale = StandardScaler().fit(rows)
    model = LogisticRegression(C=strength, max_iter=600).fit(scale.transform(rows), wanted, sample_weight=weights)
    spread = np.where(scale.scale_ > 0, scale.scale_, 1.0)
    found = model.coef_[0] / spread
    bias = float(model.intercept_[0] - (scale.mean_ * found).sum())
    return {"weights": [round(float(w), 6) for w in found], "bias": round(bias, 6)}


def forest(rows: np.ndarray, wanted: np.ndarray, weights: np.ndarray, rounds: int) -> dict[str, Any]:
    """Boosted trees, three times with other seeds, averaged."""
    trees, bias = [], 0.0
    for seed in range(3):
        model = HistGradientBoostingClassifier(
            max_iter=rounds, learning_rate=0.05, max_leaf_nodes=10, min_samples_leaf=30, l2_regularization=5.0,
            max_features=0.5, random_state=seed,
        ).fit(rows, wanted, sample_weight=weights)  # fmt: skip
        bias += float(model._baseline_prediction.ravel()[0]) / 3  # noqa: SLF001 - the only way to the trees
        trees += [_tree(steps[0].nodes, 1 / 3) for steps in model._predictors]  # noqa: SLF001 - as above
    return {"trees": trees, "bias": round(bias, 6)}


def _tree(nodes: np.ndarray, part: float) -> dict[str, Any]:
    leaf = nodes["is_leaf"].astype(bool)
    own = np.arange(len(nodes))
    return {
        "feature": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
        "least": [round(float(v), 5) for v in np.where(leaf, 0.0, nodes["num_threshold"])],
        "left": np.where(leaf, own, nodes["left"]).tolist(),
        "right": np.where(leaf, own, nodes["right"]).tolist(),
        "value": [round(float(v) * part, 6) for v in np.where(leaf, nodes["value"], 0.0)],
        "depth": int(nodes["depth"].max()),
    }


def best_threshold(chances: np.ndarray, wanted: np.ndarray) -> float:
    """The probability that gives the best F1, drawn towards 0.4 where cases are few."""
    grid = np.arange(0.2, 0.71, 0.02)
    scores = np.array([_f1(chances >= t, wanted) for t in grid])
    near = grid[scores >= scores.max() - 0.01]
    trust = wanted.sum() / (wanted.sum() + 30.0)
    return round(float(trust * np.median(near) + (1 - trust) * 0.4), 3)


def _f1(found: np.ndarray, wanted: np.ndarray) -> float:
    hit = float((found & wanted).sum())
    return 2 * hit / max(1.0, float(found.sum() + wanted.sum()))


def log_odds(head: dict[str, Any], rows: np.ndarray) -> np.ndarray:
    """What a linear head says."""
    return rows @ np.array(head["weights"]) + head["bias"]


def chances_of(head: dict[str, Any], rows: np.ndarray) -> np.ndarray:
    """Probabilities of a linear head."""
    return 1 / (1 + np.exp(-np.clip(log_odds(head, rows), -30, 30)))


def cross_chances(rows: np.ndarray, wanted: np.ndarray, groups: np.ndarray, strength: float) -> np.ndarray:
    """Probabilities for each row by a head fitted without the row's group of files."""
    found = np.zeros(len(rows))
    for group in np.unique(groups):
        out = groups == group
        found[out] = chances_of(linear(rows[~out], wanted[~out], strength), rows[out])
    return found


@dataclass(frozen=True, slots=True)
class LineCases:
    """All lines of the calls as rows, with their labels and the fold of their file."""

    rows: np.ndarray
    lines: list[corpus.Line]
    coaching: np.ndarray
    groups: np.ndarray
    weights: np.ndarray


def line_cases(reads: Sequence[Read], lexicon: Lexicon, folds: int) -> LineCases:
    """The rows of every line that has a label."""
    rows, lines, coaching, groups = [], [], [], []
    for read in reads:
        made = line_rows(ScoredScript(read.script, read.scores), lexicon)
        for row, line in zip(made, read.script.lines, strict=True):
            gold = read.lines[line.number]
            if gold is not None and not gold.backchannel:
                rows.append(row)
                lines.append(gold)
                coaching.append(read.call.head["coaching"] == "yes")
                groups.append(fold_of(read.call.name, folds))
    return LineCases(np.array(rows), lines, np.array(coaching), np.array(groups), np.ones(len(rows)))


def fit_lines(cases: LineCases, out: dict[str, Any]) -> None:
    """Heads of signals, phases and leading, with thresholds from cross-validation; prints what that shows."""
    heads, thresholds = out["heads"], {}
    coach = np.array([line.speaker == "coach" for line in cases.lines])
    tally = Counter()
    scores = []
    for signal in SignalId:
        wanted = np.array([signal in line.signals for line in cases.lines])[coach]
        rows, groups = cases.rows[coach], cases.groups[coach]
        chances = cross_chances(rows, wanted, groups, SIGNAL_STRENGTH)
        thresholds[signal] = best_threshold(chances, wanted)
        found = chances >= thresholds[signal]
        tally.update(tp=int((found & wanted).sum()), fp=int((found & ~wanted).sum()), fn=int((~found & wanted).sum()))
        scores.append(_f1(found, wanted))
        heads[f"signal_{signal}"] = linear(rows, wanted, SIGNAL_STRENGTH)
        say(f"  {signal:20s} F1 {scores[-1]:.2f} from {thresholds[signal]:.2f}, {int(wanted.sum())} cases, "
            f"sum of chances {chances.sum():.0f}")
    micro = 2 * tally["tp"] / (2 * tally["tp"] + tally["fp"] + tally["fn"])
    say(f"signals, files left out: micro F1 {micro:.3f} macro {np.mean(scores):.3f}")
    out["thresholds"] = thresholds
    fit_phases(cases, heads)
    fit_leads(cases, out)


SIGNAL_STRENGTH = 0.01
PHASE_STRENGTH = 0.01
LEAD_STRENGTH = 0.01
"""Inverse strength of the pull to zero, chosen by cross-validation on the training files."""


def fit_phases(cases: LineCases, heads: dict[str, Any]) -> None:
    """One head a phase."""
    kept = cases.coaching
    rows, groups = cases.rows[kept], cases.groups[kept]
    gold = np.array([list(Phase).index(Phase(line.phase)) for line in cases.lines])[kept]
    columns = []
    for place, phase in enumerate(Phase):
        columns.append(cross_chances(rows, gold == place, groups, PHASE_STRENGTH))
        heads[f"phase_{phase}"] = linear(rows, gold == place, PHASE_STRENGTH)
    say(f"phases, each line alone, files left out: accuracy {(np.array(columns).argmax(0) == gold).mean():.3f}")


def fit_leads(cases: LineCases, out: dict[str, Any]) -> None:
    """One head for lines of the coach, one for all others, and one threshold."""
    every, gold = [], []
    for name, speakers in (("coach", ("coach",)), ("client", ("client", "other"))):
        mine = np.array([line.speaker in speakers for line in cases.lines]) & cases.coaching
        wanted = np.array([line.leads for line in cases.lines])[mine]
        every.append(cross_chances(cases.rows[mine], wanted, cases.groups[mine], LEAD_STRENGTH))
        gold.append(wanted)
        out["heads"][f"leads_{name}"] = linear(cases.rows[mine], wanted, LEAD_STRENGTH)
        say(f"leads {name}, files left out: F1 {max(_f1(every[-1] >= t, wanted) for t in np.arange(0.2, 0.6, 0.02)):.3f}")
    out["lead_threshold"] = best_threshold(np.concatenate(every), np.concatenate(gold))


def phase_steps(calls: Sequence[corpus.Call]) -> list[list[float]]:
    """Log-probability of the phase of a line given that of the line before, in whole calls."""
    counts = np.full((len(Phase), len(Phase)), 0.5)
    for call in calls:
        phases = [list(Phase).index(Phase(line.phase)) for line in call.lines if not line.backchannel]
        if len(phases) >= 20:
            for a, b in zip(phases, phases[1:], strict=False):
                counts[a, b] += 1
    return [[round(float(v), 4) for v in row] for row in np.log(counts / counts.sum(1, keepdims=True))]


def floor_cases(
    reads: Sequence[Read], events: dict[int, list[dict[str, Any]]], models: Sequence[OnnxScript],
    lexicon: Lexicon, ending: dict[str, float],
) -> dict[str, list[Any]]:  # fmt: skip
    """Rows, labels and weights of all comings-in: `quiet_*` for backchannels, `event_*` for what takes the floor."""
    found: dict[str, list[Any]] = defaultdict(list)
    for read in reads:
        place = {line.number: i for i, line in enumerate(read.script.lines)}
        for coming in read.comings:
            line = read.lines[coming.own]
            if line is not None and not coming.dual:
                kind = "backchannel" if line.backchannel else line.event or "none"
                _add(found, coming, kind, CORPUS_WEIGHT, fold_of(read.call.name, len(models)), read.scores, place)
    for fold, part in events.items():
        for as_heard in (False, True):
            _add_events(found, part, as_heard, models[fold], fold, lexicon, ending)
    return found


def _add_events(
    found: dict[str, list[Any]], events: list[dict[str, Any]], as_heard: bool, model: OnnxScript, fold: int,  # noqa: FBT001
    lexicon: Lexicon, ending: dict[str, float],
) -> None:  # fmt: skip
    session, starts = session_of_events(events, as_heard=as_heard, seed=fold + 100)
    stretches = find_stretches(session, lexicon)
    comings = [c for c in find_comings_in(stretches, lexicon, ending)]
    mine = [c for c in comings if stretches[c.own].label == "SPEAKER_01"]
    at = np.array([stretches[c.own].segment.start_ms for c in mine])
    matched: list[tuple[ComingIn, str]] = []
    for start, event in zip(starts, events, strict=True):
        nearest = int(np.abs(at - start).argmin())
        if abs(at[nearest] - start) <= 1_000:
            matched.append((mine[nearest], EXPECTED.get(event["label"], "none")))
    quiet = frozenset(c.own for c, kind in matched if kind == "backchannel")
    roles = {"SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT}
    script = write_script(stretches, quiet, roles, lexicon, session.duration_ms)
    scores = model.read(as_lines(script))
    place = {line.number: i for i, line in enumerate(script.lines)}
    for coming, kind in matched:
        _add(found, coming, kind, 1.0, fold, scores, place, meeting=True)


def _add(
    found: dict[str, list[Any]], coming: ComingIn, kind: str, weight: float, fold: int, scores: Sequence[LineScores],
    place: dict[int, int], *, meeting: bool = False,
) -> None:  # fmt: skip
    found["quiet_rows"].append(coming.row)
    found["quiet_kinds"].append(kind)
    found["quiet_weights"].append(weight)
    found["quiet_folds"].append(fold)
    found["quiet_meeting"].append(meeting)
    if coming.own in place and coming.over in place:
        found["event_rows"].append(event_row(coming, scores[place[coming.own]], scores[place[coming.over]]))
        found["event_kinds"].append(kind)
        found["event_weights"].append(weight)
        found["event_folds"].append(fold)
        found["event_meeting"].append(meeting)


def fit_floor(cases: dict[str, list[Any]], heads: dict[str, Any]) -> None:
    """Backchannels from all; interruptions and completions from both sources; the rest from the corpus."""
    rows, weights = np.array(cases["quiet_rows"]), np.array(cases["quiet_weights"])
    kinds = np.array(cases["quiet_kinds"])
    heads["backchannel"] = forest(rows, kinds == "backchannel", weights, 120)
    rows, weights = np.array(cases["event_rows"]), np.array(cases["event_weights"])
    kinds, meeting = np.array(cases["event_kinds"]), np.array(cases["event_meeting"])
    for kind in EVENT_KINDS:
        kept = np.ones(len(kinds), dtype=bool) if kind in ("interruption", "completion") else ~meeting
        if kind in ("interruption", "completion"):
            heads[kind] = forest(rows[kept], kinds[kept] == kind, weights[kept], 150)
        else:
            heads[kind] = linear(rows[kept], kinds[kept] == kind, 0.05, weights[kept])
        say(f"floor {kind}: {int((kinds[kept] == kind).sum())} cases of {int(kept.sum())}")


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


def main() -> None:
    """Read the options, fit everything, write one file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=Path)
    parser.add_argument("--folds", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    lexicon = read_lexicon(KNOWLEDGE / "lexicon.toml")
    tokenizer = (KNOWLEDGE / "tokenizer.json").read_text(encoding="utf-8")
    models = [OnnxScript((folder / "script.onnx").read_bytes(), tokenizer) for folder in options.folds]
    calls = [c for c in corpus.load() if c.head["split"] == "train"]
    events = read_events(options.events)
    ending = fit_ending(ending_texts(calls, events))
    reads = [read_call(c, models[fold_of(c.name, len(models))], lexicon, ending) for c in calls]
    out: dict[str, Any] = {"heads": {}, "ending": ending, "phase_steps": phase_steps(calls)}
    fit_lines(line_cases(reads, lexicon, 5), out)
    by_fold: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        by_fold[fold_of(event["meeting"], len(models))].append(event)
    fit_floor(floor_cases(reads, by_fold, models, lexicon, ending), out["heads"])
    fit_roles(calls, lexicon, out["heads"])
    options.out.write_text(json.dumps(out, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
