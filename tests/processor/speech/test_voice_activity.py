"""Speech on a track is found where it is (Silero's model, 2 MB)."""

from __future__ import annotations

import numpy as np

from processor.model.segment import Segment, covered_ms, shared
from processor.speech.samples import Samples, decode
from processor.speech.voice_activity import BLOCK_MS, FRAME_MS, activity_pieces, stretches
from tests.sounds import SAMPLE_CALL, noise, samples_of


def probability(text: str) -> list[np.ndarray]:
    """One block, one sign a frame: "." nobody, "x" surely somebody, "?" between beginning and ending."""
    return [np.array([{".": 0.05, "x": 0.9, "?": 0.25}[sign] for sign in text], dtype=np.float32)]


def speech_in(sound: Samples) -> tuple[Segment, ...]:
    """When there is speech in `sound`, block by block."""
    return stretches([piece.do() for piece in activity_pieces(sound)], sound.duration_ms)


def test_speech_goes_on_while_there_is_some_doubt() -> None:
    """A probability of 0.25 neither begins speech nor ends it."""
    assert stretches(probability("..??xx??...."), 10_000) == (Segment(4 * FRAME_MS, 8 * FRAME_MS),)


def test_speech_goes_on_from_one_block_to_the_next() -> None:
    """Three frames at the end of one block and two at the start of the next are one stretch of five."""
    assert stretches(probability("...xxx") + probability("xx...."), 10_000) == (Segment(3 * FRAME_MS, 8 * FRAME_MS),)


def test_a_short_pause_is_part_of_the_speech() -> None:
    """Nine frames (288 ms) are bridged, ten (320 ms) are a pause."""
    assert len(stretches(probability("xxx" + 9 * "." + "xxx"), 10_000)) == 1
    assert len(stretches(probability("xxx" + 10 * "." + "xxx"), 10_000)) == 2


def test_a_click_is_no_speech() -> None:
    """One frame of 32 ms is too short to be a voice."""
    assert stretches(probability("....x...."), 10_000) == ()


def test_the_coachs_track_holds_the_coachs_speech() -> None:
    """Of the first minute at most a twentieth is missed and at most a twentieth of the rest is added."""
    minute = Segment(0, 60_000)
    lines = [line.split() for line in (SAMPLE_CALL / "truth.rttm").read_text().splitlines()]
    real = [
        Segment(round(1000 * float(start)), round(1000 * (float(start) + float(length))))
        for _, _, _, start, length, _, _, name, *_ in lines
        if name == "coach"
    ]
    samples = decode(SAMPLE_CALL / "track_coach.m4a")
    sound = samples_of(samples.between(0, 60_000))
    found = speech_in(sound)
    true_ms = covered_ms(shared(real, [minute]))
    hit_ms = covered_ms(shared(found, real))
    assert hit_ms > 0.95 * true_ms
    assert covered_ms(found) - hit_ms < 0.05 * (60_000 - true_ms)


def test_a_sentence_where_two_blocks_meet_stays_whole() -> None:
    """The coach speaks from 117.275 to 120.610 s and the first block ends at 119.968: one stretch, to 150 ms."""
    sound = samples_of(decode(SAMPLE_CALL / "track_coach.m4a").between(0, 130_000))
    (found,) = [span for span in speech_in(sound) if span.start_ms < BLOCK_MS < span.end_ms]
    assert abs(found.start_ms - 117_275) <= 150
    assert abs(found.end_ms - 120_610) <= 150


def test_noise_is_no_speech() -> None:
    """Ten seconds of hiss hold nobody."""
    sound = samples_of(noise(10, loud=0.01))
    assert speech_in(sound) == ()
