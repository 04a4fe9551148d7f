"""Which models hear: `embedded` from installed packages, `standard` from folders filled from the model hub."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from processor.errors import ModelMissing
from processor.model.session import Source
from processor.model.speech import Word
from processor.speech import weights
from processor.speech.alignment import TimeModel
from processor.speech.chunks import Chunk
from processor.speech.diarise import VoiceModel
from processor.speech.offline import stay_offline

SEGMENTATION_STEP = 0.25
"""Segmentation windows start every quarter of their length (2.5 s). pyannote.audio's own default is a tenth, at
2.5 times the cost; on our calls it found nothing more (docs/hearing.md)."""

M = TypeVar("M")


class WordModel(Protocol):
    """What hears words (whisperx_words has it)."""

    def languages(self) -> frozenset[str]: ...

    def language(self, sounds: Sequence[NDArray[np.float32]]) -> tuple[str, float]: ...

    def words(
        self, chunks: Sequence[Chunk], sounds: Sequence[NDArray[np.float32]], language: str, beam: int
    ) -> list[tuple[Word, ...]]: ...


class Models(Protocol):
    """The models of a profile; each is loaded when it is first asked for, and then stays."""

    @property
    def name(self) -> str:
        """The profile and what it hears with; parts heard by another are not used again."""

    @property
    def batch(self) -> int:
        """How many chunks the word model takes at once."""

    def beam(self, source: Source) -> int:
        """How many wordings the word model keeps in view at once on such a recording."""

    def words(self) -> WordModel: ...

    def voices(self) -> VoiceModel: ...

    def times(self, language: str) -> TimeModel | None:
        """The model that places words in `language`; None = the times of the word model are the best there are."""


@dataclass
class _Loaded:
    """Models by what they are for, each loaded once although several threads may ask."""

    models: dict[str, object] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def get(self, name: str, load: Callable[[], M]) -> M:
        with self.lock:
            if name not in self.models:
                stay_offline()
                self.models[name] = load()
            return cast("M", self.models[name])


@dataclass(frozen=True)
class Embedded:
    """Models that installed packages carry: no token, no hub, no graphics card.

    `cache` is where Whisper base is put together once (145 MB). `lanes` is how many threads will ask at once.
    """

    cache: Path
    lanes: int
    name: str = "embedded-2"
    batch: int = 4  # two took a third longer to write down; more gain little and share out worse
    _loaded: _Loaded = field(default_factory=_Loaded)

    def beam(self, source: Source) -> int:
        """Five on mixed sound, as whisperx has it; one on tracks, where five were no better (docs/hearing.md)."""
        return 5 if source is Source.MIXED else 1

    def words(self) -> WordModel:
        return self._loaded.get("words", self._words)

    def voices(self) -> VoiceModel:
        return self._loaded.get("voices", self._voices)

    def times(self, language: str) -> TimeModel | None:
        from processor.speech.pocketsphinx_times import LANGUAGE, PocketsphinxTimes  # noqa: PLC0415  # as below

        return self._loaded.get("times", PocketsphinxTimes) if language == LANGUAGE else None

    def _words(self) -> WordModel:
        folder = weights.whisper_base(self.cache)
        from processor.speech.whisperx_words import WhisperxWords  # noqa: PLC0415  # 15 s of imports

        return WhisperxWords(folder, device="cpu", precision="int8", lanes=self.lanes)

    def _voices(self) -> VoiceModel:
        segmentation = weights.packaged(weights.SEGMENTATION, "segmentation model")
        voices = weights.packaged(weights.VOICES, "voice model")
        from processor.speech.pyannote_voices import local_pipeline  # noqa: PLC0415  # 15 s of imports

        return local_pipeline(segmentation, voices, step=SEGMENTATION_STEP)


WHISPER_TURBO = ("whisper-large-v3-turbo", "mobiuslabsgmbh/faster-whisper-large-v3-turbo", "model.bin")
COMMUNITY_1 = (
    "speaker-diarization-community-1", "pyannote/speaker-diarization-community-1", "segmentation/pytorch_model.bin",
)  # fmt: skip
@dataclass(frozen=True)
class Standard:
    """Larger models that were downloaded once into folders of `cache`: Whisper large-v3-turbo, pyannote's
    community-1, and a wav2vec2 model a language. They hear better and cost more; a graphics card pays.

    A model that is not there raises ModelMissing, which says how to get it. A language without a wav2vec2
    folder keeps Whisper's own word times.
    """

    cache: Path
    lanes: int
    device: str | None = None
    name: str = "standard-1"
    batch: int = 8
    _loaded: _Loaded = field(default_factory=_Loaded)

    def beam(self, source: Source) -> int:  # noqa: ARG002 - the same for all
        return 5

    def words(self) -> WordModel:
        return self._loaded.get("words", self._words)

    def voices(self) -> VoiceModel:
        return self._loaded.get("voices", self._voices)

    def times(self, language: str) -> TimeModel | None:
        folder = self.cache / f"wav2vec2-{language}"
        if not folder.is_dir():
            return None
        from processor.speech.wav2vec2_times import Wav2Vec2Times  # noqa: PLC0415  # 15 s of imports

        return self._loaded.get(f"times-{language}", lambda: Wav2Vec2Times(folder, language, self._device()))

    def _words(self) -> WordModel:
        folder = self._folder(*WHISPER_TURBO)
        from ctranslate2 import get_supported_compute_types  # noqa: PLC0415  # a native library

        from processor.speech.whisperx_words import WhisperxWords  # noqa: PLC0415  # 15 s of imports

        device = self._device()
        precision = best_precision(device, get_supported_compute_types(device))
        return WhisperxWords(folder, device=device, precision=precision, lanes=self.lanes)

    def _voices(self) -> VoiceModel:
        folder = self._folder(*COMMUNITY_1)
        from processor.speech.pyannote_voices import hub_pipeline  # noqa: PLC0415  # 15 s of imports

        return hub_pipeline(folder, step=SEGMENTATION_STEP, device=self._device())

    def _folder(self, name: str, repository: str, file: str) -> Path:
        folder = self.cache / name
        if not (folder / file).is_file():
            raise ModelMissing(
                f"the model {name} is missing from the model folder; accept its terms on the hub where it asks for "
                f"that, then run: hf download {repository} --local-dir MODELS/{name}"
            )
        return folder

    def _device(self) -> str:
        return self.device or self._loaded.get("device", _graphics_card)


def _graphics_card() -> str:
    import torch  # noqa: PLC0415  # 3 s of imports, and only the standard profile asks

    return "cuda" if torch.cuda.is_available() else "cpu"


def best_precision(device: str, supported: Collection[str]) -> str:
    """The arithmetic that is fastest at no loss of words: half precision on a card, whole numbers on a processor."""
    wanted = ("float16", "int8_float16", "float32") if device == "cuda" else ("int8", "int8_float32", "float32")
    return next((precision for precision in wanted if precision in supported), "default")


def choose(profile: str, cache: Path, lanes: int, device: str | None) -> Models:
    """The models of a profile, none of them loaded yet. Raises ValueError for a name that is none."""
    if profile == "embedded":
        return Embedded(cache, lanes)
    if profile == "standard":
        return Standard(cache, lanes, device)
    raise ValueError(f"there is no profile {profile}; choose embedded or standard")
