"""When known words are said, by a wav2vec2 model of their language (forced alignment with whisperx).

whisperx.align itself splits the text into sentences first, for which NLTK fetches a model while it runs; here
its parts are used on stretches that need no splitting.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from whisperx.alignment import backtrack, get_trellis, load_align_model, merge_repeats

from processor.speech.alignment import Span
from processor.speech.samples import RATE

SHORTEST = 400
"""The least samples that wav2vec2's first layers accept."""


class Wav2Vec2Times:
    """Times of words in `language`, from a model folder as the hub has it (config, weights, vocabulary)."""

    def __init__(self, folder: Path, language: str, device: str) -> None:
        self._device = device
        model, described = load_align_model(language, device, model_name=str(folder), model_cache_only=True)
        self._model = model.eval()
        self._letters: dict[str, int] = described["dictionary"]
        self._blank = next((code for sign, code in self._letters.items() if sign in {"[pad]", "<pad>"}), 0)

    def times(self, sound: NDArray[np.float32], texts: Sequence[str]) -> list[Span] | None:
        spelt = [[letter for letter in text.lower() if letter in self._letters and letter != "|"] for text in texts]
        if len(sound) < SHORTEST or not spelt or not all(spelt):
            return None
        signs = [sign for index, letters in enumerate(spelt) for sign in (["|"] if index else []) + letters]
        emission = self._emission(sound)
        tokens = [self._letters.get(sign, self._blank) for sign in signs]
        path = backtrack(get_trellis(emission, tokens, self._blank), emission, tokens, self._blank)
        if path is None:
            return None
        places = merge_repeats(path, "".join(signs))
        if len(places) != len(signs):
            return None
        frame_ms = 1000 * len(sound) / RATE / len(emission)
        firsts = np.cumsum([0, *(len(letters) + 1 for letters in spelt[:-1])]).tolist()
        return [
            (round(places[first].start * frame_ms), round(places[first + len(letters) - 1].end * frame_ms))
            for first, letters in zip(firsts, spelt, strict=True)
        ]

    def _emission(self, sound: NDArray[np.float32]) -> torch.Tensor:
        """How likely each letter is in each frame (logarithms)."""
        torch.set_num_threads(1)  # it counts for the calling thread: a lane is one core
        with torch.inference_mode():
            logits = self._model(torch.from_numpy(sound)[None].to(self._device)).logits
        emission: torch.Tensor = torch.log_softmax(logits[0].float().cpu(), dim=-1)
        return emission
