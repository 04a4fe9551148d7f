"""Bounds hold as often as they say: eight times in ten, on calls that nothing was learnt from."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from processor.analysis.measures.meaning import BY_TIMES
from processor.analysis.read import read_session
from processor.formats.words_json import speech_from_words
from processor.knowledge import load
from processor.model.catalogue import MEASURES
from processor.model.findings import Findings
from processor.model.measures import Measure, NotMeasured, Unit
from processor.model.reading import SignalId
from processor.model.segment import Segment
from processor.model.session import Doubt, Session
from processor.model.speech import Word
from training import corpus
from training.sessions import session_of

HOLDS = 0.8
CALLS = 8
TIMED = [spec.id for spec in MEASURES if spec.times_only]
COUNTED = [
    *BY_TIMES, "backchannels_coach", "backchannels_client", "dual_starts", "floor_kept_share_client",
    "advice_with_permission_share_coach", "stacked_question_share_coach", "control_time_share_client",
    "topic_words_share_coach", "echo_turn_share_client", "uptake_coach",
    "choices_offered_coach", "choices_taken_client",
]  # fmt: skip
"""Measures of meaning that count what is heard or not, with no probability of each case."""


@cache
def held_out() -> tuple[corpus.Call, ...]:
    """Whole calls of the corpus that are kept for testing."""
    calls = [c for c in corpus.load() if c.head["split"] == "test" and c.name.startswith("calls/")]
    return tuple(c for c in calls if c.head["coaching"] == "yes")[:CALLS]


@cache
def read(name: str) -> Findings:
    call = next(c for c in held_out() if c.name == name)
    return read_session(session_of(call), load("en"))


def numbers(findings: Findings) -> dict[str, Measure]:
    return {m.id: m for m in findings.measures if isinstance(m, Measure)}


def misheard(session: Session, seed: int) -> Session:
    """`session` as a recogniser might give it: times off by 80 ms, one word in fifty lost."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    words: list[Word] = []
    for word in session.words:
        if chance.random() < 0.02:
            continue
        start = max(0, word.segment.start_ms + round(chance.gauss(0, 80)))
        end = max(start + 20, word.segment.end_ms + round(chance.gauss(0, 80)))
        words.append(replace(word, segment=Segment(start, end)))
    words.sort(key=lambda w: (w.segment, w.label or ""))
    return replace(session, words=tuple(words), speech=speech_from_words(words), speech_given=False)


def trials(names: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """For each of the measures of each misheard call: whether its bounds hold what it is on the call itself."""
    for seed, call in enumerate(held_out()):
        truth = numbers(read(call.name))
        heard = numbers(read_session(misheard(session_of(call), seed), load("en")))
        for name in names:
            if name in truth and name in heard:
                yield name, heard[name].low - 1e-9 <= truth[name].value <= heard[name].high + 1e-9


def test_bounds_of_times_hold_what_was_said() -> None:
    """On misheard calls the bounds of times-only measures hold the true value at least eight times in ten."""
    results = list(trials(TIMED))
    assert len(results) > 100
    assert sum(held for _, held in results) / len(results) >= HOLDS


def test_bounds_of_counts_hold_what_was_said() -> None:
    """So do those of what is counted by words and starts."""
    results = list(trials(COUNTED))
    assert len(results) > 100
    assert sum(held for _, held in results) / len(results) >= HOLDS


def test_nothing_counted_in_shares_is_exact() -> None:
    """A share of what was heard could be another: its bounds stand apart."""
    for measure in numbers(read(held_out()[0].name)).values():
        assert measure.low < measure.high or measure.unit is not Unit.RATIO or not 0 < measure.value < 1, measure.id


def test_bounds_of_signal_counts_hold_what_listeners_counted() -> None:
    """The bounds of a signal's count hold the number of lines that the labels give it at least eight times in ten."""
    held = []
    for call in held_out():
        gold = Counter(s for line in call.lines if not line.backchannel for s in line.signals)
        found = numbers(read(call.name))
        for signal in SignalId:
            measure = found[f"signal_count_{signal}"]
            held.append(measure.low - 0.5 <= gold[signal] <= measure.high + 0.5)
    assert sum(held) / len(held) >= HOLDS


def test_bounds_stand_around_the_value() -> None:
    """Every measure lies within its bounds, shares within 0 and 1."""
    for measure in numbers(read(held_out()[0].name)).values():
        assert measure.low <= measure.value <= measure.high, measure.id


def test_every_measure_is_given_or_has_its_reason() -> None:
    """The measures are those of the catalogue, in its order."""
    assert [m.id for m in read(held_out()[0].name).measures] == [spec.id for spec in MEASURES]


@pytest.mark.parametrize("name", ["talk_share_coach", "silence_share"])
def test_a_poor_recording_is_less_sure(name: str) -> None:
    """What is sure on a good recording is fair on a poor one."""
    session = session_of(held_out()[0])
    poor = read_session(replace(session, doubt=Doubt("poor")), load("en"))
    sure = {m.id: m.sure for m in poor.measures if not isinstance(m, NotMeasured)}
    assert sure[name] == "fair"
    assert numbers(read(held_out()[0].name))[name].sure == "sure"


def test_voices_that_were_confused_widen_the_bounds() -> None:
    """A tenth of the talk given to the wrong voice makes the talk share less certain."""
    session = session_of(held_out()[0])
    sure = numbers(read(held_out()[0].name))["talk_share_coach"]
    confused = read_session(replace(session, doubt=Doubt("fair", confusion_share=0.1)), load("en"))
    unsure = numbers(confused)["talk_share_coach"]
    assert unsure.high - unsure.low > 2 * (sure.high - sure.low)


@pytest.mark.parametrize(("better", "worse"), [("good", "fair"), ("fair", "poor")])
def test_a_recording_that_was_hard_to_hear_widens_the_bounds(better: str, worse: str) -> None:
    """The same words with a lower grade: the share of silence is known less exactly."""
    session = session_of(held_out()[0])
    found = [numbers(read_session(replace(session, doubt=Doubt(grade)), load("en"))) for grade in (better, worse)]
    narrow, wide = (measures["silence_share"] for measures in found)
    assert wide.high - wide.low > narrow.high - narrow.low
