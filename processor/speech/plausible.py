"""Words that the recogniser wrote and nobody said, taken out again; hums written one way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from processor.model.segment import Segment
from processor.model.speech import Word

FAR_MS = 500
"""A word this far from all speech was not said."""

MOST_REPEATS = 3
"""The same up to LONGEST_PHRASE words more often than this in a row …"""
LONGEST_PHRASE = 6
LEAST_WORD_MS = 60
DOUBTFUL = 0.5
"""… with words shorter than anybody speaks, or doubtful ones, are the recogniser going round in circles."""

SIGNS = ".?!…,;:\"'\u201c\u201d\u2018\u2019\u2013\u2014 "
"""What may stand around a word without being part of it; it begins with what ends a sentence."""

_HUM = re.compile(r"(?i)^(h?u?m+|hm+)$")
_AGREE = re.compile(r"(?i)^(m+|uh|h+m*|[aiu][mn])-?(hu?m+|huh)$")  # "Inhum" is Whisper's word for it, and nobody's


def plausible(words: Sequence[Word], speech: Sequence[Segment]) -> tuple[Word, ...]:
    """`words` without those far from `speech` and without endless repetitions, with hums spelt one way."""
    near = [word for word in words if any(_distance(span, word.segment) <= FAR_MS for span in speech)]
    said = _joined_hums(_without_circles(near))
    return tuple(_spelt(word, index, said) for index, word in enumerate(said))


def _distance(span: Segment, word: Segment) -> int:
    return max(word.start_ms - span.end_ms, span.start_ms - word.end_ms, 0)


def _without_circles(words: list[Word]) -> list[Word]:
    kept: list[Word] = []
    at = 0
    while at < len(words):
        length, times = _circle(words, at)
        run = words[at : at + length * times]
        kept.extend(words[at : at + length] if times > MOST_REPEATS and _invented(run) else words[at : at + 1])
        at += length * times if times > MOST_REPEATS and _invented(run) else 1
    return kept


def _circle(words: Sequence[Word], at: int) -> tuple[int, int]:
    """The phrase from `at` that repeats itself most: its length in words, and how many times it stands there."""
    texts = [_bare(word.text) for word in words[at:]]
    best = (1, 1)
    for length in range(1, LONGEST_PHRASE + 1):
        times = 1
        while texts[times * length : (times + 1) * length] == texts[:length]:
            times += 1
        if times * length > best[0] * best[1] and times > 1:
            best = (length, times)
    return best


def _invented(run: Sequence[Word]) -> bool:
    mean = sum(word.score if word.score is not None else 1.0 for word in run) / len(run)
    short = sum(word.segment.length_ms < LEAST_WORD_MS for word in run)
    return mean < DOUBTFUL or short > len(run) / 2


def _joined_hums(words: list[Word]) -> list[Word]:
    """"I'm hummed" is how Whisper writes an "mm-hm" that it takes for a sentence; it becomes one word again."""
    kept: list[Word] = []
    for word in words:
        if kept and _bare(kept[-1].text) in {"i'm", "i\u2019m"} and _bare(word.text) in {"hum", "hummed"}:
            first = kept.pop()
            scores = [part.score for part in (first, word) if part.score is not None]
            segment = Segment(first.segment.start_ms, max(first.segment.end_ms, word.segment.end_ms))
            text = "mhm" + word.text[len(word.text.rstrip(SIGNS)) :]
            kept.append(replace(word, text=text, segment=segment, score=min(scores, default=None)))
        else:
            kept.append(word)
    return kept


def _spelt(word: Word, index: int, words: Sequence[Word]) -> Word:
    """"Hum!", "HM." and "Mhm" are sounds and not words; they are spelt "Mm" and "Mm-hm", with their full stop.

    "hum" inside a sentence is a word and stays.
    """
    bare, end = _bare(word.text), "".join(sign for sign in word.text[-1:] if sign in ".,?")
    alone = (index == 0 or words[index - 1].text[-1:] in ".,?!…-") and word.text[-1:] in ".,?!…-"
    if _AGREE.match(bare):
        return replace(word, text=f"Mm-hm{end}")
    if _HUM.match(bare) and (alone or bare != "hum"):
        return replace(word, text=f"Mm{end or '.'}" if alone else f"Mm{end}")
    return word


def _bare(text: str) -> str:
    return text.strip(SIGNS).lower()
