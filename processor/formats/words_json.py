"""words.json, version 1: what was heard (the format is fixed in docs/formats.md)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from processor.errors import ExchangeFileFault
from processor.model.people import Participant, Role
from processor.model.segment import Segment
from processor.model.session import Doubt, Session, Source
from processor.model.speech import Annotation, SpeechSpan, Word

VERSION = 1
LONGEST_MS = 24 * 3600 * 1000
MOST_WORDS = 500_000
WORD_JOIN_MS = 300
"""Words of one voice with a smaller gap between them are one span of speech when none was given."""

UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Control characters and halves of characters, read as the sign for what cannot be read. # Source: XML 1.0, which a
transcript is written in, allows none."""


def load(text: str) -> Session:
    """The session that a words.json holds.

    Raises ExchangeFileFault naming the place, never the words, when the file breaks its contract.
    """
    try:
        raw = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as fault:
        raise ExchangeFileFault("words.json is not JSON; write it again as in docs/formats.md") from fault
    root = _mapping(raw, "the file")
    if root.get("version") != VERSION:
        raise ExchangeFileFault(f"words.json must say version {VERSION}; this one does not")
    duration = _milliseconds(root.get("duration_ms"), "duration_ms")
    words = tuple(sorted(_words(root), key=lambda w: (w.segment, w.label or "")))
    given = root.get("speech")
    speech = _speech(given) if given is not None else speech_from_words(words)
    return Session(
        language=_text(root.get("language"), "language"),
        duration_ms=duration,
        source=_source(root.get("source")),
        participants=_participants(root, words, speech),
        words=words,
        speech=speech,
        speech_given=given is not None,
        single_stream=root.get("single_stream") is True,
        doubt=_doubt(root.get("doubt")),
        gaps=tuple(_segment(gap, "gaps") for gap in _list(root.get("gaps", []), "gaps")),
    )


