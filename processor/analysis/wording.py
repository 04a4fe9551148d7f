"""Words made comparable: plain text, content words, wordings that the lexicon knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from processor.analysis.knowledge import Lexicon
from processor.analysis.thresholds import CONTENT_LETTERS
from processor.model.speech import Word

_QUOTES = str.maketrans("\u2019\u2018\u02bc\u201c\u201d\u2014\u2013", "'''    ")
_NOT_WORDS = re.compile(r"[^\w' -]+")
_SPACES = re.compile(r"\s+")
_STRAY = re.compile(r"(?<!\w)['-]+|['-]+(?!\w)")
_SENTENCE_END = re.compile(r"[.?!\u2026][\"')\u201d\u2019]*$")
_TRAILING_OFF = re.compile(r"(\.\.\.|\u2026|-|\u2014)[\"')\u201d\u2019]*$")


def plain(text: str) -> str:
    """`text` in lower case with straight apostrophes and without other punctuation."""
    bare = _NOT_WORDS.sub(" ", text.lower().translate(_QUOTES))
    return _SPACES.sub(" ", _STRAY.sub(" ", bare)).strip()


def plain_words(words: Iterable[Word]) -> tuple[str, ...]:
    """The words as `plain` has them; one that is all punctuation vanishes."""
    return tuple(part for word in words for part in plain(word.text).split())


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a finished sentence is written; trailing off ("...") is not."""
    return bool(_SENTENCE_END.search(text)) and not trails_off(text)


def trails_off(text: str) -> bool:
    """Whether `text` is written as breaking or trailing off."""
    return bool(_TRAILING_OFF.search(text))


def content_words(words: Sequence[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The words that carry a topic: no stop words, CONTENT_LETTERS letters or more, simple endings cut off."""
    stop = lexicon.words["stop"]
    return tuple(stem(w) for w in words if w not in stop and len(w) >= CONTENT_LETTERS and not w.isdigit())


def stem(word: str) -> str:
    """`word` without a possessive, plural, -ing or -ed ending: rough, to tell whether two speak of the same."""
    for ending in ("'s", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= CONTENT_LETTERS - 1:
            return word[: -len(ending)]
    return word


def says(lexicon: Lexicon, name: str, text: str) -> bool:
    """Whether plain `text` holds a wording of the pattern `name`."""
    return lexicon.patterns[name].search(text) is not None
