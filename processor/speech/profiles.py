"""Which models hear: `embedded` from installed packages, `standard` from folders filled from the model hub."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.model.speech import Word
from processor.speech import weights
from processor.speech.chunks import Chunk
from processor.speech.diarise import VoiceModel
from processor.speech.offline import stay_offline
from processor.speech.samples import Samples

SEGMENTATION_STEP = 0.25
"""Segmentation windows start every quarter of their length (2.5 s). pyannote.audio's own default is a tenth, at
2.5 times the cost; on our calls it found nothing more (docs/hearing.md)."""


class WordModel(Protocol):
    """What hears words (whisperx_words has it)."""

    def languages(self) -> frozenset[str]: ...

    def language(self, sounds: Sequence[NDArray[np.float32]]) -> tuple[str, float]: ...

    def words(
        self, chunks: Sequence[Chunk], sounds: Sequence[NDArray[np.float32]], language: str
    ) -> list[tuple[Word, ...]]: ...


class TimeModel(Protocol):
    """What places known words in time (pocketsphinx_times has it)."""

    def place(self, samples: Samples, words: Sequence[Word], speech: Sequence[Segment]) -> tuple[Word, ...]: ...


class Models(Protocol):
    """The models of a profile; each is loaded when it is first asked for, and then stays."""

    @property
    def name(self) -> str:
        """The profile and what it hears with; parts heard by another are not used again."""

    @property
    def batch(self) -> int:
        """How many chunks the word model takes at once."""

    def words(self) -> WordModel: ...

    def voices(self) -> VoiceModel: ...

    def times(self, language: str) -> TimeModel | None:
        """The model that places words in `language`; None = the times of the word model are the best there are."""


@dataclass
class Embedded:
    """Models that installed packages carry: no token, no hub, no graphics card.

    `cache` is where Whisper base is put together once (145 MB). `lanes` is how many threads will ask at once.
    """

    cache: Path
    lanes: int
    name: str = "embedded-1"
    beam: int = 1
    batch: int = 4

    def __post_init__(self) -> None:
        self._loading = threading.Lock()
        self._words: WordModel | None = None
        self._voices: VoiceModel | None = None
        self._times: TimeModel | None = None

    def words(self) -> WordModel:
        with self._loading:
            if self._words is None:
                folder = weights.whisper_base(self.cache)
                stay_offline()
                from processor.speech.whisperx_words import WhisperxWords  # noqa: PLC0415  # 15 s of imports

                self._words = WhisperxWords(folder, device="cpu", precision="int8", lanes=self.lanes, beam=self.beam)
            return self._words

    def voices(self) -> VoiceModel:
        with self._loading:
            if self._voices is None:
                segmentation = weights.packaged(weights.SEGMENTATION, "segmentation model")
                voices = weights.packaged(weights.VOICES, "voice model")
                stay_offline()
                from processor.speech.pyannote_voices import local_pipeline  # noqa: PLC0415  # 15 s of imports

                self._voices = local_pipeline(segmentation, voices, step=SEGMENTATION_STEP)
            return self._voices

    def times(self, language: str) -> TimeModel | None:
        from processor.speech import pocketsphinx_times  # noqa: PLC0415  # beside the others

        if language != pocketsphinx_times.LANGUAGE:
            return None
        with self._loading:
            if self._times is None:
                self._times = pocketsphinx_times.PocketsphinxTimes()
            return self._times


def choose(profile: str, cache: Path, lanes: int, device: str | None) -> Models:
    """The models of a profile, none of them loaded yet. Raises ValueError for a name that is none."""
    if profile == "embedded":
        return Embedded(cache, lanes)
    raise ValueError(f"there is no profile {profile}; choose embedded or standard")
