"""Known words laid onto the sound: each stretch of speech with the words that lie in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.model.speech import Word
from processor.speech.samples import Sound

FARTHEST_MS = 1200
"""A word that moves farther than this from where the recogniser heard it was misplaced; it stays where it was heard,
and so does its whole stretch when a neighbour would come before it."""

LONGEST_MS = 15_000
"""Stretches are aligned in parts of at most about this length: one wrong word then spoils little."""

LEAD_MS = 60
"""An aligner gives the silence before the first word to that word; a stretch starts only this much before it."""

Span = tuple[int, int]


class TimeModel(Protocol):
    """What says when known words are said in a piece of sound."""

    def times(self, sound: NDArray[np.float32], texts: Sequence[str]) -> list[Span] | None:
        """Start and end of each text in milliseconds of `sound`; None when they cannot be laid onto it."""


def place_words(
    model: TimeModel, samples: Sound, words: Sequence[Word], speech: Sequence[Segment]
) -> tuple[Word, ...]:
    """`words` at their times, the same words in the same order.

    A stretch of `speech` that cannot be aligned in this order keeps the times that its words came with, and so does a
    word outside all speech.
    """
    placed: list[Word] = []
    for stretch, inside in _by_stretch(words, speech):
        placed.extend(_align(model, samples, inside, stretch) if stretch else inside)
    return tuple(placed)


def _align(model: TimeModel, samples: Sound, words: Sequence[Word], stretch: Segment) -> Sequence[Word]:
    start_ms = max(0, stretch.start_ms - LEAD_MS)
    times = model.times(samples.between(start_ms, stretch.end_ms + LEAD_MS), [word.text for word in words])
    if times is None:
        return words
    moved = []
    for word, (start, end) in zip(words, times, strict=True):
        near = abs(start + start_ms - word.segment.start_ms) <= FARTHEST_MS
        moved.append(replace(word, segment=Segment(start + start_ms, end + start_ms)) if near else word)
    in_order = all(before.segment <= after.segment for before, after in pairwise(moved))
    return moved if in_order else words


def _by_stretch(words: Sequence[Word], speech: Sequence[Segment]) -> list[tuple[Segment | None, list[Word]]]:
    """Consecutive words that lie in the same stretch of speech; None where they lie in none."""
    groups: list[tuple[Segment | None, list[Word]]] = []
    stretches = [part for stretch in speech for part in _parts(stretch, words)]
    for word in words:
        home = next((s for s in stretches if s.holds(word.segment.middle_ms)), None)
        if groups and groups[-1][0] == home:
            groups[-1][1].append(word)
        else:
            groups.append((home, [word]))
    return groups


def _parts(stretch: Segment, words: Sequence[Word]) -> list[Segment]:
    """`stretch` cut between words so that no part is much longer than LONGEST_MS."""
    parts: list[Segment] = []
    start = stretch.start_ms
    for before, after in pairwise(words):
        between = (before.segment.end_ms + after.segment.start_ms) // 2
        if stretch.holds(between) and between - start >= LONGEST_MS:
            parts.append(Segment(start, between))
            start = between
    return [*parts, Segment(start, stretch.end_ms)]
