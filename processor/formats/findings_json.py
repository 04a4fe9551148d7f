"""findings.json, version 1: what it means (the format is fixed in docs/formats.md).

It holds no word that was said: utterances are times and ids. `load` takes the session beside it and
gives each utterance its words back.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from processor.errors import ExchangeFileFault
from processor.model.findings import Findings
from processor.model.floor import FloorEvent, FloorKind, FloorTransfer, Turn, Utterance, UtteranceKind
from processor.model.measures import Measure, NotMeasured, Unit
from processor.model.people import Role, RoleAssignment, Sure
from processor.model.reading import (
    Coverage,
    Group,
    Heard,
    IsCoaching,
    Leading,
    LedBy,
    Move,
    MoveKind,
    Phase,
    PhaseSpan,
    Signal,
    SignalId,
    UtteranceReading,
)
from processor.model.segment import Segment
from processor.model.session import Session
from processor.model.speech import Word

VERSION = 1


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Which programs and models made the findings, and how long each stage took (seconds by stage)."""

    fingerprint: str
    profile: str
    stage_seconds: tuple[tuple[str, float], ...] = field(default=())


def dump(findings: Findings, pipeline: Pipeline) -> str:
    """`findings` as findings.json. The same findings and pipeline give the same bytes."""
    root: dict[str, Any] = {
        "version": VERSION,
        "pipeline": {
            "fingerprint": pipeline.fingerprint,
            "profile": pipeline.profile,
            "stages": {name: {"seconds": seconds} for name, seconds in pipeline.stage_seconds},
        },
        "call": {"is_coaching": findings.is_coaching, "why": findings.why_coaching},
        "language_supported": findings.language_supported,
        "participants": [
            {"label": p.label, "name": p.name, "role": p.role, "sure": p.sure, "why": p.why, "heard_as": p.heard_as}
            for p in findings.participants
        ],
        "utterances": [
            _utterance(utterance, reading)
            for utterance, reading in zip(findings.utterances, findings.readings, strict=True)
        ],
        "turns": [
            {"label": t.label, **_times(t.segment), "utterances": list(t.utterances), "word_count": t.word_count}
            for t in findings.turns
        ],
        "transfers": [
            {"before": t.before, "after": t.after, "offset_ms": t.offset_ms} for t in findings.transfers
        ],
        "floor": [_floor(event) for event in findings.floor],
        "phases": [{"id": p.phase, **_times(p.segment)} for p in findings.phases],
        "coverage": [{"id": c.group, "state": c.state, "evidence": list(c.evidence)} for c in findings.coverage],
        "leading": {
            "led_by": findings.leading.led_by,
            "why": findings.leading.why,
            "moves": [_move(move) for move in findings.leading.moves],
        },
        "measures": [_measure(measure) for measure in findings.measures],
    }
    return json.dumps(root, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def load(text: str, session: Session) -> tuple[Findings, Pipeline]:
    """The findings that `dump` wrote for `session`, and how they were made.

    Raises ExchangeFileFault when the text is no findings.json of this version.
    """
    try:
        root = json.loads(text)
        if root["version"] != VERSION:
            raise KeyError("version")
        return _findings(root, session), _pipeline(root["pipeline"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise ExchangeFileFault("findings.json cannot be read; analyse the stored words again") from fault


def _times(segment: Segment) -> dict[str, int]:
    return {"start_ms": segment.start_ms, "end_ms": segment.end_ms}


def _signals(signals: Iterable[Signal]) -> list[dict[str, Any]]:
    return [{"id": s.id, "confidence": round(s.confidence, 4)} for s in signals]


def _utterance(utterance: Utterance, reading: UtteranceReading) -> dict[str, Any]:
    return {
        "id": utterance.id,
        "label": utterance.label,
        **_times(utterance.segment),
        "kind": utterance.kind,
        "cut_off": utterance.cut_off,
        "phase": reading.phase,
        "signals": _signals(reading.signals),
        "expected": _signals(reading.expected),
    }


def _floor(event: FloorEvent) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "by": event.by,
        **_times(event.segment),
        "confidence": round(event.confidence, 4),
        "utterance": event.utterance,
        "over": event.over,
        "announced": event.announced,
        "resumed": event.resumed,
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "utterance": move.utterance,
        "by": move.by,
        "kind": move.kind,
        "taken_up": move.taken_up,
        "confidence": round(move.confidence, 4),
        "cue": move.cue,
    }


def _measure(measure: Measure | NotMeasured) -> dict[str, Any]:
    if isinstance(measure, NotMeasured):
        empty = dict.fromkeys(("value", "low", "high", "numerator", "denominator"))
        return {"id": measure.id, "unit": measure.unit, **empty, "sure": Sure.UNSURE, "not_measured": measure.reason}
    return {
        "id": measure.id,
        "unit": measure.unit,
        **{
            part: round(getattr(measure, part), 6)
            for part in ("value", "low", "high", "numerator", "denominator")
        },
        "sure": measure.sure,
        "not_measured": None,
        "evidence": list(measure.evidence),
    }


def _segment(item: dict[str, Any]) -> Segment:
    return Segment(item["start_ms"], item["end_ms"])


def _pipeline(item: dict[str, Any]) -> Pipeline:
    stages = tuple((name, stage["seconds"]) for name, stage in item["stages"].items())
    return Pipeline(item["fingerprint"], item["profile"], stages)


def _read_signals(items: list[dict[str, Any]]) -> tuple[Signal, ...]:
    return tuple(Signal(SignalId(s["id"]), s["confidence"]) for s in items)


def _words_by_label(session: Session) -> dict[str, list[Word]]:
    by_label: dict[str, list[Word]] = {}
    for word in session.words:
        if word.label is not None:
            by_label.setdefault(word.label, []).append(word)
    return by_label


def _words_of(segment: Segment, words: list[Word]) -> tuple[Word, ...]:
    """The words that start in `segment`; one of no length may start where it ends."""
    first = bisect_left(words, segment.start_ms, key=lambda w: w.segment.start_ms)
    found = []
    for word in words[first:]:
        start = word.segment.start_ms
        if start > segment.end_ms or (start == segment.end_ms and word.segment.end_ms > start):
            break
        found.append(word)
    return tuple(found)


def _read_measure(item: dict[str, Any]) -> Measure | NotMeasured:
    if item["not_measured"] is not None:
        return NotMeasured(item["id"], Unit(item["unit"]), item["not_measured"])
    return Measure(
        id=item["id"],
        value=item["value"],
        unit=Unit(item["unit"]),
        low=item["low"],
        high=item["high"],
        numerator=item["numerator"],
        denominator=item["denominator"],
        sure=Sure(item["sure"]),
        evidence=tuple(item["evidence"]),
    )


def _read_floor(item: dict[str, Any]) -> FloorEvent:
    return FloorEvent(
        kind=FloorKind(item["kind"]),
        by=item["by"],
        segment=_segment(item),
        confidence=item["confidence"],
        utterance=item["utterance"],
        over=item["over"],
        announced=item["announced"],
        resumed=item["resumed"],
    )


def _heard_as(person: dict[str, Any]) -> Role | None:
    """Findings from before this was looked at do not have it."""
    heard = person.get("heard_as")
    return Role(heard) if heard else None


def _findings(root: dict[str, Any], session: Session) -> Findings:
    words = _words_by_label(session)
    return Findings(
        duration_ms=session.duration_ms,
        language=session.language,
        source=session.source,
        is_coaching=IsCoaching(root["call"]["is_coaching"]),
        why_coaching=root["call"]["why"],
        participants=tuple(
            RoleAssignment(p["label"], p["name"], Role(p["role"]), Sure(p["sure"]), p["why"], _heard_as(p))
            for p in root["participants"]
        ),
        utterances=tuple(
            Utterance(
                id=u["id"],
                label=u["label"],
                segment=_segment(u),
                kind=UtteranceKind(u["kind"]),
                words=_words_of(_segment(u), words.get(u["label"], [])),
                cut_off=u["cut_off"],
            )
            for u in root["utterances"]
        ),
        readings=tuple(
            UtteranceReading(u["id"], Phase(u["phase"]), _read_signals(u["signals"]), _read_signals(u["expected"]))
            for u in root["utterances"]
        ),
        turns=tuple(Turn(t["label"], _segment(t), tuple(t["utterances"]), t["word_count"]) for t in root["turns"]),
        transfers=tuple(FloorTransfer(t["before"], t["after"], t["offset_ms"]) for t in root["transfers"]),
        floor=tuple(_read_floor(item) for item in root["floor"]),
        phases=tuple(PhaseSpan(Phase(p["id"]), _segment(p)) for p in root["phases"]),
        coverage=tuple(Coverage(Group(c["id"]), Heard(c["state"]), tuple(c["evidence"])) for c in root["coverage"]),
        leading=_leading(root["leading"]),
        measures=tuple(_read_measure(item) for item in root["measures"]),
        doubt=session.doubt,
        gaps=session.gaps,
        language_supported=root["language_supported"],
    )


def _leading(item: dict[str, Any]) -> Leading:
    moves = tuple(
        Move(m["utterance"], Role(m["by"]), MoveKind(m["kind"]), m["taken_up"], m["confidence"], m["cue"])
        for m in item["moves"]
    )
    return Leading(LedBy(item["led_by"]), moves, item["why"])
