"""Moments at which a voice comes in on another, described by what can be seen and heard of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processor.analysis.knowledge import Lexicon
from processor.analysis.thresholds import COME_IN_MS, DUAL_SILENCE_MS, DUAL_START_MS, PUNCTUATED_SHARE
from processor.analysis.utterances import Stretch, could_be_backchannel
from processor.analysis.wording import content_words, ends_sentence, plain, plain_words, says, trails_off

LONGEST_S = 8.0
"""Times further away than this tell nothing more about a moment. Ours: it is twice the longest gap in MRDA's 95 %."""

OPENERS = ("but", "so", "and", "no", "yeah", "i", "you", "what", "that", "it", "oh", "well", "okay", "right", "or")
NAMES = (
    "offset", "overlap", "length", "length_over", "outlast", "said_before", "said_after", "words", "words_over",
    "pause_in_over", "last_word_length", "goes_on_after", "resumes_after_end", "comes_again",
    "ending_over", "ending_before", "ending_own", "cut_word_over", "function_word_over", "filler_over",
    "written_end_over", "written_end_own", "backchannel_words", "no_backchannel_words", "agrees", "echo", "echoed",
    "question_over", "question_own", "announced",
    *(f"opens_{word}" for word in OPENERS),
)
"""The features of a moment, in order. "over" is the utterance that is come in on, "own" the one that comes in."""


@dataclass(frozen=True, slots=True)
class ComingIn:
    """Utterance `own` (an index) coming in on, or right after, utterance `over`; `row` holds NAMES in order.

    `dual` = both started together after a silence. `goes_on_ms` = how long the other talks on from the start
    of `own`.
    """

    own: int
    over: int
    dual: bool
    goes_on_ms: int
    row: tuple[float, ...]


def find_comings_in(
    stretches: Sequence[Stretch], lexicon: Lexicon, ending: Mapping[str, float]
) -> tuple[ComingIn, ...]:
    """Each utterance that starts while another voice speaks, or at most COME_IN_MS after it.

    `ending` = weights of word n-grams for `ending_score`.
    """
    view = _View(stretches, lexicon, ending, punctuated(stretches))
    found = []
    for own in range(len(stretches)):
        over = view.spoken_to(own)
        if over is not None:
            found.append(view.coming_in(own, over))
    return tuple(found)


def punctuated(stretches: Sequence[Stretch]) -> bool:
    """Whether the source writes full stops and question marks at all."""
    longer = [s for s in stretches if len(s.words) > 3]
    return bool(longer) and sum(ends_sentence(s.text) for s in longer) >= PUNCTUATED_SHARE * len(longer)


def ending_score(words: Sequence[str], weights: Mapping[str, float]) -> float:
    """Log-odds that what was said ends here, from the last one, two and three words."""
    grams = (" ".join(words[-n:]) for n in (1, 2, 3) if len(words) >= n)
    return weights.get("", 0.0) + sum(weights.get(gram, 0.0) for gram in grams)


