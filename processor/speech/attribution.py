"""Whose words they are: each word goes to a voice by time, with overlap considered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from processor.model.segment import Segment
from processor.model.speech import Annotation, SpeechSpan, Word
from processor.speech.plausible import SIGNS

NEAR_MS = 500
"""A word farther than this from all speech belongs to nobody."""

SHORT_MS = 1200
"""A voice that sounds no longer than this inside another's talk is most likely only saying "I am with you"."""

_TOKENS = """
    mm mhm mm-hm mm-hmm hm hmm uh-huh yeah yes yep yup right okay ok sure wow oh ah great good
    ja genau stimmt gut klar oui sí claro vale sì certo
"""
TOKENS = frozenset(_TOKENS.split())
"""Words that somebody who listens says; inside an overlap they go to the voice that sounds shortly."""


def give_words(words: Sequence[Word], speech: Annotation) -> tuple[Word, ...]:
    """`words` with the label of the voice that said them; a word with no voice near it keeps None.

    A word goes to the voice that sounds during most of it. Where two voices do, a listener's token goes to
    the one that sounds only shortly; any other word goes with its neighbours in the same sentence.

        A  |-- so what I would want is to --------|
        B                |mm-hm|
    """
    by_time = sorted(words, key=lambda word: word.segment)
    candidates = [_candidates(word, spans) for word, spans in zip(by_time, _near(by_time, speech), strict=True)]
    labels: list[str | None] = [found[0].label if len(found) == 1 else None for found in candidates]
    for index, found in enumerate(candidates):
        if len(found) > 1:
            labels[index] = _decide(index, by_time, found, labels)
    return tuple(replace(word, label=label) for word, label in zip(by_time, labels, strict=True))


def _near(words: Sequence[Word], speech: Annotation) -> list[list[SpeechSpan]]:
    """The spans around each word, found in one walk through both."""
    found: list[list[SpeechSpan]] = []
    spans, first = speech.spans, 0
    longest = max((span.segment.length_ms for span in spans), default=0)
    for word in words:
        while first < len(spans) and spans[first].segment.start_ms + longest < word.segment.start_ms - NEAR_MS:
            first += 1
        last = first
        while last < len(spans) and spans[last].segment.start_ms <= word.segment.end_ms + NEAR_MS:
            last += 1
        found.append([s for s in spans[first:last] if s.segment.end_ms >= word.segment.start_ms - NEAR_MS])
    return found


def _candidates(word: Word, spans: Sequence[SpeechSpan]) -> list[SpeechSpan]:
    """The spans that may have said the word: those that cover about as much of it as the one that covers most."""
    if not spans:
        return []
    covered = [(span.segment.overlap_ms(word.segment), span) for span in spans]
    most = max(overlap for overlap, _ in covered)
    if most == 0:
        return [min(spans, key=lambda span: _distance(span.segment, word.segment))]
    best: dict[str, tuple[int, SpeechSpan]] = {}
    for overlap, span in covered:
        if overlap >= 0.8 * most and overlap > best.get(span.label, (0, span))[0]:
            best[span.label] = (overlap, span)
    return [span for _, span in best.values()]


def _distance(span: Segment, word: Segment) -> int:
    return max(word.start_ms - span.end_ms, span.start_ms - word.end_ms, 0)


def _decide(
    index: int, words: Sequence[Word], found: Sequence[SpeechSpan], labels: Sequence[str | None]
) -> str:
    """The voice of a word that several may have said."""
    possible = {span.label for span in found}
    shortest = min(found, key=lambda span: span.segment.length_ms)
    if _bare(words[index].text) in TOKENS and shortest.segment.length_ms <= SHORT_MS:
        return shortest.label
    before = labels[index - 1] if index and not _ends_sentence(words[index - 1].text) else None
    if before in possible:
        return str(before)
    for ahead in range(index, len(words)):
        if labels[ahead] in possible:
            return str(labels[ahead])
        if _ends_sentence(words[ahead].text):
            break
    return max(found, key=lambda span: span.segment.length_ms).label


def _bare(text: str) -> str:
    return text.strip(SIGNS + "-").lower()


def _ends_sentence(text: str) -> bool:
    return text.rstrip(SIGNS.strip(".?!…")).endswith((".", "?", "!", "…"))
