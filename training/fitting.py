"""Fitting a head to cases: linear ones, small forests, thresholds, and judging by what was left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from processor.knowledge.heads import heads_from

QUOTED = 0.7
"""The probability from which a report quotes a place."""


def linear(rows: np.ndarray, wanted: np.ndarray, strength: float, weights: np.ndarray | None = None) -> dict[str, Any]:
    """A logistic regression on scaled features, with the scale folded in."""
    scale = StandardScaler().fit(rows)
    model = LogisticRegression(C=strength, max_iter=600).fit(scale.transform(rows), wanted, sample_weight=weights)
    spread = np.where(scale.scale_ > 0, scale.scale_, 1.0)
    found = model.coef_[0] / spread
    bias = float(model.intercept_[0] - (scale.mean_ * found).sum())
    return {"weights": [round(float(w), 6) for w in found], "bias": round(bias, 6)}


def forest(rows: np.ndarray, wanted: np.ndarray, weights: np.ndarray, rounds: int) -> dict[str, Any]:
    """Boosted trees, three times with other seeds, averaged.

    A case that is `wanted` in part (two labellings differ) counts as both, each by its part.
    """
    trees, bias = [], 0.0
    part = wanted.astype(float)
    doubted = (part > 0) & (part < 1)
    rows = np.vstack([rows, rows[doubted]])
    weights = np.concatenate([weights * np.where(doubted, part, 1.0), (weights * (1 - part))[doubted]])
    wanted = np.concatenate([part > 0, np.zeros(int(doubted.sum()), dtype=bool)])
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


def calibrated(head: dict[str, Any], chances: np.ndarray, wanted: np.ndarray) -> dict[str, Any]:
    """`head` with its log-odds stretched and shifted so that `chances`, given by heads fitted without the case's
    files, come true as often as they say."""
    odds = np.log(np.clip(chances, 1e-6, 1 - 1e-6) / np.clip(1 - chances, 1e-6, 1))
    model = LogisticRegression(C=1e6).fit(odds[:, None], wanted)
    stretch, shift = float(model.coef_[0][0]), float(model.intercept_[0])
    weights = [round(w * stretch, 6) for w in head["weights"]]
    return {"weights": weights, "bias": round(head["bias"] * stretch + shift, 6)}


def recalibrated(chances: np.ndarray, wanted: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """What `calibrated` makes of `chances`, each group of files by what the other groups teach."""
    odds = np.log(np.clip(chances, 1e-6, 1 - 1e-6) / np.clip(1 - chances, 1e-6, 1))[:, None]
    found = np.zeros(len(chances))
    for group in np.unique(groups):
        out = groups == group
        found[out] = LogisticRegression(C=1e6).fit(odds[~out], wanted[~out]).predict_proba(odds[out])[:, 1]
    return found


def quoted(chances: np.ndarray, wanted: np.ndarray) -> dict[str, float]:
    """How often a probability of QUOTED or more is right, and in how many cases it was given."""
    sure = chances >= QUOTED
    return {"precision": round(float(wanted[sure].mean()), 3) if sure.any() else 0.0, "cases": int(sure.sum())}


def best_threshold(chances: np.ndarray, wanted: np.ndarray) -> float:
    """The probability that gives the best F1, drawn towards 0.4 where cases are few."""
    grid = np.arange(0.2, 0.71, 0.02)
    scores = np.array([f1(chances >= t, wanted) for t in grid])
    near = grid[scores >= scores.max() - 0.01]
    trust = wanted.sum() / (wanted.sum() + 30.0)
    return round(float(trust * np.median(near) + (1 - trust) * 0.4), 3)


def f1(found: np.ndarray, wanted: np.ndarray) -> float:
    """F1 of what was found against what was wanted, in part or whole."""
    hit = float((found * wanted).sum())
    return 2 * hit / max(1.0, float(found.sum() + wanted.sum()))


def log_odds(head: dict[str, Any], rows: np.ndarray) -> np.ndarray:
    """What a linear head says."""
    return rows @ np.array(head["weights"]) + head["bias"]


def chances_of(head: dict[str, Any], rows: np.ndarray) -> np.ndarray:
    """Probabilities of a head of either kind, as the reading computes them."""
    return np.array(heads_from({"": head}).probabilities("", rows.tolist()))


def cross_chances(
    rows: np.ndarray, wanted: np.ndarray, groups: np.ndarray, strength: float, weights: np.ndarray | None = None
) -> np.ndarray:
    """Probabilities for each row by a linear head fitted without the row's group of files."""
    counts = np.ones(len(rows)) if weights is None else weights
    return left_out(rows, groups, lambda kept: linear(rows[kept], wanted[kept], strength, counts[kept]))


def left_out(rows: np.ndarray, groups: np.ndarray, fit: Callable[[np.ndarray], dict[str, Any]]) -> np.ndarray:
    """Probabilities for each row by the head that `fit` gives for the rows of all other groups (a mask)."""
    found = np.zeros(len(rows))
    for group in np.unique(groups):
        out = groups == group
        found[out] = chances_of(fit(~out), rows[out])
    return found
