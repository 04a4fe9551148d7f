"""Who spoke when in mixed audio: one look at the activity, then the voices of its stretches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.model.speech import Annotation, SpeechSpan
from processor.speech.frames import FrameActivity, FrameClock, join_windows
from processor.speech.lanes import Piece
from processor.speech.samples import RATE, Samples
from processor.speech.voices import LEAST_SHARE, WINDOW_MS, Voices, VoiceWindow, cut_windows, tell_apart

BLOCK_WINDOWS = 16
"""Segmentation windows in one piece of work: a minute of sound at most in memory at a time."""

BATCH = 16
SHORTEST_MS = 100
"""A stretch with one voice that is shorter than this says nothing about whose it is; it is left to its neighbours."""

MOST_SPEAKERS = 6


class VoiceModel(Protocol):
    """What this module asks of a diarisation pipeline (pyannote_voices has it)."""

    def activity(self, sound: NDArray[np.float32]) -> NDArray[np.int8]: ...

    def embed(self, windows: NDArray[np.float32]) -> NDArray[np.float32]: ...

    @property
    def alike(self) -> float:
        """Two groups of stretches that are this much alike (a cosine) are one person."""

    @property
    def frame_ms(self) -> tuple[float, float]: ...

    @property
    def window_ms(self) -> tuple[int, int]: ...


@dataclass(frozen=True, slots=True)
class WhoSpoke:
    """Who spoke when, how much alike the two nearest voices are (a cosine), and the share of speech whose
    voice was close to a guess."""

    speech: Annotation
    likeness: float
    confusion_share: float


def activity_pieces(model: VoiceModel, samples: Samples) -> list[Piece[NDArray[np.int8]]]:
    """The segmentation of the recording in pieces; `join` puts their results together."""
    window, step = model.window_ms
    windows = max(1, -(-(samples.duration_ms - window) // step) + 1)

    def piece(first: int) -> Piece[NDArray[np.int8]]:
        start = first * step
        end = start + (BLOCK_WINDOWS - 1) * step + window
        return Piece(
            "activity", min(end, samples.duration_ms) - start, lambda: model.activity(samples.between(start, end))
        )

    return [piece(first) for first in range(0, windows, BLOCK_WINDOWS)]


def join(model: VoiceModel, blocks: Sequence[NDArray[np.int8]]) -> FrameActivity:
    """The activity of the whole recording from what the pieces found, in their order."""
    return join_windows(np.concatenate(blocks), FrameClock(*model.frame_ms, model.window_ms[1]))


def voice_pieces(
    model: VoiceModel, samples: Samples, windows: Sequence[VoiceWindow]
) -> list[Piece[NDArray[np.float32]]]:
    """What the voices in `windows` are like, in pieces; each gives one row a window."""

    def piece(batch: Sequence[VoiceWindow]) -> Piece[NDArray[np.float32]]:
        return Piece(
            "voices", len(batch), lambda: model.embed(np.stack([_sound(samples, w.segment) for w in batch]))
        )

    return [piece(windows[at : at + BATCH]) for at in range(0, len(windows), BATCH)]


def _sound(samples: Samples, segment: Segment) -> NDArray[np.float32]:
    """The sound of a window; one that is shorter than the others is repeated until it is as long."""
    length = WINDOW_MS * RATE // 1000
    return np.resize(samples.between(segment.start_ms, segment.end_ms), length)


def solo_windows(activity: FrameActivity) -> tuple[list[Segment], tuple[VoiceWindow, ...]]:
    """The stretches in which one voice sounds, and windows over them."""
    stretches = [activity.segment(run) for run in activity.solo_runs()]
    stretches = [stretch for stretch in stretches if stretch.length_ms >= SHORTEST_MS]
    return stretches, cut_windows(stretches)


def count_voices(windows: Sequence[VoiceWindow], rows: NDArray[np.float32], alike: float) -> int:
    """How many people speak: as many as can be told apart, each with a share of the speech worth the name."""
    lengths = np.array([window.segment.length_ms for window in windows])
    found = 1
    for speakers in range(2, min(MOST_SPEAKERS, len(windows)) + 1):
        voices = tell_apart(windows, rows, speakers, alike)
        shares = np.bincount(voices.label, weights=lengths, minlength=speakers) / lengths.sum()
        if voices.likeness < alike and shares.min() >= LEAST_SHARE:
            found = speakers
    return found


def who_spoke(
    activity: FrameActivity,
    stretches: Sequence[Segment],
    windows: Sequence[VoiceWindow],
    rows: NDArray[np.float32],
    speakers: int,
    *,
    alike: float,
) -> WhoSpoke:
    """Who spoke when, of `speakers` people, labelled SPEAKER_00, … in the order in which they are first heard."""
    voices = tell_apart(windows, rows, speakers, alike)
    spans = _solo_spans(stretches, windows, voices)
    spans += [span for run in activity.overlap_runs() for span in _both(activity.segment(run), spans, speakers)]
    order: list[str] = []
    for span in sorted(spans):
        if span.label not in order:
            order.append(span.label)
    named = {label: f"SPEAKER_{index:02d}" for index, label in enumerate(order)}
    speech = Annotation.of(SpeechSpan(span.segment, named[span.label]) for span in spans)
    return WhoSpoke(speech, voices.likeness, _confusion(windows, voices))


def _solo_spans(
    stretches: Sequence[Segment], windows: Sequence[VoiceWindow], voices: Voices
) -> list[SpeechSpan]:
    """Each stretch given to its voice, cut half-way between two windows of different voices."""
    inside: dict[int, list[int]] = {}
    for index, window in enumerate(windows):
        inside.setdefault(window.stretch, []).append(index)
    spans: list[SpeechSpan] = []
    for number, stretch in enumerate(stretches):
        start, mine = stretch.start_ms, inside[number]
        for before, after in pairwise(mine):
            if voices.label[before] != voices.label[after]:
                cut = (windows[before].segment.middle_ms + windows[after].segment.middle_ms) // 2
                spans.append(SpeechSpan(Segment(start, cut), str(voices.label[before])))
                start = cut
        spans.append(SpeechSpan(Segment(start, stretch.end_ms), str(voices.label[mine[-1]])))
    return spans


def _both(overlap: Segment, spans: Sequence[SpeechSpan], speakers: int) -> list[SpeechSpan]:
    """The two voices of an overlap: with two people both, with more the two that speak next to it."""
    if speakers <= 2:
        return [SpeechSpan(overlap, str(label)) for label in range(speakers)]
    near = sorted(spans, key=lambda s: max(s.segment.start_ms - overlap.end_ms, overlap.start_ms - s.segment.end_ms))
    labels = list(dict.fromkeys(span.label for span in near))[:2]
    return [SpeechSpan(overlap, label) for label in labels]


def _confusion(windows: Sequence[VoiceWindow], voices: Voices) -> float:
    """The share of speech expected on the wrong voice, from how near each window was to the other voice.

    A margin of 0 is a coin's toss; the steepness is set so that a margin of 0.1 is wrong once in fifty.
    """
    lengths = np.array([window.segment.length_ms for window in windows], dtype=np.float64)
    wrong = 1 / (1 + np.exp(np.clip(39 * voices.margin.astype(np.float64), -50, 50)))
    return float((wrong * lengths).sum() / max(lengths.sum(), 1))
