"""What nobody said is taken out, and hums are spelt one way."""

from __future__ import annotations

import pytest

from processor.model.segment import Segment
from processor.model.speech import Word
from processor.speech.plausible import plausible

ALL = (Segment(0, 600_000),)


def words(text: str, *, length_ms: int = 300, score: float = 0.9, start_ms: int = 0) -> list[Word]:
    return [
        Word(part, Segment(start_ms + n * length_ms, start_ms + (n + 1) * length_ms), None, score)
        for n, part in enumerate(text.split())
    ]


def texts(heard: list[Word], speech: tuple[Segment, ...] = ALL) -> str:
    return " ".join(word.text for word in plausible(heard, speech))


def test_a_word_in_silence_was_not_said() -> None:
    """Half a second and more from all speech there are no words."""
    heard = words("Hello there") + words("Thanks for watching!", start_ms=9_000)
    assert texts(heard, (Segment(0, 700),)) == "Hello there"


def test_a_phrase_that_goes_round_in_circles_is_kept_once() -> None:
    """Five doubtful repetitions of a phrase are the recogniser's, not a person's."""
    assert texts(words("I see it " * 5 + "now", score=0.3)) == "I see it now"


def test_words_faster_than_anybody_speaks_are_circles_too() -> None:
    """Twenty words of 40 ms each were not said, however sure the recogniser is."""
    assert texts(words("no " * 20, length_ms=40)) == "no"


def test_a_person_may_repeat_a_word() -> None:
    """Four clear words at a person's pace stay."""
    assert texts(words("no no no no")) == "no no no no"


def test_three_times_is_not_a_circle() -> None:
    """Doubtful or not, three times is how people talk."""
    assert texts(words("so so so then", score=0.2)) == "so so so then"


@pytest.mark.parametrize(
    ("heard", "spelt"),
    [
        ("okay. Hum! So", "okay. Mm. So"),
        ("okay. HM? So", "okay. Mm? So"),
        ("Mmm. So", "Mm. So"),
        ("Mhm, so", "Mm-hm, so"),
        ("Uh-huh. So", "Mm-hm. So"),
        ("so many. Inhum. And", "so many. Mm-hm. And"),
        ("fixing. I'm hummed. And", "fixing. Mm-hm. And"),
        ("I'm humming a tune", "I'm humming a tune"),
        ("they hum a tune", "they hum a tune"),
        ("my home", "my home"),
    ],
)
def test_hums_are_spelt_one_way(heard: str, spelt: str) -> None:
    """A hum that stands alone is "Mm", an agreeing one "Mm-hm"; the verb stays a verb."""
    assert texts(words(heard)) == spelt


def test_a_hum_written_as_two_words_is_one() -> None:
    """It sounds from the first to the second and is as sure as the less sure of them."""
    heard = [Word("I'm", Segment(0, 200), None, 0.9), Word("hummed.", Segment(200, 700), None, 0.4)]
    assert plausible(heard, ALL) == (Word("Mm-hm.", Segment(0, 700), None, 0.4),)
