"""Whose voice each stretch of speech is: what the stretches sound like, put into as many groups as people.

pyannote.audio's own clustering joins voices inside its ten-second windows first; when two people sound alike
that step is where they are confused. Here every stretch with one voice is described by itself, and the
stretches are grouped over the whole call. Nothing of what describes a voice outlives the call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment

WINDOW_MS = 1500
HOP_MS = 750
STEADY_MS = 1200
"""Windows of at least this much sound decide what the voices are; shorter ones are only given to one."""

SPLIT_MS = 2500
"""A stretch longer than this may hold a change of voice that nothing showed; it is followed along."""

SWITCH_COST = 0.5
"""What a change of voice inside a stretch costs against the likeness (a cosine) that it gains."""

LEAST_SHARE = 0.03
"""A voice with a smaller share of the speech is noise or laughter, not a further person, unless it was announced."""

MOST_ODD = 0.1
"""Odd sounds are at most this share of the speech together. Ours, so that leaving them out comes to an end."""

_Float = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VoiceWindow:
    """A piece of the stretch number `stretch`, short enough to hold one voice."""

    stretch: int
    segment: Segment


def cut_windows(stretches: Sequence[Segment]) -> tuple[VoiceWindow, ...]:
    """Windows over each stretch: a short stretch is one, a longer one has one every HOP_MS, the last at its end."""
    windows: list[VoiceWindow] = []
    for index, stretch in enumerate(stretches):
        last = stretch.end_ms - WINDOW_MS
        if last <= stretch.start_ms:
            windows.append(VoiceWindow(index, stretch))
            continue
        count = -(-(last - stretch.start_ms) // HOP_MS) + 1
        starts = np.linspace(stretch.start_ms, last, count).round().astype(int).tolist()
        windows.extend(VoiceWindow(index, Segment(start, start + WINDOW_MS)) for start in starts)
    return tuple(windows)


@dataclass(frozen=True, slots=True, eq=False)
class Voices:
    """The voice of each window (`label` from 0); `margin` = by how much it is nearer to that voice than to the next."""

    label: NDArray[np.intp]
    margin: _Float
    likeness: float
    """The cosine between the two nearest voices: how much alike they sound."""


def tell_apart(windows: Sequence[VoiceWindow], rows: _Float, speakers: int, alike: float) -> Voices:
    """The voice of every window, of `speakers` people, from one row of numbers (of length one) a window.

    Two middles with a cosine of `alike` or more are one voice split in two.
    """
    steady = np.array([w.segment.length_ms >= STEADY_MS for w in windows])
    learnt = rows[steady] if steady.sum() >= 2 * speakers else rows
    centres = _voices_in(learnt, speakers, alike)
    likeness = rows @ centres.T
    label = np.empty(len(windows), dtype=np.intp)
    owners = np.array([w.stretch for w in windows])
    for stretch in np.unique(owners):
        mine = np.flatnonzero(owners == stretch)
        length = windows[mine[-1]].segment.end_ms - windows[mine[0]].segment.start_ms
        label[mine] = _follow(likeness[mine]) if length > SPLIT_MS else likeness[mine].sum(axis=0).argmax()
    own = likeness[np.arange(len(windows)), label]
    others = likeness.copy()
    others[np.arange(len(windows)), label] = -1
    return Voices(label, own - others.max(axis=1), _nearest(centres))


def _nearest(centres: _Float) -> float:
    """The cosine between the two nearest of these middles; -1 when there is only one."""
    between = centres @ centres.T - 2 * np.eye(len(centres))
    return float(between.max()) if len(centres) > 1 else -1.0


def _voices_in(rows: _Float, speakers: int, alike: float) -> _Float:
    """The middles of the voices, found without the odd sounds among them.

    One laugh or jingle is farther from all than two voices are from each other: it would keep a middle for itself, and
    two voices would share one. So a group that is too small for a voice is left out and the rest is grouped again. That
    counts only where the rest still holds as many voices; otherwise the small group was somebody who says little.
    """
    found = centres = centres_of(rows, speakers)
    rest = rows
    while True:
        label = (rest @ centres.T).argmax(axis=1)
        sizes = np.bincount(label, minlength=speakers)
        odd = (sizes > 0) & (sizes < LEAST_SHARE * len(rest))
        rest = rest[~odd[label]]
        if not odd.any() or len(rest) < (1 - MOST_ODD) * len(rows):
            return found
        centres = centres_of(rest, speakers)
        if _nearest(centres) < alike:
            found = centres


def centres_of(rows: _Float, groups: int) -> _Float:
    """The middles of `groups` groups of directions (k-means by cosine), the same every time.

    The first middle is the row farthest from the mean of all, each further one the row least like those
    already taken: no chance is involved.
    """
    mean = rows.mean(axis=0)
    chosen = [int((rows @ mean).argmin())]
    while len(chosen) < groups:
        chosen.append(int((rows @ rows[chosen].T).max(axis=1).argmin()))
    centres = rows[chosen]
    for _ in range(50):
        label = (rows @ centres.T).argmax(axis=1)
        moved = np.stack([rows[label == k].mean(axis=0) if (label == k).any() else centres[k] for k in range(groups)])
        moved /= np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
        if np.allclose(moved, centres, atol=1e-6):
            break
        centres = moved
    return centres


def _follow(likeness: _Float) -> NDArray[np.intp]:
    """The likeliest course of voices through a long stretch, where changing the voice has its cost (Viterbi)."""
    steps, voices = likeness.shape
    best = likeness[0].copy()
    came = np.zeros((steps, voices), dtype=np.intp)
    change = SWITCH_COST * (1 - np.eye(voices))
    for step in range(1, steps):
        ways = best[:, None] - change
        came[step] = ways.argmax(axis=0)
        best = ways.max(axis=0) + likeness[step]
    course = [int(best.argmax())]
    for step in range(steps - 1, 0, -1):
        course.append(int(came[step][course[-1]]))
    return np.array(course[::-1], dtype=np.intp)
