"""When known English words are said, by pocketsphinx (forced alignment with the model that its package carries)."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processor.speech.alignment import Span
from processor.speech.samples import RATE

LANGUAGE = "en"
FRAME_MS = 10
EVERY_OTHER = 2
"""Only every other frame is weighed: a third less work, and word starts were as near (our own measurement)."""

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
    """Times of English words. It may be asked from several threads; each has a decoder of its own."""

    def __init__(self) -> None:
        self._own = threading.local()

    def times(self, sound: NDArray[np.float32], texts: Sequence[str]) -> list[Span] | None:
        spoken = [_spoken(text) for text in texts]
        if not spoken or not all(spoken):
            return None
        found = self._tokens(sound, [token for tokens in spoken for token in tokens])
        if found is None:
            return None
        ends = np.cumsum([len(tokens) for tokens in spoken]).tolist()
        return [(found[end - len(tokens)][0], found[end - 1][1]) for end, tokens in zip(ends, spoken, strict=True)]

    def _tokens(self, sound: NDArray[np.float32], tokens: Sequence[str]) -> list[Span] | None:
        decoder = self._decoder()
        for token in tokens:
            if decoder.lookup_word(token) is None:
                decoder.add_word(token, _pronunciation(token), update=True)
        try:
            decoder.set_align_text(" ".join(tokens))
            decoder.reinit_feat()  # else a stretch begins with what fitted the end of the one before
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

            self._own.decoder = Decoder(
                samprate=float(RATE), bestpath=False, loglevel="FATAL", ds=EVERY_OTHER
            )
        return self._own.decoder


def _spoken(text: str) -> list[str]:
    """The words to look up for what was written: lower case, digits named one by one."""
    plain = text.lower().replace("\u2019", "'")
    named = re.sub(r"\d", lambda digit: f" {_DIGITS[int(digit.group())]} ", plain)
    return [part for part in re.sub(r"[^a-z' ]+", " ", named).split() if part.strip("'")]


def _pronunciation(word: str) -> str:
    sounds, at = [], 0
    while at < len(word):
        pair = word[at : at + 2]
        key = pair if pair in _SOUNDS else word[at]
        sounds.append(_SOUNDS.get(key, ""))
        at += len(key)
    return " ".join(sound for sound in sounds if sound) or "AH"
