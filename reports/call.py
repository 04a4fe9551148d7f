"""Findings with quick look-ups: who is whom, what came next, what a place is called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from processor.model.catalogue import UNCERTAIN_SIGNALS
from processor.model.findings import Findings
from processor.model.floor import Turn, Utterance
from processor.model.measures import Measure, NotMeasured
from processor.model.people import Role, Sure
from processor.model.reading import IsCoaching, SignalId, UtteranceReading
from reports.context import Context
from reports.phrases import clock
from reports.report import Place
from reports.wording import table

QUOTED_FROM = 0.7
"""A moment is named only at this confidence; below it, labels of single utterances are too often wrong.
# Source: precision of 0.7 or more is reached there on the annotated calls; listeners agree at kappa 0.31-0.64
# per utterance (Perez-Rosas 2016)."""

SURE_FROM = 0.85
"""From here on a moment is called "sure", below it "fairly sure"."""

LIKELY = 0.5
"""From here on a signal is likelier than not: too little to name it, enough not to say the opposite."""

SEEN_PAUSE_MS = 600
"""A pause of so long within a quote is shown, so that two starts do not read as one sentence. # Ours."""

_SENTENCE_END = re.compile(r"[.!?\u2026]+\s*")


@dataclass(frozen=True)
class Call:
    """One session as the sections of a report ask about it."""

    findings: Findings
    context: Context
    _utterances: dict[str, Utterance] = field(init=False, repr=False)
    _readings: dict[str, UtteranceReading] = field(init=False, repr=False)
    _measures: dict[str, Measure | NotMeasured] = field(init=False, repr=False)
    _turn_of: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        findings = self.findings
        look_ups = {
            "_utterances": {u.id: u for u in findings.utterances},
            "_readings": {r.utterance: r for r in findings.readings},
            "_measures": {m.id: m for m in findings.measures},
            "_turn_of": {u: i for i, turn in enumerate(findings.turns) for u in turn.utterances},
        }
        for name, look_up in look_ups.items():
            object.__setattr__(self, name, look_up)

    @property
    def coach(self) -> str | None:
        return self.findings.label_of(Role.COACH)

    @property
    def client(self) -> str | None:
        return self.findings.label_of(Role.CLIENT)

    @property
    def roles_sure(self) -> bool:
        """Whether one voice is the coach and one the client, neither of them with doubt."""
        pair = [p for p in self.findings.participants if p.role in (Role.COACH, Role.CLIENT)]
        return {p.role for p in pair} == {Role.COACH, Role.CLIENT} and len(pair) == 2 and all(
            p.sure is not Sure.UNSURE for p in pair
        )

    @property
    def one_voice(self) -> bool:
        """Whether nobody answered anybody: all that was said came from one voice."""
        return len({u.label for u in self.findings.utterances}) == 1

    @property
    def is_coaching(self) -> bool:
        return self.findings.is_coaching is IsCoaching.YES

    @property
    def meaning_read(self) -> bool:
        """Whether anything but times may be said of this call."""
        return self.roles_sure and self.is_coaching and self.findings.language_supported

    def role(self, label: str) -> Role:
        return next((p.role for p in self.findings.participants if p.label == label), Role.OTHER)

    def utterance(self, name: str) -> Utterance:
        return self._utterances[name]

    def reading(self, name: str) -> UtteranceReading:
        return self._readings[name]

    def measure(self, name: str) -> Measure | NotMeasured | None:
        return self._measures.get(name)

    def confidence(self, name: str, signal: SignalId) -> float:
        """How likely it is that the utterance gives `signal`; 0 when nothing speaks for it.

        To take a correction needs one: it is 0 where the client's turn before does not disagree in words.
        """
        if signal is SignalId.ACCEPT_CORRECTION and not self._corrected_before(name):
            return 0.0
        reading = self._readings[name]
        found = [s.confidence for s in (*reading.signals, *reading.expected) if s.id is signal]
        return max(found, default=0.0)

    def _corrected_before(self, name: str) -> bool:
        """Whether a sentence of the turn before this utterance's, by another voice, begins as a correction does."""
        at = self._turn_of.get(name, 0)
        if at == 0 or self.findings.turns[at - 1].label == self.findings.turns[at].label:
            return False
        begins = re.compile(table("signals")[SignalId.ACCEPT_CORRECTION]["before"], re.IGNORECASE)
        said = self.text(self.findings.turns[at - 1].utterances)
        return any(begins.match(sentence) for sentence in _SENTENCE_END.split(said))

    def narrowed(self, name: str) -> bool:
        """Whether the utterance likely leaves less room, whatever else it does: it leads, or offers two options."""
        kinds = table("signals")
        return any(
            s.confidence >= LIKELY and (s.id is SignalId.CLOSED_QUESTION or kinds[s.id]["kind"] == "leading")
            for s in self._readings[name].signals
        )

    def turn_after(self, name: str) -> Turn | None:
        """The turn that follows the turn with this utterance, when another voice takes it."""
        at = self._turn_of.get(name)
        if at is None or at + 1 >= len(self.findings.turns):
            return None
        following = self.findings.turns[at + 1]
        return following if following.label != self.findings.turns[at].label else None

    def turn_of(self, name: str) -> Turn | None:
        at = self._turn_of.get(name)
        return None if at is None else self.findings.turns[at]

    def held_ms(self, turn: Turn) -> int:
        """How long the turn was heard to last: what was not recorded or was struck out is no talk."""
        return turn.segment.length_ms - sum(turn.segment.overlap_ms(gap) for gap in self.findings.gaps)

    def text(self, names: Iterable[str]) -> str:
        """What was said in these utterances, three dots where one ended or paused. For quoting only; see
        `may_quote_client`."""
        said: list[str] = []
        for name in names:
            ended = None
            for word in self._utterances[name].words:
                paused = bool(said) if ended is None else word.segment.start_ms - ended >= SEEN_PAUSE_MS
                said += ["\u2026", word.text] if paused else [word.text]
                ended = word.segment.end_ms
        return " ".join(said)

    def place(self, at_ms: int) -> Place:
        at_ms = max(0, at_ms)
        play = self.context.links.play
        return Place(at_ms, clock(at_ms), play.replace("{seconds}", str(at_ms // 1000)) if play else "")

    def places(self, names: Iterable[str]) -> tuple[Place, ...]:
        """The starts of these utterances, in order; ids that are not in the call are left out."""
        known = {self._utterances[name].segment.start_ms for name in names if name in self._utterances}
        return tuple(self.place(at) for at in sorted(known))

    def sure_of(self, confidence: float, signal: SignalId | None = None) -> Sure:
        """How sure to call a moment of this confidence, in this recording; never sure where listeners agree least."""
        if confidence >= SURE_FROM and signal not in UNCERTAIN_SIGNALS:
            return self.as_heard(Sure.SURE)
        return self.as_heard(Sure.FAIR) if confidence >= QUOTED_FROM else Sure.UNSURE

    def as_heard(self, sure: Sure) -> Sure:
        """`sure`, one step less where the recording was hard to hear: as for the measures (docs/measures.md)."""
        doubt = self.findings.doubt
        if doubt is None or doubt.grade != "poor":
            return sure
        return Sure.FAIR if sure is Sure.SURE else Sure.UNSURE
