"""What was hard to hear is said."""

from __future__ import annotations

import numpy as np
import pytest

from processor.model.segment import Segment
from processor.model.speech import Annotation, SpeechSpan, Word
from processor.speech.doubt import HeardSound, doubt, sound_remarks
from processor.speech.samples import RATE, Samples, decode
from tests.sounds import SAMPLE_CALL, Sound, noise, samples_of, tone

START_MS, END_MS = 12_000, 72_000


@pytest.fixture(scope="module")
def voice() -> Sound:
    """A minute of the sample call."""
    return decode(SAMPLE_CALL / "mix.m4a").between(START_MS, END_MS)


@pytest.fixture(scope="module")
def talk() -> Annotation:
    """When somebody speaks in that minute, by the truth."""
    spans = []
    for line in (SAMPLE_CALL / "truth.rttm").read_text().splitlines():
        start, length = (round(1000 * float(part)) for part in line.split()[3:5])
        if start >= START_MS and start + length <= END_MS:
            spans.append(SpeechSpan(Segment(start - START_MS, start - START_MS + length), line.split()[7]))
    return Annotation.of(spans)


def remarks(samples: Samples, talk: Annotation) -> tuple[str, ...]:
    segments = [span.segment for span in talk.spans]
    return sound_remarks(HeardSound(samples, segments, segments))


def test_a_clear_recording_has_no_remark(voice: Sound, talk: Annotation) -> None:
    """The sample call is as clear as it gets."""
    assert remarks(samples_of(voice), talk) == ()


def test_clipping_is_heard(voice: Sound, talk: Annotation) -> None:
    """Forty times too loud: the tops are cut off."""
    assert "clipped" in remarks(samples_of(40 * voice), talk)


def test_a_telephone_line_is_heard(voice: Sound, talk: Annotation) -> None:
    """Nothing above 3.4 kHz is a telephone, and so is a file at 8 kHz."""
    spectrum = np.fft.rfft(voice)
    spectrum[np.fft.rfftfreq(len(voice), 1 / RATE) > 3400] = 0
    narrow = np.fft.irfft(spectrum, len(voice)).astype(np.float32)
    assert remarks(samples_of(narrow), talk) == ("narrow_band",)
    assert remarks(samples_of(voice, source_rate=8000), talk) == ("narrow_band",)


def test_an_echo_is_heard(voice: Sound, talk: Annotation) -> None:
    """The same again a quarter of a second later, half as loud."""
    late = np.concatenate([np.zeros(RATE // 4, dtype=np.float32), voice[: -RATE // 4]])
    assert remarks(samples_of(voice + 0.5 * late), talk) == ("echo",)


@pytest.mark.filterwarnings("error")
def test_an_echo_is_heard_after_a_silent_beginning(voice: Sound, talk: Annotation) -> None:
    """Nobody was there for a minute, and until then the file holds nothing but zeros; so do two of six excerpts."""
    sound = np.concatenate([np.zeros(60 * RATE, dtype=np.float32), voice])
    sound[RATE // 4 :] += 0.5 * sound[: -RATE // 4].copy()
    later = Annotation.of(
        SpeechSpan(Segment(s.segment.start_ms + 60_000, s.segment.end_ms + 60_000), s.label) for s in talk.spans
    )
    assert remarks(samples_of(sound), later) == ("echo",)


@pytest.mark.parametrize(
    ("before", "remark"),
    [(sum(tone(30, hertz, 0.03) for hertz in (262, 330, 392)), "music"), (noise(30, 0.03), "noise")],
    ids=["a chord", "a fan"],
)
def test_what_sounds_between_the_words_is_heard(voice: Sound, talk: Annotation, before: Sound, remark: str) -> None:
    """Half a minute of it, as loud as the speech, before anybody speaks."""
    later = Annotation.of(
        SpeechSpan(Segment(s.segment.start_ms + 30_000, s.segment.end_ms + 30_000), s.label) for s in talk.spans
    )
    assert remarks(samples_of(np.concatenate([before, voice])), later) == (remark,)


def words(low: int, of: int) -> tuple[Word, ...]:
    return tuple(Word("word", Segment(n, n + 1), "A", 0.2 if n < low else 0.9) for n in range(of))


NOBODY = Annotation()


@pytest.mark.parametrize(
    ("low", "confusion", "grade"),
    [(0, 0.0, "good"), (15, 0.02, "good"), (16, 0.0, "fair"), (0, 0.03, "fair"), (31, 0.0, "poor"), (0, 0.09, "poor")],
)
def test_the_grade_is_that_of_the_worst_figure(low: int, confusion: float, grade: str) -> None:
    """Of a hundred words, 15 doubtful ones are still good and 31 poor; 2 % on the wrong voice good, 9 % poor."""
    assert doubt(words(low, 100), NOBODY, [], confusion_share=confusion).grade == grade


def test_a_remark_lowers_good_to_fair() -> None:
    """A track that is missing makes no call poor, but none with one is good."""
    assert doubt(words(0, 10), NOBODY, [], confusion_share=0.0, remarks=["track_missing"]).grade == "fair"


def test_voices_that_are_alike_are_said() -> None:
    """A cosine of 0.8 between two voices is close to where they are one."""
    assert doubt(words(0, 10), NOBODY, [], confusion_share=0.0, likeness=0.8).remarks == ("voices_alike",)


def test_shares_are_of_what_there_is() -> None:
    """One second in which both speak, of ten in which anybody does; no words, no share of words."""
    speech = Annotation.of([SpeechSpan(Segment(0, 6_000), "A"), SpeechSpan(Segment(5_000, 10_000), "B")])
    found = doubt((), speech, [], confusion_share=None)
    assert found.overlap_share == 0.1
    assert found.low_score_word_share is None
    assert found.confusion_share is None
