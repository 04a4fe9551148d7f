"""Word times from sound and known words (forced alignment), for English, with pocketsphinx."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.model.speech import Word
from processor.speech.samples import RATE, Samples

LANGUAGE = "en"

FRAME_MS = 10

FARTHEST_MS = 1200
"""A word that moves farther than this from where the recogniser heard it was misplaced; it stays."""

LONGEST_MS = 15_000
"""Stretches are aligned in parts of at most this length: one wrong word then spoils little."""

LEAD_MS = 60
"""The aligner gives the silence before the first word to that word; stretches start this much before the speech."""

# One rough sound a letter or pair of letters, for words that the dictionary does not have. The aligner only
# has to find where such a word lies, so a rough pronunciation is enough.
_SOUNDS = {
    "ch": "CH", "sh": "SH", "th": "TH", "ph": "F", "ng": "NG", "oo": "UW", "ee": "IY", "ou": "AW", "ck": "K",
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH",
    "k": "K", "l": "L", "m": "M", "n": "N", "o": "OW", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T",
    "u": "AH", "v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z",
}  # fmt: skip
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class PocketsphinxTimes:
    """Moves words to where they were said. May be asked from several threads; each has a decoder of its own."""

    def __init__(self) -> None:
        self._own = threading.local()

    def place(self, samples: Samples, words: Sequence[Word], speech: Sequence[Segment]) -> tuple[Word, ...]:
        """`words` at their times, the same words in the same order.

        `speech` says when there is speech; each stretch is aligned with the words that lie in it. A stretch
        that cannot be aligned keeps the times that the words came with.
        """
        placed: list[Word] = []
        for stretch, inside in _by_stretch(words, speech):
            placed.extend(self._align(samples, inside, stretch) if stretch else inside)
        return tuple(placed)

    def _align(self, samples: Samples, words: Sequence[Word], stretch: Segment) -> Sequence[Word]:
        spoken = [_spoken(word.text) for word in words]
        if not all(spoken):
            return words
        start_ms = max(0, stretch.start_ms - LEAD_MS)
        times = self._times(samples.between(start_ms, stretch.end_ms + LEAD_MS), [t for s in spoken for t in s])
        if times is None:
            return words
        moved: list[Word] = []
        at = 0
        for word, tokens in zip(words, spoken, strict=True):
            start, end = times[at][0] + start_ms, times[at + len(tokens) - 1][1] + start_ms
            at += len(tokens)
            near = abs(start - word.segment.start_ms) <= FARTHEST_MS
            moved.append(replace(word, segment=Segment(start, end)) if near else word)
        return moved

    def _times(self, sound: NDArray[np.float32], tokens: list[str]) -> list[tuple[int, int]] | None:
        """Start and end of each token in milliseconds of `sound`; None when they cannot be laid onto it."""
        decoder = self._decoder()
        for token in tokens:
            if decoder.lookup_word(token) is None:
                decoder.add_word(token, _pronunciation(token), update=True)
        try:
            decoder.set_align_text(" ".join(tokens))
            decoder.start_utt()
            decoder.process_raw((sound * 32767).astype(np.int16).tobytes(), full_utt=True)
            decoder.end_utt()
            found = [
                (segment.start_frame * FRAME_MS, (segment.end_frame + 1) * FRAME_MS)
                for segment in decoder.seg() or ()
                if not segment.word.startswith(("<", "["))
            ]
        except RuntimeError:  # how pocketsphinx says that words and sound do not go together
            return None
        return found if len(found) == len(tokens) else None

    def _decoder(self) -> Any:  # pocketsphinx ships no types
        if not hasattr(self._own, "decoder"):
            from pocketsphinx import Decoder  # noqa: PLC0415  # loads its acoustic model; only where English is heard

            self._own.decoder = Decoder(samprate=float(RATE), bestpath=False, loglevel="FATAL")
        return self._own.decoder


def _by_stretch(words: Sequence[Word], speech: Sequence[Segment]) -> list[tuple[Segment | None, list[Word]]]:
    """Consecutive words that lie in the same stretch of speech; None where they lie in none."""
    groups: list[tuple[Segment | None, list[Word]]] = []
    stretches = [part for stretch in speech for part in _parts(stretch, words)]
    for word in words:
        home = next((s for s in stretches if s.holds(word.segment.middle_ms)), None)
        if groups and groups[-1][0] == home:
            groups[-1][1].append(word)
        else:
            groups.append((home, [word]))
    return groups


def _parts(stretch: Segment, words: Sequence[Word]) -> list[Segment]:
    """`stretch` cut between words so that no part is much longer than LONGEST_MS."""
    parts: list[Segment] = []
    start = stretch.start_ms
    for before, after in pairwise(words):
        between = (before.segment.end_ms + after.segment.start_ms) // 2
        if stretch.holds(between) and between - start >= LONGEST_MS:
            parts.append(Segment(start, between))
            start = between
    return [*parts, Segment(start, stretch.end_ms)]


def _spoken(text: str) -> list[str]:
    """The words to look up for what was written: lower case, digits named one by one."""
    named = re.sub(r"\d", lambda digit: f" {_DIGITS[int(digit.group())]} ", text.lower().replace("\u2019", "'"))
    return [part for part in re.sub(r"[^a-z' ]+", " ", named).split() if part.strip("'")]


def _pronunciation(word: str) -> str:
    sounds, at = [], 0
    while at < len(word):
        pair = word[at : at + 2]
        key = pair if pair in _SOUNDS else word[at]
        sounds.append(_SOUNDS.get(key, ""))
        at += len(key)
    return " ".join(sound for sound in sounds if sound) or "AH"
