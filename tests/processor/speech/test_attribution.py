"""Words go to the voice that said them."""

from __future__ import annotations

from processor.model.segment import Segment
from processor.model.speech import Annotation, SpeechSpan, Word
from processor.speech.attribution import give_words


def given(words: str, *spans: tuple[str, int, int]) -> dict[str, str | None]:
    """The label of each word; a word is written text@start-end, times in tenths of a second."""
    heard = []
    for item in words.split():
        text, times = item.split("@")
        start, end = (100 * int(part) for part in times.split("-"))
        heard.append(Word(text, Segment(start, end)))
    speech = Annotation.of(SpeechSpan(Segment(100 * start, 100 * end), label) for label, start, end in spans)
    return {word.text: word.label for word in give_words(heard, speech)}


def test_a_word_goes_to_the_voice_that_sounds() -> None:
    """One voice after the other: each has its words."""
    assert given("What@1-4 Nothing.@12-15", ("A", 0, 8), ("B", 10, 20)) == {"What": "A", "Nothing.": "B"}


def test_a_word_over_an_edge_goes_where_most_of_it_lies() -> None:
    """0.1 s before the change of voice and 0.3 s after it: the second voice."""
    assert given("well@9-13", ("A", 0, 10), ("B", 10, 20)) == {"well": "B"}


def test_a_word_in_a_short_gap_goes_to_the_nearest_voice() -> None:
    """A word just after a voice was last heard is still that voice's."""
    assert given("then@11-13", ("A", 0, 10), ("B", 17, 30)) == {"then": "A"}


def test_a_word_far_from_all_speech_is_nobodys() -> None:
    """Nobody spoke within half a second."""
    assert given("Thanks@30-32", ("A", 0, 10)) == {"Thanks": None}


def test_a_listeners_token_goes_to_the_voice_that_sounds_shortly() -> None:
    """An "mm-hm" inside a long turn is the listener's, and the turn's words stay with the turn.

        A  |-- so what I would want is that -----|
        B              |Mm-hm.|
    """
    labels = given("so@0-3 what@3-6 Mm-hm.@6-10 I@10-12 want@12-16", ("A", 0, 40), ("B", 6, 10))
    assert labels == {"so": "A", "what": "A", "Mm-hm.": "B", "I": "A", "want": "A"}


def test_a_token_of_the_one_who_speaks_is_not_given_away() -> None:
    """"right" without anybody else sounding stays with the speaker."""
    assert given("right@0-3 so@3-5", ("A", 0, 40), ("B", 20, 24)) == {"right": "A", "so": "A"}


def test_other_words_in_an_overlap_go_with_their_sentence() -> None:
    """Two words in the overlap continue the sentence that was begun before it."""
    labels = given("I@0-2 want@2-5 to@5-7 go@7-9", ("A", 0, 9), ("B", 5, 40))
    assert labels == {"I": "A", "want": "A", "to": "A", "go": "A"}


def test_after_a_full_stop_an_overlap_belongs_to_what_follows() -> None:
    """The sentence before has ended, so the words in the overlap begin the other's."""
    labels = given("Done.@0-4 But@5-7 wait@7-9 please@10-14", ("A", 0, 9), ("B", 5, 40))
    assert labels == {"Done.": "A", "But": "B", "wait": "B", "please": "B"}


def test_words_come_back_in_order_of_time() -> None:
    """Chunks may hand in words in any order."""
    assert list(given("two@5-6 one@1-2", ("A", 0, 10))) == ["one", "two"]
