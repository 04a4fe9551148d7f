"""Calls of the corpus as sessions, and what was found in them beside what the labels say."""

from __future__ import annotations

from processor.model.people import Participant, Role
from processor.model.segment import Segment
from processor.model.session import Session, Source
from processor.model.speech import Annotation, SpeechSpan, Word
from training.corpus import Call, Line

LABEL = {"coach": "SPEAKER_00", "client": "SPEAKER_01", "other": "SPEAKER_02"}


def words_of(line: Line) -> list[Word]:
    """The words of a line, each lasting in proportion to its letters; a dash is not heard."""
    tokens = line.text.replace("\u2014", " ").split()
    weights = [len(token) + 1 for token in tokens]
    length, done, at = line.end_ms - line.start_ms, 0, line.start_ms
    words = []
    for token, weight in zip(tokens, weights, strict=True):
        done += weight
        end = line.start_ms + round(length * done / sum(weights))
        words.append(Word(token, Segment(at, end), LABEL[line.speaker], 0.95))
        at = end
    return words


def session_of(call: Call) -> Session:
    """`call` as it would come from perfect hearing, roles known."""
    words = sorted((w for line in call.lines for w in words_of(line)), key=lambda w: (w.segment, w.label or ""))
    spans = [SpeechSpan(Segment(line.start_ms, line.end_ms), LABEL[line.speaker]) for line in call.lines]
    speakers = sorted({line.speaker for line in call.lines}, key=LABEL.__getitem__)
    return Session(
        language="en",
        duration_ms=max(line.end_ms for line in call.lines) + 1000,
        source=Source.GIVEN,
        participants=tuple(Participant(LABEL[s], None, Role(s)) for s in speakers),
        words=tuple(words),
        speech=Annotation.of(spans),
    )
