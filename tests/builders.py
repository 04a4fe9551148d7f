"""Sessions and findings written as scripts, so that a test reads as a call.

    0:01 coach: What would make today worth it?  [ask_agreement 0.9, open_question]
    0:06 client: I want to …

A line is a start, a voice, its words and, for findings, the signals a reader heard (0.9 when no number
stands there). `m:ss.t` gives tenths. Words last a third of a second each, without gaps, or until the
`-m:ss` after the start. A line whose words are all sounds of listening is a backchannel. "#" starts a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from processor.analysis.floor import find_transfers, find_turns
from processor.model.catalogue import SPEC_OF
from processor.model.findings import Findings
from processor.model.floor import FloorEvent, FloorKind, Utterance, UtteranceKind
from processor.model.measures import Measure, NotMeasured
from processor.model.people import Participant, Role, RoleAssignment, Sure
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
from processor.model.session import Session, Source
from processor.model.speech import Annotation, SpeechSpan, Word

LABELS = {"coach": "SPEAKER_00", "client": "SPEAKER_01", "other": "SPEAKER_02"}
LISTENING = {"mm", "mm-hm", "yeah", "yes", "right", "okay", "uh-huh"}
WORD_MS = 333

_LINE = re.compile(
    r"(?P<start>[\d:.]+)(?:-(?P<end>[\d:.]+))?\s+(?P<who>\w+):\s*(?P<text>[^\[\]]*?)\s*(?:\[(?P<signals>[^\]]*)\])?$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script."""

    who: str
    segment: Segment
    words: tuple[Word, ...]
    signals: tuple[Signal, ...]

    @property
    def kind(self) -> UtteranceKind:
        listening = all(word.text.lower().strip(".,!") in LISTENING for word in self.words)
        return UtteranceKind.BACKCHANNEL if listening else UtteranceKind.TURN


def ms(clock: str) -> int:
    """ "1:02.5" is 62500."""
    minutes, _, seconds = clock.rpartition(":")
    return int(minutes or 0) * 60_000 + round(float(seconds) * 1000)


def lines(script: str) -> tuple[Line, ...]:
    """The lines of `script`, in order."""
    bare = (line.split(" #")[0].strip() for line in script.splitlines())
    return tuple(_line(text) for text in bare if text and not text.startswith("#"))


def _line(text: str) -> Line:
    match = _LINE.match(text)
    assert match, f"not a line of a script: {text}"
    tokens, start = match["text"].split(), ms(match["start"])
    end = ms(match["end"]) if match["end"] else start + WORD_MS * len(tokens)
    label, step = LABELS[match["who"]], (end - start) / max(1, len(tokens))
    words = tuple(
        Word(token, Segment(start + round(i * step), start + round((i + 1) * step)), label, 0.95)
        for i, token in enumerate(tokens)
    )
    return Line(match["who"], Segment(start, end), words, tuple(_signals(match["signals"] or "")))


def _signals(text: str) -> Iterable[Signal]:
    for item in filter(None, (part.strip() for part in text.split(","))):
        name, _, confidence = item.partition(" ")
        yield Signal(SignalId(name), float(confidence or 0.9))


def session(
    script: str, *, roles: bool = True, source: Source = Source.GIVEN, duration_ms: int | None = None
) -> Session:
    """The session that `script` tells; with `roles` false it is not said who is the coach."""
    said = lines(script)
    people = sorted({line.who for line in said}, key=LABELS.__getitem__)
    return Session(
        language="en",
        duration_ms=duration_ms or max(line.segment.end_ms for line in said) + 1000,
        source=source,
        participants=tuple(Participant(LABELS[w], None, Role(w) if roles else None) for w in people),
        words=tuple(sorted((w for line in said for w in line.words), key=lambda w: w.segment)),
        speech=Annotation.of(SpeechSpan(line.segment, LABELS[line.who]) for line in said),
    )


