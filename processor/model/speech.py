"""What was heard: words, and who spoke when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from processor.model.segment import Segment, union


@dataclass(frozen=True, slots=True)
class Word:
    """One word, its time, whose it is (None: not known), and the recogniser's score (0 to 1, None: not scored)."""

    text: str
    segment: Segment
    label: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True, order=True)
class SpeechSpan:
    """One voice sounding without a break; sounds without words count too."""

    segment: Segment
    label: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """Who spoke when: spans in order of time. Spans of two labels may overlap; those of one label do not."""

    spans: tuple[SpeechSpan, ...] = ()

    @classmethod
    def of(cls, spans: Iterable[SpeechSpan]) -> Annotation:
        """An annotation of `spans` in any order; what one label covers twice is joined."""
        by_label: dict[str, list[Segment]] = {}
        for span in spans:
            by_label.setdefault(span.label, []).append(span.segment)
        joined = [SpeechSpan(s, label) for label, segments in by_label.items() for s in union(segments)]
        return cls(tuple(sorted(joined)))

    @property
    def labels(self) -> tuple[str, ...]:
        """The voices, in alphabetical order."""
        return tuple(sorted({span.label for span in self.spans}))

    def of_label(self, label: str) -> tuple[Segment, ...]:
        """When the voice `label` sounds, in order."""
        return tuple(span.segment for span in self.spans if span.label == label)
