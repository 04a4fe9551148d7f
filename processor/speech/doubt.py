"""What was hard to hear, and how far the rest may be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment, covered_ms, shared
from processor.model.session import Doubt
from processor.model.speech import Annotation, Word
from processor.speech.samples import RATE, Samples

LOW_SCORE = 0.5

GRADES = (("good", 0.15, 0.02, 0.10), ("fair", 0.30, 0.08, 0.20))
"""The most that a grade allows: share of words below LOW_SCORE, of speech on the wrong voice, of overlap."""

VOICES_ALIKE = 0.75
"""Two voices with a cosine above this are easily confused (our own measurements, docs/hearing.md)."""

LOOK_MS, LOOKS = 20_000, 6
"""The sound itself is judged by this many excerpts of this length, spread over the call."""

CLIPPED_SHARE = 0.001
NARROW_DB = -45.0
"""Power above 4 kHz against that of the voice band below which the call came over a telephone."""
ECHO = 0.12
ECHO_LAGS = (RATE * 80 // 1000, RATE * 500 // 1000)
"""A copy of the sound, later by as much as lines make it: a correlation above ECHO is heard as echo. A copy at
-10 dB comes to 0.14, our calls without one to 0.02."""
LOUD_PAUSE_DB = 20.0
LEAST_LOUD_MS = 10_000
TONAL = 0.1
"""Sound without speech that is at most LOUD_PAUSE_DB below the speech for LEAST_LOUD_MS is music when it is more
tonal (spectral flatness) than TONAL, and noise otherwise."""

HARDER = frozenset(
    ("echo", "noise", "music", "narrow_band", "clipped", "voices_alike", "track_missing", "crosstalk")
)
"""Remarks that make a call harder to hear than its figures alone say."""

_Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class HeardSound:
    """A file that was heard: when its own voices speak, and when anybody on the call does, in the file's time."""

    samples: Samples
    own: Sequence[Segment]
    anybody: Sequence[Segment]


def doubt(
    words: Sequence[Word],
    speech: Annotation,
    sounds: Sequence[HeardSound],
    *,
    confusion_share: float | None,
    likeness: float | None = None,
    remarks: Sequence[str] = (),
) -> Doubt:
    """What was hard to hear in a call.

    `confusion_share` is the share of speech expected on the wrong voice (0 on tracks), `likeness` how much
    alike the voices are (None on tracks), `remarks` what was noticed on the way. A remark lowers "good" to "fair".
    """
    scored = [word.score for word in words if word.score is not None]
    low = sum(score < LOW_SCORE for score in scored) / len(scored) if scored else None
    everyone = covered_ms(span.segment for span in speech.spans)
    overlap = _overlap_ms(speech) / everyone if everyone else None
    noticed = [*remarks, *(["voices_alike"] if likeness is not None and likeness > VOICES_ALIKE else [])]
    for sound in sounds:
        noticed.extend(sound_remarks(sound))
    found = tuple(dict.fromkeys(noticed))
    grade = _grade(low, confusion_share, overlap, found)
    return Doubt(grade, _round(low), _round(overlap), _round(confusion_share), found)