def findings(
    script: str,
    *,
    phases: str = "",
    coverage: str = "",
    led_by: str = "cannot_tell",
    moves: Iterable[Move] = (),
    floor: Iterable[FloorEvent] = (),
    measures: Iterable[Measure | NotMeasured] = (),
    sure: Sure = Sure.SURE,
    is_coaching: IsCoaching = IsCoaching.YES,
    names: dict[str, str] | None = None,
    **more: object,
) -> Findings:
    """Findings for `script`, put together by hand: nothing here reads meaning.

    `phases` as "opening 0:00, action 2:00" (each until the next), `coverage` as "agreement heard u001,
    action not_heard".
    """
    said = sorted(lines(script), key=lambda line: line.segment)
    duration = max(line.segment.end_ms for line in said) + 1000
    spans = _phases(phases, duration)
    utterances = tuple(
        Utterance(f"u{i:03}", LABELS[line.who], line.segment, line.kind, line.words) for i, line in enumerate(said, 1)
    )
    turns = find_turns(utterances)
    return Findings(
        duration_ms=duration,
        language="en",
        source=Source.GIVEN,
        is_coaching=is_coaching,
        why_coaching="",
        participants=tuple(
            RoleAssignment(LABELS[who], (names or {}).get(who), Role(who), sure)
            for who in sorted({line.who for line in said}, key=LABELS.__getitem__)
        ),
        utterances=utterances,
        readings=tuple(
            UtteranceReading(u.id, _phase_at(spans, u.segment.start_ms), line.signals, line.signals)
            for u, line in zip(utterances, said, strict=True)
        ),
        turns=turns,
        transfers=find_transfers(turns),
        floor=tuple(floor),
        phases=spans,
        coverage=tuple(_coverage(coverage)),
        leading=Leading(LedBy(led_by), tuple(moves)),
        measures=tuple(measures),
        **more,  # further fields of Findings, as the test names them
    )


def _phase_at(spans: tuple[PhaseSpan, ...], at_ms: int) -> Phase:
    return next((s.phase for s in spans if s.segment.holds(at_ms)), Phase.EXPLORATION)


def _phases(text: str, duration: int) -> tuple[PhaseSpan, ...]:
    starts = [item.split() for item in text.split(",") if item.strip()]
    ends = [ms(clock) for _, clock in starts[1:]] + [duration] * bool(starts)
    return tuple(PhaseSpan(Phase(name), Segment(ms(at), end)) for (name, at), end in zip(starts, ends, strict=True))


def _coverage(text: str) -> Iterable[Coverage]:
    for item in filter(None, text.split(",")):
        group, state, *evidence = item.split()
        yield Coverage(Group(group), Heard(state), tuple(evidence))


def move(utterance: str, by: str, kind: str = "direction", *, taken_up: bool | None = True, confidence: float = 0.8,
         cue: str = "choice") -> Move:
    """A move of the ledger."""
    return Move(utterance, Role(by), MoveKind(kind), taken_up, confidence, cue)


def event(kind: str, by: str, start: str, utterance: str, *, confidence: float = 0.9, announced: bool = False,
          resumed: bool | None = None, over: str | None = None) -> FloorEvent:
    """A coming-in that starts at `start` and lasts a second."""
    at = ms(start)
    return FloorEvent(
        FloorKind(kind), LABELS[by], Segment(at, at + 1000), confidence, utterance, over, announced, resumed
    )


def ratio(name: str, numerator: float, denominator: float, *, doubt: float = 0.02, sure: Sure = Sure.SURE) -> Measure:
    """A share or rate with bounds `doubt` to both sides; its unit comes from the catalogue."""
    value = numerator / denominator
    low, high = max(0.0, value - doubt), value + doubt
    return Measure(name, value, SPEC_OF[name].unit, low, high, numerator, denominator, sure)


def figure(name: str, value: float, low: float, high: float, *, cases: float = 10, sure: Sure = Sure.FAIR) -> Measure:
    """A count or a length that rests on `cases`."""
    return Measure(name, value, SPEC_OF[name].unit, low, high, value, cases, sure)


def missing(name: str, reason: str) -> NotMeasured:
    return NotMeasured(name, SPEC_OF[name].unit, reason)

