"""Learnt functions, evaluated by hand."""

from __future__ import annotations

from math import exp

import pytest

from processor.knowledge.heads import heads_from

LINEAR = {"weights": [2.0, -1.0], "bias": 0.5}
STUMP = {"feature": [0, 0, 0], "least": [1.5, 0, 0], "left": [1, 1, 2], "right": [2, 1, 2], "value": [0, -1.0, 3.0],
         "depth": 1}  # fmt: skip


def test_a_linear_head_weighs_its_features() -> None:
    """2 x 1 - 1 x 3 + 0.5 = -0.5 log-odds."""
    heads = heads_from({"asks": LINEAR})
    assert heads.probabilities("asks", [(1.0, 3.0)]) == (pytest.approx(1 / (1 + exp(0.5)), abs=1e-6),)


def test_a_tree_goes_left_up_to_its_threshold() -> None:
    """1.5 goes left to -1, 1.6 right to 3; the bias of 0.25 is added to both."""
    heads = heads_from({"cuts": {"trees": [STUMP], "bias": 0.25}})
    left, right = heads.probabilities("cuts", [(1.5,), (1.6,)])
    assert left == pytest.approx(1 / (1 + exp(0.75)), abs=1e-6)
    assert right == pytest.approx(1 / (1 + exp(-3.25)), abs=1e-6)


def test_trees_add_up() -> None:
    """Two trees of 3 each are 6."""
    heads = heads_from({"cuts": {"trees": [STUMP, STUMP], "bias": 0.0}})
    assert heads.probabilities("cuts", [(2.0,)]) == (pytest.approx(1 / (1 + exp(-6.0)), abs=1e-6),)


def test_no_rows_give_nothing() -> None:
    assert heads_from({"asks": LINEAR}).probabilities("asks", []) == ()
