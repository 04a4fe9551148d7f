"""The real whisperx: which words were said, when, and how surely."""

from __future__ import annotations

import contextlib
import io
import logging
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import whisperx.asr
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import merge_punctuations
from numpy.typing import NDArray
from whisperx.vads.vad import Vad

from processor.model.speech import Word
from processor.speech.chunks import Chunk

EARLY_MS = 60
"""Whisper's attention puts word starts this much too early (our own measurement on the sample call: 80 ms)."""

LOOPING = 2.4
"""A text that packs better than this says the same over and over. # Source: Whisper's own default."""

NO_SPEECH, UNSURE = 0.6, -1.0
"""A window that is taken for silence and whose words are unlikely holds none. # Source: Whisper's own defaults."""

_Sound = NDArray[np.float32]


class GivenSpeech(Vad):  # type: ignore[misc]  # whisperx ships no types
    """Tells whisperx that speech is looked for elsewhere, so that it loads no voice activity model of its own."""

    def __init__(self) -> None:
        super().__init__(0.5)


class TimedWhisper(whisperx.asr.WhisperModel):  # type: ignore[misc]  # whisperx ships no types
    """whisperx's batched Whisper that also says when each word was said and how likely it is."""

    def timed_batch(
        self, features: NDArray[np.float32], tokenizer: Any, options: Any, beam: int
    ) -> list[list[dict[str, Any]]]:
        """For each row of features its words: word, start and end in seconds, probability."""
        encoded = self.encode(features)
        ids = self._texts(encoded, len(features), tokenizer, options, beam)
        timed: list[list[dict[str, Any]]] = self.find_alignment(tokenizer, ids, encoded, features.shape[-1])
        for words in timed:
            merge_punctuations(words, options.prepend_punctuations, options.append_punctuations)
        return timed

    def _texts(
        self, encoded: Any, rows: int, tokenizer: Any, options: Any, beam: int, *, repeat: int = 0
    ) -> list[list[int]]:
        prompt = self.get_prompt(tokenizer, [], without_timestamps=True)
        found = self.model.generate(
            encoded,
            [prompt] * rows,
            beam_size=beam,
            patience=options.patience,
            length_penalty=options.length_penalty,
            max_length=self.max_length,
            suppress_blank=options.suppress_blank,
            suppress_tokens=options.suppress_tokens,
            no_repeat_ngram_size=repeat,
            return_scores=True,
            return_no_speech_prob=True,
        )
        ids = [[token for token in row.sequences_ids[0] if token < tokenizer.eot] for row in found]
        if not repeat and any(_loops(tokenizer.decode(row)) for row in ids):
            again = self._texts(encoded, rows, tokenizer, options, beam, repeat=5)
            ids = [new if _loops(tokenizer.decode(old)) else old for old, new in zip(ids, again, strict=True)]
        silent = [row.no_speech_prob > NO_SPEECH and row.scores[0] < UNSURE for row in found]
        return [[] if nothing else row for row, nothing in zip(ids, silent, strict=True)]


def _loops(text: str) -> bool:
    raw = text.encode()
    return len(raw) > 40 and len(raw) / len(zlib.compress(raw)) > LOOPING


class WhisperxWords:
    """Hears words with a Whisper model in a local folder. It may be asked from as many threads as `lanes`."""

    def __init__(self, folder: Path, *, device: str, precision: str, lanes: int) -> None:
        logging.getLogger("whisperx").setLevel(logging.ERROR)
        model = TimedWhisper(
            str(folder), device=device, compute_type=precision, cpu_threads=1, num_workers=lanes, local_files_only=True
        )
        with contextlib.redirect_stdout(io.StringIO()):  # load_model prints that it takes our Vad
            self._pipeline = whisperx.asr.load_model(
                str(folder),
                device,
                compute_type=precision,
                model=model,
                vad_model=GivenSpeech(),
            )

    def languages(self) -> frozenset[str]:
        """The codes of all languages that the model knows."""
        return frozenset(self._pipeline.model.supported_languages)

    def language(self, sounds: Sequence[_Sound]) -> tuple[str, float]:
        """The language most of `sounds` (up to 30 s each) are in, as a code, and how sure that is (0 to 1)."""
        total: dict[str, float] = {}
        for sound in sounds:
            _, _, all_probabilities = self._pipeline.model.detect_language(features=self._features([sound])[0])
            for code, probability in all_probabilities:
                total[code] = total.get(code, 0.0) + probability / len(sounds)
        best = max(total, key=lambda code: total[code])
        return best, total[best]

    def words(
        self, chunks: Sequence[Chunk], sounds: Sequence[_Sound], language: str, beam: int
    ) -> list[tuple[Word, ...]]:
        """The words of each chunk, in the recording's time, with the model's probability as score.

        `beam` = how many wordings are kept in view at once.
        """
        model = self._pipeline.model
        tokenizer = Tokenizer(
            model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language or "en"
        )
        timed = model.timed_batch(self._features(sounds), tokenizer, self._pipeline.options, beam)
        return [_words(chunk, found) for chunk, found in zip(chunks, timed, strict=True)]

    def _features(self, sounds: Sequence[_Sound]) -> NDArray[np.float32]:
        torch.set_num_threads(1)  # it counts for the calling thread: a lane is one core
        rows = [self._pipeline.preprocess({"inputs": sound})["inputs"] for sound in sounds]
        features: NDArray[np.float32] = torch.stack(rows).numpy()
        return features


def _words(chunk: Chunk, timed: Sequence[dict[str, Any]]) -> tuple[Word, ...]:
    found: list[Word] = []
    for item in timed:
        text = item["word"].strip()
        if not any(letter.isalnum() for letter in text):
            if found and text:  # a sign such as "%" that the tokenizer took for a word
                found[-1] = replace(found[-1], text=found[-1].text + text)
            continue
        segment = chunk.source(1000 * item["start"] + EARLY_MS, 1000 * item["end"] + EARLY_MS)
        found.append(Word(text, segment, score=round(float(item["probability"]), 3)))
    return tuple(found)
