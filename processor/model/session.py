"""A call as it goes into the reading."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from processor.model.people import Participant
from processor.model.segment import Segment
from processor.model.speech import Annotation, Word
from processor.model.verdicts import Verdict


class Source(StrEnum):
    """Where words and times come from: one track a person, one mixed track, or given from outside."""

    TRACKS = "tracks"
    MIXED = "mixed"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What was hard to hear. A share is 0 to 1; None = this was not looked at.

    `grade` is "good", "fair" or "poor"; `remarks` are short codes such as "music", "echo",
    "narrow_band", "clipped", "voices_alike", "track_missing".
    """

    grade: str
    low_score_word_share: float | None = None
    overlap_share: float | None = None
    confusion_share: float | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """What was heard of one call: the content of a words.json.

    `words` are sorted by start. `speech` may overlap. `speech_given` is false when speech was derived
    from the words, so that sounds without words are missing from it. `single_stream` is true when the
    source cannot hold two voices at once (captions, one label a word), so that overlap is not measured.
    `gaps` are stretches that were not recorded or were struck out; they are no silence. `verdicts` are
    what people said of earlier findings; they are kept apart from words.json.
    """

    language: str
    duration_ms: int
    source: Source
    participants: tuple[Participant, ...]
    words: tuple[Word, ...]
    speech: Annotation
    speech_given: bool = True
    single_stream: bool = False
    doubt: Doubt | None = None
    gaps: tuple[Segment, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
