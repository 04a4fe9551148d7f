"""Findings that the coach can call right or wrong, in words. Nothing here quotes what was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from integration.corrections import Corrections
from integration.web import wording
from processor.model.findings import Findings
from processor.model.people import Role
from processor.model.verdicts import FindingKind, Verdict
from reports.audience import Audience
from reports.call import QUOTED_FROM
from reports.phrases import clock
from reports.wording import entry, say, table


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what and where; `judged` is "right", "wrong" or "" when nobody said."""

    kind: FindingKind
    name: str
    at_ms: int
    text: str
    judged: str = ""

    @property
    def key(self) -> str:
        return Verdict(self.kind, self.name, self.at_ms, right=True).key

    @property
    def clock(self) -> str:
        return clock(self.at_ms)

    def verdict(self, *, right: bool) -> Verdict:
        return Verdict(self.kind, self.name, self.at_ms, right)


def findings_to_judge(found: Findings, made: Corrections) -> list[Finding]:
    """The findings of a call that stand in its report, and those that were called wrong, in order of time."""
    said = {v.key: v for v in made.verdicts}
    shown = {f.key: f for f in (*_signals(found), *_floor(found), *_moves(found))}
    for key, verdict in said.items():
        shown.setdefault(key, Finding(verdict.kind, verdict.name, verdict.at_ms, _text(verdict.kind, verdict.name)))
    return sorted(
        (
            Finding(f.kind, f.name, f.at_ms, f.text, _judged(said.get(f.key)))
            for f in shown.values()
        ),
        key=lambda f: (f.at_ms, f.kind, f.name),
    )


def _judged(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    return "right" if verdict.right else "wrong"


def _signals(found: Findings) -> Iterator[Finding]:
    starts = {u.id: u.segment.start_ms for u in found.utterances}
    for read in found.readings:
        for signal in read.signals:
            if signal.confidence >= QUOTED_FROM:
                kind = FindingKind.SIGNAL
                yield Finding(kind, signal.id.value, starts[read.utterance], _text(kind, signal.id.value))


def _floor(found: Findings) -> Iterator[Finding]:
    roles = {p.label: p.role for p in found.participants}
    for event in found.floor:
        if event.confidence >= QUOTED_FROM and event.kind.value != "backchannel":
            who = "{Coach}" if roles.get(event.by) is Role.COACH else "{Client}"
            text = say(f"{who}: {_text(FindingKind.FLOOR, event.kind.value).lower()}", Audience.COACH)
            yield Finding(FindingKind.FLOOR, event.kind.value, event.segment.start_ms, text)


def _moves(found: Findings) -> Iterator[Finding]:
    starts = {u.id: u.segment.start_ms for u in found.utterances}
    for move in found.leading.moves:
        who = "{Coach}" if move.by is Role.COACH else "{Client}"
        text = f"{say(who, Audience.COACH)}: {_text(FindingKind.MOVE, move.kind.value)}"
        yield Finding(FindingKind.MOVE, move.kind.value, starts[move.utterance], text)


def _text(kind: FindingKind, name: str) -> str:
    if kind is FindingKind.SIGNAL:
        return say(table("signals")[name]["count"], Audience.COACH)
    if kind is FindingKind.FLOOR:
        return entry("floor", name)["name"]
    return str(wording.MOVES[name])
