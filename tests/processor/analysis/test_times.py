"""What must hold of every call's times, whatever was said: on made-up calls of a language that is not read."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from processor.analysis.read import read_session
from processor.formats import findings_json
from processor.knowledge import load
from processor.model.catalogue import MEASURES
from processor.model.findings import Findings
from processor.model.measures import Measure, Unit
from processor.model.people import Participant, Role
from processor.model.segment import Segment
from processor.model.session import Session
from processor.model.speech import Annotation, SpeechSpan, Word
from tests import builders

VOICES = ("SPEAKER_00", "SPEAKER_01")
COUNTS_WORDS = {spec.id for spec in MEASURES if "word" in spec.id} | {"long_turn_share_coach"}
WORD_MS = 300


def session(stretches: list[tuple[int, int, int]]) -> Session:
    """Stretches of speech: silence or overlap before it (ms), how many words, who (0 the coach, 1 the client)."""
    words, spans, at = [], [], 1000
    for before_ms, count, who in stretches:
        at = max(0, at + before_ms)
        for number in range(count):
            start = at + number * WORD_MS
            words.append(Word("Wort", Segment(start, start + WORD_MS), VOICES[who], 0.9))
        spans.append(SpeechSpan(Segment(at, at + count * WORD_MS), VOICES[who]))
        at += count * WORD_MS
    return Session(
        language="de",
        duration_ms=max(span.segment.end_ms for span in spans) + 1000,
        source=builders.Source.GIVEN,
        participants=(Participant(VOICES[0], None, Role.COACH), Participant(VOICES[1], None, Role.CLIENT)),
        words=tuple(sorted(words, key=lambda word: (word.segment, word.label or ""))),
        speech=Annotation.of(spans),
    )


def calls(fewest_words: int) -> st.SearchStrategy[Session]:
    """Up to 40 stretches of at least so many words."""
    stretch = st.tuples(st.integers(-900, 4000), st.integers(fewest_words, 40), st.integers(0, 1))
    return st.lists(stretch, min_size=1, max_size=40).map(session)


CALLS, LONG_STRETCHES = calls(1), calls(8)
MANY = settings(max_examples=30, deadline=None)


def read(call: Session) -> Findings:
    return read_session(call, load("en"))


def values(call: Session) -> dict[str, float]:
    return {m.id: m.value for m in read(call).measures if isinstance(m, Measure)}


@MANY
@given(CALLS)
def test_who_is_the_coach_turns_every_share_around(call: Session) -> None:
    """With coach and client exchanged, the coach's share of talk is what the client's was; the medians change sides."""
    turned = replace(call, participants=tuple(
        replace(p, role=Role.CLIENT if p.role is Role.COACH else Role.COACH) for p in call.participants
    ))  # fmt: skip
    before, after = values(call), values(turned)
    for share in ("talk_share_coach", "talk_share_coach_with_backchannels", "word_share_coach"):
        if share in before and share in after:
            assert math.isclose(before[share] + after[share], 1)
    for name in ("turn_length_median", "turn_length_p90", "turn_words_median"):
        assert before.get(f"{name}_coach") == after.get(f"{name}_client")
    assert before.get("silence_share") == after.get("silence_share")


@MANY
@given(CALLS)
def test_windows_add_up(call: Session) -> None:
    """Windows led by the coach, led by the client and balanced are all the windows there are."""
    found = values(call)
    parts = [found[name] for name in
             ("windows_led_in_talk_by_coach", "windows_led_in_talk_by_client", "windows_balanced_in_talk")
             if name in found]  # fmt: skip
    assert not parts or math.isclose(sum(parts), 1)
    assert len(parts) in (0, 3)


@MANY
@given(CALLS)
def test_every_number_is_a_number(call: Session) -> None:
    """Finite, within its bounds; a ratio within 0 and 1; and a file of findings that strict JSON can hold."""
    found = read(call)
    for measure in found.measures:
        if isinstance(measure, Measure):
            assert all(map(math.isfinite, (measure.low, measure.value, measure.high))), measure.id
            assert measure.low <= measure.value <= measure.high, measure.id
            if measure.unit is Unit.RATIO and measure.id != "reflections_per_question_coach":
                assert 0 <= measure.value <= 1, measure.id
    text = findings_json.dump(found, findings_json.Pipeline("test", "embedded"))
    json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(AssertionError(name)))


@MANY
@given(LONG_STRETCHES, st.integers(2, 4), st.integers(1, WORD_MS - 1))
def test_words_in_two_pieces_change_no_time(call: Session, every: int, cut_ms: int) -> None:
    """A recogniser may write a word as two that touch: whatever counts no words stays as it was. (A stretch of one or
    two words is a sound of listening or a turn by how many they are.)"""
    words: list[Word] = []
    for number, word in enumerate(call.words):
        start, end = word.segment.start_ms, word.segment.end_ms
        cuts = [start, start + cut_ms, end] if number % every == 0 else [start, end]
        words += [replace(word, segment=Segment(a, b)) for a, b in pairwise(cuts)]
    split = replace(call, words=tuple(sorted(words, key=lambda word: (word.segment, word.label or ""))))
    before, after = values(call), values(split)
    assert {n: v for n, v in before.items() if n not in COUNTS_WORDS} == {
        n: v for n, v in after.items() if n not in COUNTS_WORDS
    }


@MANY
@given(CALLS, st.integers(1, 3_600_000))
def test_a_later_start_changes_no_time(call: Session, by_ms: int) -> None:
    """With everything later by the same, talk, overlap and waits stay what they were."""
    spans = [SpeechSpan(moved(span.segment, by_ms), span.label) for span in call.speech.spans]
    later = replace(
        call,
        words=tuple(replace(word, segment=moved(word.segment, by_ms)) for word in call.words),
        speech=Annotation.of(spans),
        duration_ms=call.duration_ms + by_ms,
    )
    before, after = values(call), values(later)
    for name in ("talk_share_coach", "overlap_share", "turn_length_median_coach", "wait_median_coach"):
        assert before.get(name) == after.get(name)


def moved(segment: Segment, by_ms: int) -> Segment:
    return Segment(segment.start_ms + by_ms, segment.end_ms + by_ms)


def test_five_voices() -> None:
    """Coach and client are known among five; the other three are listed as others, and their talk counts for nobody."""
    call = session([(0, 20, 0), (200, 30, 1), (300, 10, 0), (200, 40, 1)])
    end, others = call.duration_ms, ("SPEAKER_02", "SPEAKER_03", "SPEAKER_04")
    said = tuple(
        Word("Wort", moved(Segment(0, WORD_MS), end + number * WORD_MS), label, 0.9)
        for number, label in enumerate(others)
    )
    five = replace(
        call,
        participants=(*call.participants, *map(Participant, others)),
        words=(*call.words, *said),
        speech=Annotation.of([*call.speech.spans, *(SpeechSpan(word.segment, word.label or "") for word in said)]),
        duration_ms=end + 3 * WORD_MS + 1000,
    )
    roles = [person.role for person in read(five).participants]
    assert roles == [Role.COACH, Role.CLIENT, Role.OTHER, Role.OTHER, Role.OTHER]
    assert math.isclose(values(five)["talk_share_coach"], 30 / 100)
