"""Chunks are shared out evenly, and speech without words is found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.model.session import Source
from processor.model.speech import Word
from processor.speech.checkpoints import Checkpoints
from processor.speech.chunks import Chunk
from processor.speech.lanes import Lanes
from processor.speech.profiles import Embedded, WordModel
from processor.speech.recognise import Task, batches, holes_in, word_pieces
from tests.sounds import noise, samples_of


@pytest.mark.parametrize(
    ("chunks", "size", "lanes", "sizes"),
    [
        (0, 4, 2, []),
        (1, 4, 2, [1]),
        (13, 4, 2, [4, 3, 3, 3]),
        (14, 4, 2, [4, 3, 4, 3]),
        (16, 4, 2, [4, 4, 4, 4]),
        (5, 4, 1, [3, 2]),
    ],
)
def test_batches_are_even(chunks: int, size: int, lanes: int, sizes: list[int]) -> None:
    """Every lane gets as many batches as any other, none larger than asked for, a larger one before a smaller one."""
    row = [Chunk((Segment(n, n + 1),)) for n in range(chunks)]
    shared = batches(row, size, lanes)
    assert [len(batch) for batch in shared] == sizes
    assert sorted((chunk for batch in shared for chunk in batch), key=lambda chunk: chunk.spans) == row


def word(start: int, end: int) -> Word:
    return Word("word", Segment(start, end))


def test_speech_with_words_has_no_hole() -> None:
    """A word every half second leaves nothing out."""
    assert holes_in([Segment(0, 5_000)], [word(n, n + 400) for n in range(0, 5_000, 500)]) == []


def test_speech_without_any_word_is_a_hole() -> None:
    """Two seconds of speech and not a word."""
    assert holes_in([Segment(1_000, 3_000)], []) == [Segment(1_000, 3_000)]


def test_a_word_stretched_over_a_gap_does_not_hide_it() -> None:
    """A word said to last from 1 to 6 s sounds for a second around its middle; the rest is unheard.

    Its middle is 3.5 s, so it counts from 3 to 4 s.
    """
    assert holes_in([Segment(0, 7_000)], [word(1_000, 6_000)]) == [Segment(0, 3_000), Segment(4_000, 7_000)]


def test_a_short_sound_is_no_hole() -> None:
    """A sigh or an "mm" of a second need not be a word."""
    assert holes_in([Segment(0, 1_000)], []) == []


class NoWords:
    """A recogniser that hears nothing, and notes how many windows it is given at once."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def languages(self) -> frozenset[str]:
        return frozenset({"en"})

    def language(self, _sounds: Sequence[NDArray[np.float32]]) -> tuple[str, float]:
        return "en", 1.0

    def words(
        self, chunks: Sequence[Chunk], _sounds: Sequence[NDArray[np.float32]], _language: str, _beam: int
    ) -> list[tuple[Word, ...]]:
        self.given.append(len(chunks))
        return [()] * len(chunks)


class Deaf(Embedded):
    """Models whose recogniser is `heard`."""

    heard = NoWords()

    def words(self) -> WordModel:
        return self.heard


def test_what_is_heard_again_comes_in_batches_too(tmp_path: Path) -> None:
    """Thirty stretches of 3 s fill four windows; none holds a word, so thirty holes are heard again, four at a time."""
    samples = samples_of(noise(30 * 4))
    speech = [Segment(4_000 * n, 4_000 * n + 3_000) for n in range(30)]
    models = Deaf(tmp_path, lanes=1)
    with Lanes(1, lambda _stage, _share: None) as lanes:
        task = Task(models, lanes, Checkpoints(None, ""))
        lanes.run(word_pieces(task, samples, speech, "en", Source.MIXED))
    assert models.heard.given == [4, 4, 4, 4, 4, 4, 4, 4, 2]