@dataclass(frozen=True, slots=True)
class _View:
    stretches: Sequence[Stretch]
    lexicon: Lexicon
    ending: Mapping[str, float]
    punctuated: bool

    def spoken_to(self, own: int) -> int | None:
        """The utterance of another voice that started before and ends last, if it is not over for long."""
        mine = self.stretches[own]
        best: int | None = None
        for i in range(own - 1, max(-1, own - 12), -1):
            other = self.stretches[i]
            near = other.segment.end_ms >= mine.segment.start_ms - COME_IN_MS
            if other.label != mine.label and near and (best is None or self._end(i) > self._end(best)):
                best = i
        return best

    def _end(self, i: int) -> int:
        return self.stretches[i].segment.end_ms

    def next_of(self, label: str, after: int, from_ms: int) -> Stretch | None:
        """The next utterance of `label` that starts at or after `from_ms`."""
        for stretch in self.stretches[after + 1 : after + 12]:
            if stretch.label == label and stretch.segment.start_ms >= from_ms:
                return stretch
        return None

    def dual(self, own: int, over: int) -> bool:
        """Both started within DUAL_START_MS of each other, after DUAL_SILENCE_MS of silence."""
        start = self.stretches[over].segment.start_ms
        if self.stretches[own].segment.start_ms - start > DUAL_START_MS:
            return False
        before = [s.segment.end_ms for i, s in enumerate(self.stretches[max(0, over - 12) : over])]
        return not before or start - max(before) >= DUAL_SILENCE_MS

    def coming_in(self, own: int, over: int) -> ComingIn:
        times, goes_on = self._times(own, over)
        words = self._words(own, over)
        row = tuple((times | words)[name] for name in NAMES)
        return ComingIn(own, over, self.dual(own, over), goes_on, row)

    def _times(self, own: int, over: int) -> tuple[dict[str, float], int]:
        mine, other = self.stretches[own], self.stretches[over]
        start, end = mine.segment.start_ms, mine.segment.end_ms
        heard = bisect_right([w.segment.start_ms for w in other.words], start)
        later = self.next_of(other.label, own, start)
        again = self.next_of(mine.label, own, end)
        last_before = other.words[heard - 1].segment.end_ms if heard else start
        values = {
            "offset": start - other.segment.end_ms,
            "overlap": mine.segment.overlap_ms(other.segment),
            "length": mine.segment.length_ms,
            "length_over": other.segment.length_ms,
            "outlast": end - other.segment.end_ms,
            "pause_in_over": max(0, start - last_before),
            "last_word_length": other.words[-1].segment.length_ms,
            "goes_on_after": other.segment.end_ms - end,
            "resumes_after_end": later.segment.start_ms - end if later else 1000 * LONGEST_S,
            "comes_again": again.segment.start_ms - end if again else 1000 * LONGEST_S,
        }
        seconds = {name: max(-LONGEST_S, min(LONGEST_S, ms / 1000)) for name, ms in values.items()}
        counts = {
            "said_before": float(min(heard, 30)),
            "said_after": float(min(len(other.words) - heard, 30)),
            "words": float(min(len(mine.words), 30)),
            "words_over": float(min(len(other.words), 30)),
        }
        return seconds | counts, max(0, other.segment.end_ms - start)

    def _words(self, own: int, over: int) -> dict[str, float]:
        mine, other = self.stretches[own], self.stretches[over]
        said, heard = plain_words(mine.words), plain_words(other.words)
        before = plain_words(w for w in other.words if w.segment.start_ms < mine.segment.start_ms)
        lexicon = self.lexicon
        last = heard[-1] if heard else ""
        reply = self.next_of(other.label, own, mine.segment.start_ms)
        backchannel = lexicon.words["backchannel"]
        values: dict[str, float | bool] = {
            "ending_over": ending_score(heard, self.ending),
            "ending_before": ending_score(before, self.ending),
            "ending_own": ending_score(said, self.ending),
            "cut_word_over": other.words[-1].text.endswith("-"),
            "function_word_over": last in lexicon.words["function"],
            "filler_over": last in lexicon.words["filler"],
            "written_end_over": self._written_end(other),
            "written_end_own": self._written_end(mine),
            "backchannel_words": could_be_backchannel(mine.words, lexicon),
            "no_backchannel_words": sum(w not in backchannel for w in said[:6]),
            "agrees": says(lexicon, "agree", plain(mine.text)),
            "echo": self._shared(said[:6], heard[-6:]),
            "echoed": self._shared(said, plain_words(reply.words)[:6]) if reply else 0.0,
            "question_over": other.text.rstrip().endswith("?"),
            "question_own": mine.text.rstrip().endswith("?"),
            "announced": says(lexicon, "announce_stop", plain(mine.text)),
        }
        first = said[0] if said else ""
        opens = {f"opens_{word}": float(first == word) for word in OPENERS}
        return {name: float(value) for name, value in values.items()} | opens

    def _written_end(self, stretch: Stretch) -> float:
        """1 finished, -1 broken or trailing off, 0 not known (the source writes no punctuation)."""
        if not self.punctuated:
            return 0.0
        return -1.0 if trails_off(stretch.text) or not ends_sentence(stretch.text) else 1.0

    def _shared(self, left: Sequence[str], right: Sequence[str]) -> float:
        mine = set(content_words(left, self.lexicon))
        return float(len(mine & set(content_words(right, self.lexicon))))
