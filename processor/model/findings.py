"""What comes out of the reading."""

from __future__ import annotations

from dataclasses import dataclass

from processor.model.floor import FloorEvent, FloorTransfer, Turn, Utterance
from processor.model.measures import Measure, NotMeasured
from processor.model.people import Role, RoleAssignment
from processor.model.reading import Coverage, IsCoaching, Leading, PhaseSpan, UtteranceReading
from processor.model.segment import Segment
from processor.model.session import Doubt, Source


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was read in one call: facts, without a word of advice.

    `readings` has one entry for each utterance, in the same order. `language_supported` is false when
    only times could be read. `gaps` are stretches that were not recorded or were struck out; they are no silence.
    """

    duration_ms: int
    language: str
    source: Source
    is_coaching: IsCoaching
    why_coaching: str
    participants: tuple[RoleAssignment, ...]
    utterances: tuple[Utterance, ...]
    readings: tuple[UtteranceReading, ...]
    turns: tuple[Turn, ...]
    transfers: tuple[FloorTransfer, ...]
    floor: tuple[FloorEvent, ...]
    phases: tuple[PhaseSpan, ...]
    coverage: tuple[Coverage, ...]
    leading: Leading
    measures: tuple[Measure | NotMeasured, ...]
    doubt: Doubt | None = None
    gaps: tuple[Segment, ...] = ()
    language_supported: bool = True

    def label_of(self, role: Role) -> str | None:
        """The label of the only voice with `role`; None when nobody or more than one has it."""
        labels = [p.label for p in self.participants if p.role is role]
        return labels[0] if len(labels) == 1 else None
