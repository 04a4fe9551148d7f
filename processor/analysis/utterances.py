"""Words into utterances: what one voice says in one go."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from processor.analysis.knowledge import Lexicon
from processor.analysis.thresholds import BACKCHANNEL_WORDS, BREAK_MS, PAUSE_MS
from processor.analysis.wording import plain_words
from processor.model.segment import Segment
from processor.model.session import Session
from processor.model.speech import Word


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of one voice without a long pause: an utterance before its kind is known."""

    label: str
    segment: Segment
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def find_stretches(session: Session, lexicon: Lexicon | None) -> tuple[Stretch, ...]:
    """What each voice says in one go, in order of start.

    A voice's words part at a pause of PAUSE_MS, and at one of BREAK_MS in which another voice says something
    that is no backchannel. A word without a label goes to the voice that sounds most while it is said, and is
    left out when none does.
    """
    by_label: dict[str, list[Word]] = {}
    for word in session.words:
        label = word.label or _voice_at(session, word.segment)
        if label is not None:
            by_label.setdefault(label, []).append(word)
    coarse = [s for label, words in by_label.items() for s in _parted(label, words, _by_pause)]
    fine: list[Stretch] = []
    for label in by_label:
        others = sorted(
            s.segment.start_ms for s in coarse if s.label != label and not could_be_backchannel(s.words, lexicon)
        )
        for stretch in (s for s in coarse if s.label == label):
            fine += _parted(label, stretch.words, partial(_taken_between, others))
    return tuple(sorted(fine, key=lambda s: (s.segment, s.label)))


def could_be_backchannel(words: Sequence[Word], lexicon: Lexicon | None) -> bool:
    """Whether these few words could only mean "I am with you"; without a lexicon, whether they are few enough."""
    said = plain_words(words)
    if len(said) > BACKCHANNEL_WORDS:
        return False
    return lexicon is None or all(word in lexicon.words["backchannel"] for word in said)


def _by_pause(before: Word, after: Word) -> bool:
    return after.segment.start_ms - before.segment.end_ms >= PAUSE_MS


def _taken_between(starts: Sequence[int], before: Word, after: Word) -> bool:
    """Whether somebody else starts to talk (at one of `starts`) in the pause between two words."""
    if after.segment.start_ms - before.segment.end_ms < BREAK_MS:
        return False
    first = bisect_left(starts, before.segment.end_ms - BREAK_MS)
    return first < len(starts) and starts[first] < after.segment.start_ms


def _parted(label: str, words: Sequence[Word], parts: Callable[[Word, Word], bool]) -> Iterator[Stretch]:
    run: list[Word] = []
    for word in words:
        if run and parts(run[-1], word):
            yield _stretch(label, run)
            run = []
        run.append(word)
    if run:
        yield _stretch(label, run)


def _stretch(label: str, words: Sequence[Word]) -> Stretch:
    end = max(word.segment.end_ms for word in words)
    return Stretch(label, Segment(words[0].segment.start_ms, end), tuple(words))


def _voice_at(session: Session, segment: Segment) -> str | None:
    """The voice that sounds longest during `segment`; the first by name when two sound as long."""
    sounding: dict[str, int] = {}
    for span in session.speech.spans:
        if span.segment.start_ms >= segment.end_ms:
            break
        sounding[span.label] = sounding.get(span.label, 0) + span.segment.overlap_ms(segment)
    best = max(sorted(sounding), key=lambda label: sounding[label], default=None)
    return best if best is not None and sounding[best] else None
