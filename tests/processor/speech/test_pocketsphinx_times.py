"""Words laid onto the sound by pocketsphinx (its package carries the model)."""

from __future__ import annotations

from processor.speech.alignment import Span
from processor.speech.pocketsphinx_times import PocketsphinxTimes
from processor.speech.samples import decode
from tests.sounds import SAMPLE_CALL

BEFORE = (330_136, 332_746, "How will you know that it is working, say, in a month?")
STRETCH = (33_553, 37_538, "Mm. And what would make this conversation really useful for you by the end?")
"""Two of the coach's questions: from, to (milliseconds of the coach's track), words."""


def placed(*questions: tuple[int, int, str]) -> list[Span] | None:
    """Where the words of the last of `questions` lie when they are aligned one after the other."""
    coach, times = decode(SAMPLE_CALL / "track_coach.m4a"), PocketsphinxTimes()
    found = [times.times(coach.between(start, end), text.split()) for start, end, text in questions]
    return found[-1]


def test_word_times_do_not_depend_on_what_was_aligned_before() -> None:
    """A job that goes on in the middle finds the same times as one that began at the start."""
    alone = placed(STRETCH)
    assert alone is not None
    assert placed(BEFORE, STRETCH) == alone


def test_words_lie_in_their_order_inside_the_sound() -> None:
    """Fourteen words in 3,985 ms, none beginning before the one before it has ended."""
    found = placed(STRETCH)
    assert found is not None
    assert len(found) == 14
    edges = [edge for span in found for edge in span]
    assert edges == sorted(edges)
    assert 0 <= edges[0] < edges[-1] <= 3_985