def dump(session: Session) -> str:
    """`session` as words.json; `load` gives it back."""
    root: dict[str, Any] = {
        "version": VERSION,
        "language": session.language,
        "duration_ms": session.duration_ms,
        "source": session.source.value,
        "participants": [{"label": p.label, "name": p.name, "role": p.role} for p in session.participants],
        "words": [{"text": w.text, **_times(w.segment), "label": w.label, "score": w.score} for w in session.words],
    }
    if session.speech_given:
        root["speech"] = [{"label": s.label, **_times(s.segment)} for s in session.speech.spans]
    if session.single_stream:
        root["single_stream"] = True
    if session.gaps:
        root["gaps"] = [_times(gap) for gap in session.gaps]
    if session.doubt is not None:
        d = session.doubt
        root["doubt"] = {
            "grade": d.grade,
            "low_score_word_share": d.low_score_word_share,
            "overlap_share": d.overlap_share,
            "confusion_share": d.confusion_share,
            "remarks": list(d.remarks),
        }
    return json.dumps(root, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def speech_from_words(words: Sequence[Word]) -> Annotation:
    """Who spoke when, as far as the words alone tell: runs of one voice with gaps of at most WORD_JOIN_MS."""
    spans: list[SpeechSpan] = []
    for label in sorted({w.label for w in words if w.label is not None}):
        start = end = None
        for word in (w for w in words if w.label == label):
            if start is not None and end is not None and word.segment.start_ms - end <= WORD_JOIN_MS:
                end = max(end, word.segment.end_ms)
            else:
                if start is not None and end is not None:
                    spans.append(SpeechSpan(Segment(start, end), label))
                start, end = word.segment.start_ms, word.segment.end_ms
        if start is not None and end is not None:
            spans.append(SpeechSpan(Segment(start, end), label))
    return Annotation.of(spans)


def _times(segment: Segment) -> dict[str, int]:
    return {"start_ms": segment.start_ms, "end_ms": segment.end_ms}


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _mapping(raw: object, place: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise ExchangeFileFault(f"words.json: {place} must be an object")
    return raw


def _list(raw: object, place: str) -> list[Any]:
    if not isinstance(raw, list):
        raise ExchangeFileFault(f"words.json: {place} must be a list")
    return raw


def _text(raw: object, place: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ExchangeFileFault(f"words.json: {place} must be a text that is not empty")
    return UNWRITABLE.sub("\ufffd", raw)


def _optional_text(raw: object, place: str) -> str | None:
    return None if raw is None else _text(raw, place)


def _milliseconds(raw: object, place: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= LONGEST_MS:
        raise ExchangeFileFault(f"words.json: {place} must be whole milliseconds from 0 to {LONGEST_MS}")
    return raw


def _segment(raw: object, place: str) -> Segment:
    item = _mapping(raw, place)
    start = _milliseconds(item.get("start_ms"), f"{place}.start_ms")
    end = _milliseconds(item.get("end_ms"), f"{place}.end_ms")
    if end < start:
        raise ExchangeFileFault(f"words.json: {place} ends before it starts")
    return Segment(start, end)


def _score(raw: object, place: str) -> float | None:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw) or not 0 <= raw <= 1:
        raise ExchangeFileFault(f"words.json: {place} must be a number from 0 to 1, or null")
    return float(raw)


def _source(raw: object) -> Source:
    try:
        return Source(raw)  # type: ignore[arg-type]  # any object may stand in the file; Source refuses what it does not know
    except ValueError:
        raise ExchangeFileFault('words.json: source must be "tracks", "mixed" or "given"') from None


def _words(root: Mapping[str, Any]) -> list[Word]:
    items = _list(root.get("words"), "words")
    if len(items) > MOST_WORDS:
        raise ExchangeFileFault(f"words.json holds more than {MOST_WORDS} words; split the recording")
    return [
        Word(
            text=_text(_mapping(item, f"words[{i}]").get("text"), f"words[{i}].text"),
            segment=_segment(item, f"words[{i}]"),
            label=_optional_text(item.get("label"), f"words[{i}].label"),
            score=_score(item.get("score"), f"words[{i}].score"),
        )
        for i, item in enumerate(items)
    ]


def _participants(root: Mapping[str, Any], words: Sequence[Word], speech: Annotation) -> tuple[Participant, ...]:
    found: dict[str, Participant] = {}
    for i, raw in enumerate(_list(root.get("participants", []), "participants")):
        item = _mapping(raw, f"participants[{i}]")
        label = _text(item.get("label"), f"participants[{i}].label")
        role = item.get("role")
        if role is not None and role not in tuple(Role):
            raise ExchangeFileFault(f"words.json: participants[{i}].role must be coach, client, other or null")
        if label in found:
            raise ExchangeFileFault(f"words.json: participants[{i}] repeats a label")
        name = _optional_text(item.get("name"), f"participants[{i}].name")
        found[label] = Participant(label, name, None if role is None else Role(role))
    for label in sorted({*(w.label for w in words if w.label is not None), *speech.labels} - found.keys()):
        found[label] = Participant(label)
    return tuple(found.values())


def _speech(raw: object) -> Annotation:
    spans = []
    for i, item in enumerate(_list(raw, "speech")):
        segment = _segment(item, f"speech[{i}]")
        spans.append(SpeechSpan(segment, _text(item.get("label"), f"speech[{i}].label")))
    return Annotation.of(spans)


def _doubt(raw: object) -> Doubt | None:
    if raw is None:
        return None
    item = _mapping(raw, "doubt")
    if item.get("grade") not in ("good", "fair", "poor"):
        raise ExchangeFileFault("words.json: doubt.grade must be good, fair or poor")
    remarks = _list(item.get("remarks", []), "doubt.remarks")
    return Doubt(
        grade=item["grade"],
        low_score_word_share=_score(item.get("low_score_word_share"), "doubt.low_score_word_share"),
        overlap_share=_score(item.get("overlap_share"), "doubt.overlap_share"),
        confusion_share=_score(item.get("confusion_share"), "doubt.confusion_share"),
        remarks=tuple(_text(r, "doubt.remarks") for r in remarks),
    )
