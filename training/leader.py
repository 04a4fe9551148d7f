"""Where the limits of `led_by` lie: the pull of each training call as it is read, beside who led by its label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from processor.analysis.leading import pull
from processor.model.people import Role
from processor.model.reading import Move, MoveKind, SignalId
from training.cases import LineCases, Read
from training.encoder import say

LEADERS = ("client", "shared", "coach")
FEWEST_LINES = 30
"""Shorter pieces have no label of who led."""


def show_limits(
    reads: Sequence[Read], cases: LineCases, signals: np.ndarray, leads: np.ndarray, lead_threshold: float
) -> None:
    """Print the two limits of pull that name the leader most often, and how often; files left out.

    `signals` = for each line of `cases` the chances of the signals, `leads` = how likely it leads.
    """
    pulls, gold = [], []
    for call in dict.fromkeys(cases.calls.tolist()):
        head = reads[call].call.head
        mine = np.flatnonzero(cases.calls == call)
        if len(mine) >= FEWEST_LINES and head.get("led_by") in LEADERS and head["coaching"] == "yes":
            pulls.append(_pull(cases, mine, signals, leads, lead_threshold))
            gold.append(LEADERS.index(head["led_by"]))
    drawn, right = np.array(pulls), np.array(gold)
    limits = [(a, b) for a in np.arange(0.1, 0.4, 0.01) for b in np.arange(0.3, 0.7, 0.01) if a < b]
    hits = [float(((drawn > a).astype(int) + (drawn > b) == right).mean()) for a, b in limits]
    best = np.array([limit for limit, hit in zip(limits, hits, strict=True) if hit == max(hits)])
    say(f"led by, files left out: {max(hits):.2f} of {len(gold)} calls between pulls of {best.mean(0).round(2)}")


def _pull(
    cases: LineCases, mine: np.ndarray, signals: np.ndarray, leads: np.ndarray, lead_threshold: float
) -> float:
    chances = tuple(
        dict(zip(SignalId, map(float, signals[i]), strict=True)) if cases.lines[i].speaker == "coach" else {}
        for i in mine
    )
    moves = [
        Move("", Role(cases.lines[i].speaker), MoveKind.TOPIC, None, float(leads[i]))
        for i in mine
        if leads[i] >= lead_threshold
    ]
    return pull(moves, chances)
