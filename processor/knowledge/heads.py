"""Learnt functions of named features: linear ones and sums of small trees, read from a JSON file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted sum."""

    weights: Array
    bias: float

    def log_odds(self, rows: Array) -> Array:
        found: Array = rows @ self.weights + self.bias
        return found


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree; a node that is a leaf has itself as both children."""

    feature: npt.NDArray[np.int64]
    least: Array
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    value: Array
    depth: int

    def log_odds(self, rows: Array) -> Array:
        at = np.zeros(len(rows), dtype=np.int64)
        every = np.arange(len(rows))
        for _ in range(self.depth):
            goes_left = rows[every, self.feature[at]] <= self.least[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        found: Array = self.value[at]
        return found


@dataclass(frozen=True, slots=True)
class Forest:
    """A sum of trees."""

    trees: tuple[Tree, ...]
    bias: float

    def log_odds(self, rows: Array) -> Array:
        total = np.full(len(rows), self.bias)
        for tree in self.trees:
            total += tree.log_odds(rows)
        return total


@dataclass(frozen=True, slots=True)
class LearntHeads:
    """The heads of one language by name."""

    heads: Mapping[str, Linear | Forest]

    def probabilities(self, head: str, rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
        """One calibrated probability for each row, to six decimals so that machines agree."""
        if not rows:
            return ()
        odds = self.heads[head].log_odds(np.asarray(rows, dtype=np.float64))
        return tuple(round(float(p), 6) for p in 1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0))))


def heads_from(root: Mapping[str, Any]) -> LearntHeads:
    """The heads that a heads.json holds."""
    return LearntHeads({name: _head(item) for name, item in root.items()})


def _head(item: Mapping[str, Any]) -> Linear | Forest:
    if "weights" in item:
        return Linear(np.asarray(item["weights"], dtype=np.float64), float(item["bias"]))
    return Forest(tuple(_tree(tree) for tree in item["trees"]), float(item["bias"]))


def _tree(item: Mapping[str, Any]) -> Tree:
    return Tree(
        np.asarray(item["feature"], dtype=np.int64),
        np.asarray(item["least"], dtype=np.float64),
        np.asarray(item["left"], dtype=np.int64),
        np.asarray(item["right"], dtype=np.int64),
        np.asarray(item["value"], dtype=np.float64),
        int(item["depth"]),
    )
