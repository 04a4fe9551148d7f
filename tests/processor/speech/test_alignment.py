"""Words are laid onto the sound, and stay in their order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.model.speech import Word
from processor.speech.alignment import LEAD_MS, Span, place_words
from tests.sounds import samples_of, silence

SPEECH = [Segment(1_000, 6_000)]
HEARD = (Word("so", Segment(1_000, 1_200)), Word("what", Segment(4_000, 4_200)), Word("now", Segment(4_300, 4_500)))


class Aligner:
    """Says for every stretch that its words are said at `times` of the recording."""

    def __init__(self, *times: tuple[int, int]) -> None:
        self._times = times

    def times(self, _sound: NDArray[np.float32], _texts: Sequence[str]) -> list[Span] | None:
        start = SPEECH[0].start_ms - LEAD_MS
        return [(first - start, last - start) for first, last in self._times]


def placed(*times: tuple[int, int]) -> list[tuple[str, int]]:
    """Where the words of HEARD begin when an aligner says that they are said at `times`."""
    words = place_words(Aligner(*times), samples_of(silence(8)), HEARD, SPEECH)
    return [(word.text, word.segment.start_ms) for word in words]


def test_words_get_the_times_of_the_aligner() -> None:
    """Each moves by less than 1.2 s."""
    assert placed((1_100, 1_300), (3_900, 4_100), (4_200, 4_500)) == [("so", 1_100), ("what", 3_900), ("now", 4_200)]


def test_a_word_that_would_move_too_far_stays() -> None:
    """"So" at 3 s would be two seconds late; its neighbours move all the same."""
    assert placed((3_000, 3_300), (3_900, 4_100), (4_200, 4_500)) == [("so", 1_000), ("what", 3_900), ("now", 4_200)]


def test_words_never_change_places() -> None:
    """"What" would move by 1.5 s and stays at 4 s; "now" would come to 3.5 s, before it. So all keep their times."""
    assert placed((1_100, 1_300), (2_500, 2_700), (3_500, 3_800)) == [("so", 1_000), ("what", 4_000), ("now", 4_300)]
