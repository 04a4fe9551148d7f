"""How near a heard session is to the truth of a call: the figures of bench/hearing.py."""

from __future__ import annotations

import difflib
import json
import statistics
import warnings
from dataclasses import dataclass
from pathlib import Path

import jiwer
from pyannote.core import Annotation
from pyannote.core import Segment as Seconds
from pyannote.metrics.diarization import DiarizationErrorRate
from whisper_normalizer.english import EnglishTextNormalizer

from processor.model.segment import Segment, shared
from processor.model.session import Session
from processor.model.speech import Word

OVERLAP_TOLERANCE_MS = 300


@dataclass(frozen=True)
class Truth:
    """What was really said: (speaker, segment) of speech, words with speakers, where two voices sound."""

    speech: tuple[tuple[str, Segment], ...]
    words: tuple[Word, ...]

    def overlaps(self) -> tuple[Segment, ...]:
        """When two people really spoke at once."""
        return overlaps_of(self.speech)


def read_truth(folder: Path) -> Truth:
    """The truth of a call from its truth.rttm and, when there, truth.json."""
    speech = []
    for line in (folder / "truth.rttm").read_text().splitlines():
        parts = line.split()
        start, length = float(parts[3]), float(parts[4])
        speech.append((parts[7], Segment(round(1000 * start), round(1000 * (start + length)))))
    words: tuple[Word, ...] = ()
    if (folder / "truth.json").is_file():
        items = json.loads((folder / "truth.json").read_text())["words"]
        words = tuple(
            Word(w["word"], Segment(round(1000 * w["start"]), round(1000 * w["end"])), w["speaker"])
            for w in sorted(items, key=lambda w: w["start"])
        )
    return Truth(tuple(speech), words)


def overlaps_of(speech: tuple[tuple[str, Segment], ...]) -> tuple[Segment, ...]:
    """When two of the voices sound at once."""
    labels = sorted({label for label, _ in speech})
    sides = [[segment for label, segment in speech if label == name] for name in labels]
    found: list[Segment] = []
    for index, side in enumerate(sides):
        for other in sides[index + 1 :]:
            found.extend(shared(side, other))
    return tuple(sorted(found))


def diarisation(truth: Truth, session: Session, collar: float = 0.5) -> dict[str, float]:
    """DER and its parts in percent, overlap counted; `collar` is pyannote.metrics' total width in seconds."""
    reference = _annotation(list(truth.speech))
    heard = _annotation([(span.label, span.segment) for span in session.speech.spans])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyannote.metrics guesses the evaluated extent and says so
        parts = DiarizationErrorRate(collar=collar)(reference, heard, detailed=True)
    total = parts["total"] / 100
    return {
        "der": parts["diarization error rate"] * 100,
        "confusion": parts["confusion"] / total,
        "miss": parts["missed detection"] / total,
        "false_alarm": parts["false alarm"] / total,
    }


def _annotation(spans: list[tuple[str, Segment]]) -> Annotation:
    made = Annotation()
    for index, (label, segment) in enumerate(spans):
        made[Seconds(segment.start_ms / 1000, segment.end_ms / 1000), index] = label
    return made


def overlap_f1(truth: Truth, session: Session) -> float:
    """F1 of overlaps found: one to one, both edges within OVERLAP_TOLERANCE_MS."""
    real = truth.overlaps()
    heard = overlaps_of(tuple((span.label, span.segment) for span in session.speech.spans))
    taken: set[int] = set()
    for segment in heard:
        for index, other in enumerate(real):
            near = max(abs(segment.start_ms - other.start_ms), abs(segment.end_ms - other.end_ms))
            if index not in taken and near <= OVERLAP_TOLERANCE_MS:
                taken.add(index)
                break
    return 2 * len(taken) / max(len(real) + len(heard), 1)


def word_error_rate(truth: Truth, words: tuple[Word, ...]) -> float:
    """Percent of words wrong, after Whisper's English normaliser (which leaves fillers out)."""
    return plain_error_rate(truth, _text(words))


def plain_error_rate(truth: Truth, text: str) -> float:
    """The same for a running text."""
    plain = EnglishTextNormalizer()
    return 100 * float(jiwer.wer(plain(_text(truth.words)), plain(text)))


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


def matched_words(truth: Truth, words: tuple[Word, ...]) -> list[tuple[Word, Word]]:
    """Pairs of a true word and the same word as heard, in one order through the call."""
    real, heard = [_bare(word.text) for word in truth.words], [_bare(word.text) for word in words]
    blocks = difflib.SequenceMatcher(None, real, heard, autojunk=False).get_matching_blocks()
    return [(truth.words[b.a + i], words[b.b + i]) for b in blocks for i in range(b.size)]


def _bare(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def right_speaker(truth: Truth, words: tuple[Word, ...]) -> float:
    """The percentage of matched words that were given to the voice that said them."""
    pairs = matched_words(truth, words)
    together: dict[tuple[str | None, str | None], int] = {}
    for real, heard in pairs:
        together[real.label, heard.label] = together.get((real.label, heard.label), 0) + 1
    right, used_real, used_heard = 0, set(), set()
    for (real_label, heard_label), count in sorted(together.items(), key=lambda item: -item[1]):
        if real_label not in used_real and heard_label not in used_heard:
            right += count
            used_real.add(real_label)
            used_heard.add(heard_label)
    return 100 * right / max(len(pairs), 1)


def start_error_ms(truth: Truth, words: tuple[Word, ...]) -> tuple[float, float]:
    """Median absolute error and median error of word starts, in milliseconds."""
    errors = [heard.segment.start_ms - real.segment.start_ms for real, heard in matched_words(truth, words)]
    return statistics.median(abs(e) for e in errors), statistics.median(errors)
