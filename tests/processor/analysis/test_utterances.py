"""How words become utterances."""

from __future__ import annotations

from dataclasses import replace

from processor.analysis.utterances import could_be_backchannel, find_stretches
from processor.knowledge.loading import FOLDER, read_lexicon
from tests import builders

LEXICON = read_lexicon(FOLDER / "en" / "lexicon.toml")


def said(script: str) -> list[tuple[str, str]]:
    session = builders.session(script)
    return [(s.label[-1], s.text) for s in find_stretches(session, LEXICON)]


def test_a_short_pause_parts_nothing() -> None:
    """What one voice says with a pause of under a second is one utterance."""
    assert said("0:01-0:02 client: I want\n0:02.9 client: to stop") == [("1", "I want to stop")]


def test_a_long_pause_ends_the_utterance() -> None:
    """A pause of a second parts two utterances of one voice."""
    assert said("0:01-0:02 client: Huh\n0:03 client: I never saw that") == [("1", "Huh"), ("1", "I never saw that")]


def test_a_backchannel_inside_parts_nothing() -> None:
    """A mm-hm in a short pause leaves the utterance whole."""
    script = "0:01-0:02 client: I want\n0:02.1-0:02.4 coach: mm-hm\n0:02.5 client: to stop"
    assert said(script) == [("1", "I want to stop"), ("0", "mm-hm")]


def test_taking_the_floor_in_a_pause_ends_the_utterance() -> None:
    """What somebody says in another's short pause parts what stands before and after it."""
    script = "0:01-0:02 client: I want\n0:02.1-0:02.6 coach: Want what?\n0:02.7 client: to stop"
    assert said(script) == [("1", "I want"), ("0", "Want what?"), ("1", "to stop")]


def test_a_word_without_a_voice_goes_to_who_sounds() -> None:
    """A word whose voice is not known belongs to the voice that sounds while it is said."""
    session = builders.session("0:01 client: I want to stop")
    lost = replace(session.words[2], label=None)
    whole = replace(session, words=(*session.words[:2], lost, session.words[3]))
    assert [s.text for s in find_stretches(whole, LEXICON)] == ["I want to stop"]


def test_a_word_in_silence_is_left_out() -> None:
    """A word without a voice at a time when nobody sounds belongs to nobody."""
    session = builders.session("0:01 client: I want to stop\n0:09 coach: Right then")
    nobody = tuple(s for s in session.speech.spans if s.label == "SPEAKER_01")
    stray = tuple(replace(w, label=None) if w.label == "SPEAKER_00" else w for w in session.words)
    without = replace(session, words=stray, speech=replace(session.speech, spans=nobody))
    assert [s.text for s in find_stretches(without, LEXICON)] == ["I want to stop"]


def test_four_words_are_no_backchannel() -> None:
    """A backchannel has three words at most, all of them from the list."""
    words = builders.session("0:01 coach: yeah yeah yeah right").words
    assert not could_be_backchannel(words, LEXICON)
    assert could_be_backchannel(words[:3], LEXICON)


def test_a_word_of_its_own_is_no_backchannel() -> None:
    """One word that is not on the list makes it a turn."""
    assert not could_be_backchannel(builders.session("0:01 coach: yeah Malcolm").words, LEXICON)