def _round(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _grade(low: float | None, confusion: float | None, overlap: float | None, remarks: Sequence[str]) -> str:
    for name, *limits in GRADES:
        within = all((share or 0.0) <= limit for share, limit in zip((low, confusion, overlap), limits, strict=True))
        if within:
            return "fair" if name == "good" and HARDER & set(remarks) else name
    return "poor"


def _overlap_ms(speech: Annotation) -> int:
    sides = [speech.of_label(label) for label in speech.labels]
    both = [part for index, side in enumerate(sides) for other in sides[index + 1 :] for part in shared(side, other)]
    return covered_ms(both)


def sound_remarks(heard: HeardSound) -> tuple[str, ...]:
    """What is wrong with the sound: "clipped", "narrow_band", "echo", "music", "noise"."""
    samples = heard.samples
    excerpts = [_during(samples, look, heard.own) for look in _looks(samples.duration_ms)]
    spoken = [sound for sound in excerpts if len(sound) >= RATE]
    if not spoken:
        return ()
    found = []
    if np.mean([float((np.abs(sound) >= 0.999).mean()) for sound in spoken]) > CLIPPED_SHARE:
        found.append("clipped")
    if samples.source_rate <= 8000 or np.median([_high_band_db(sound) for sound in spoken]) < NARROW_DB:
        found.append("narrow_band")
    whole = [samples.between(look.start_ms, look.end_ms) for look in _looks(samples.duration_ms)]
    echoes = [_echo(sound) for sound in whole if sound.any()]  # of digital silence there is no share
    if np.median(echoes or [0.0]) > ECHO:
        found.append("echo")
    return (*found, *_between_speech(samples, heard.anybody, float(np.median([_power_db(sound) for sound in spoken]))))


def _looks(duration_ms: int) -> list[Segment]:
    starts = np.linspace(0, max(0, duration_ms - LOOK_MS), LOOKS).astype(int).tolist()
    return [Segment(start, start + LOOK_MS) for start in starts]


def _during(samples: Samples, look: Segment, talk: Sequence[Segment]) -> _Sound:
    parts = [samples.between(part.start_ms, part.end_ms) for part in shared([look], talk)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def _spectrum(sound: _Sound) -> NDArray[np.float64]:
    frames = sound[: len(sound) // 512 * 512].reshape(-1, 512) * np.hanning(512)
    mean: NDArray[np.float64] = np.square(np.abs(np.fft.rfft(frames, axis=1))).mean(axis=0) + 1e-12
    return mean


def _high_band_db(sound: _Sound) -> float:
    power = _spectrum(sound)
    hertz = np.arange(len(power)) * RATE / 512
    high, voice = power[(hertz > 4000) & (hertz < 7000)].sum(), power[(hertz > 300) & (hertz < 3400)].sum()
    return float(10 * np.log10(high / voice))


def _power_db(sound: _Sound) -> float:
    return float(10 * np.log10(np.square(sound, dtype=np.float64).mean() + 1e-12))


def _echo(sound: _Sound) -> float:
    """The greatest correlation of the sound with itself a little later."""
    size = 1 << (2 * len(sound) - 1).bit_length()
    power = np.square(np.abs(np.fft.rfft(sound, size)))
    correlation = np.fft.irfft(power / np.sqrt(power + power.mean() * 1e-3), size)
    return float(correlation[ECHO_LAGS[0] : ECHO_LAGS[1]].max() / max(correlation[0], 1e-12))


def _between_speech(samples: Samples, talk: Sequence[Segment], speech_db: float) -> tuple[str, ...]:
    """Whether something loud sounds for long where nobody speaks."""
    loud_ms, flatness = 0, []
    for gap in _gaps(samples.duration_ms, talk):
        for start in range(gap.start_ms, gap.end_ms - 999, 1000):
            second = samples.between(start, start + 1000)
            if len(second) < RATE // 2 or _power_db(second) < speech_db - LOUD_PAUSE_DB:
                continue
            power = _spectrum(second)
            loud_ms += 1000
            flatness.append(float(np.exp(np.log(power).mean()) / power.mean()))
    if loud_ms < LEAST_LOUD_MS:
        return ()
    return ("music",) if np.median(flatness) < TONAL else ("noise",)


def _gaps(duration_ms: int, talk: Sequence[Segment]) -> list[Segment]:
    found, before = [], 0
    for segment in sorted(talk):
        if segment.start_ms - before >= 1000:
            found.append(Segment(before + 200, segment.start_ms - 200))
        before = max(before, segment.end_ms)
    if duration_ms - before >= 1000:
        found.append(Segment(before + 200, duration_ms))
    return found
