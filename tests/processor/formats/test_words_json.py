"""words.json says what was heard, or says clearly what is wrong with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.errors import ExchangeFileFault
from processor.formats import words_json
from processor.model.people import Participant, Role
from processor.model.segment import Segment
from processor.model.session import Doubt, Session, Source
from processor.model.speech import Annotation, SpeechSpan, Word

CANARY = "the canary sings at noon"


def file(**changes: Any) -> str:
    root: dict[str, Any] = {
        "version": 1,
        "language": "en",
        "duration_ms": 9000,
        "source": "mixed",
        "participants": [{"label": "A", "name": "Dana", "role": "coach"}],
        "words": [
            {"text": "world", "start_ms": 600, "end_ms": 900, "label": "A", "score": None},
            {"text": "Hello", "start_ms": 100, "end_ms": 500, "label": "A", "score": 0.5},
            {"text": "hm", "start_ms": 2000, "end_ms": 2200, "label": None, "score": 1},
        ],
    }
    return json.dumps({key: value for key, value in (root | changes).items() if value != "left out"})


def test_words_come_in_order_of_time() -> None:
    """Words are sorted by start, and each keeps what was said of it."""
    session = words_json.load(file())
    assert [w.text for w in session.words] == ["Hello", "world", "hm"]
    assert session.words[0] == Word("Hello", Segment(100, 500), "A", 0.5)
    assert session.words[2].label is None
    assert session.participants == (Participant("A", "Dana", Role.COACH),)


def test_missing_speech_is_derived_from_words() -> None:
    """Without speech, words of one voice with short gaps make one span; a word without a voice makes none."""
    session = words_json.load(file())
    assert session.speech == Annotation((SpeechSpan(Segment(100, 900), "A"),))
    assert not session.speech_given


def test_given_speech_is_kept() -> None:
    """Speech that is given counts, an empty list too."""
    assert words_json.load(file(speech=[])).speech == Annotation()
    assert words_json.load(file(speech=[])).speech_given


def test_a_voice_that_nobody_listed_is_a_participant() -> None:
    """A label that only words or only speech name becomes a participant without name or role."""
    hums = [{"label": "B", "start_ms": 3000, "end_ms": 3400}]
    assert words_json.load(file(participants=[])).participants == (Participant("A"),)
    assert words_json.load(file(participants=[], speech=hums)).participants == (Participant("A"), Participant("B"))


@pytest.mark.parametrize("sign", ["\0", "\x01", "\x0b", "\x1b", "\ud800", "\ufffe"])
def test_what_no_text_can_hold_is_read_as_the_sign_for_it(sign: str) -> None:
    """A NUL, another control character or half a character could be written into no transcript; people do have names
    with such, and their calls are read all the same."""
    odd, read = f"Dana{sign}", "Dana\ufffd"
    word = {"text": odd, "start_ms": 1, "end_ms": 2, "label": odd}
    found = words_json.load(file(words=[word], participants=[{"label": odd, "name": odd}]))
    assert (found.words[0].text, found.words[0].label) == (read, read)
    assert found.participants == (Participant(read, read),)


def test_signs_of_other_scripts_and_line_ends_are_texts() -> None:
    """Letters beyond the basic plane, accents and a line end stay as they are."""
    assert words_json.load(file(language="\U0001d49c\u00e9\n\t")).language == "\U0001d49c\u00e9\n\t"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"version": 2}, "version"),
        ({"version": "left out"}, "version"),
        ({"language": ""}, "language"),
        ({"duration_ms": -1}, "duration_ms"),
        ({"duration_ms": 1.5}, "duration_ms"),
        ({"duration_ms": True}, "duration_ms"),
        ({"source": "radio"}, "source"),
        ({"words": "left out"}, "words"),
        ({"words": [{"text": CANARY, "start_ms": 2, "end_ms": 1, "label": "A"}]}, "words[0]"),
        ({"words": [{"text": "", "start_ms": 1, "end_ms": 2}]}, "words[0].text"),
        ({"words": [{"text": CANARY, "start_ms": 1, "end_ms": 2, "score": 1.1}]}, "words[0].score"),
        ({"words": [{"text": CANARY, "start_ms": 1, "end_ms": 2, "label": 7}]}, "words[0].label"),
        ({"words": [CANARY]}, "words[0]"),
        ({"participants": [{"label": "A", "role": "boss"}]}, "participants[0].role"),
        ({"participants": [{"label": "A"}, {"label": "A"}]}, "participants[1]"),
        ({"speech": [{"label": "", "start_ms": 1, "end_ms": 2}]}, "speech[0].label"),
        ({"doubt": {"grade": "splendid"}}, "doubt.grade"),
    ],
)
def test_a_fault_names_its_place_and_no_word(changes: dict[str, Any], place: str) -> None:
    """What breaks the contract is refused, the place is named, and nothing that was said is repeated."""
    with pytest.raises(ExchangeFileFault) as fault:
        words_json.load(file(**changes))
    assert place in fault.value.message
    assert CANARY not in fault.value.message


@pytest.mark.parametrize("text", ["", "nothing", "[]", "null", "[" * 100_000, '{"version": NaN}', "\ud800"])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    """Anything that is not a JSON object is refused with the same kind of error."""
    with pytest.raises(ExchangeFileFault):
        words_json.load(text)


TIMES = st.tuples(st.integers(0, 10_000), st.integers(0, 500)).map(lambda t: Segment(t[0], t[0] + t[1]))
LABELS = st.sampled_from(["A", "B"])
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)
WORDS = st.builds(Word, TEXTS.filter(str.strip), TIMES, st.none() | LABELS, st.none() | st.floats(0, 1))


@given(st.lists(WORDS), st.lists(st.builds(SpeechSpan, TIMES, LABELS)), st.booleans())
def test_what_is_dumped_comes_back(words: list[Word], spans: list[SpeechSpan], single: bool) -> None:  # noqa: FBT001 - drawn
    """Loading a dumped session gives the same session."""
    session = Session(
        language="en",
        duration_ms=20_000,
        source=Source.TRACKS,
        participants=(Participant("A", "Dana", Role.COACH), Participant("B")),
        words=tuple(sorted(words, key=lambda w: (w.segment, w.label or ""))),
        speech=Annotation.of(spans),
        single_stream=single,
        doubt=Doubt("fair", 0.25, None, 0.0, ("echo",)),
        gaps=(Segment(5, 9),),
    )
    assert words_json.load(words_json.dump(session)) == session
