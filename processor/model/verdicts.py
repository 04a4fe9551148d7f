"""What a person says of a finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What a verdict may be about."""

    SIGNAL = "signal"
    FLOOR = "floor"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Verdict:
    """That a finding is right or wrong. `name` is the id of the signal, the kind of the floor event or of the move.

    `at_ms` is the start of the utterance (signal, move) or of the coming-in (floor): it stays the same
    when the call is read again, while ids of utterances do not.
    """

    kind: FindingKind
    name: str
    at_ms: int
    right: bool

    @property
    def key(self) -> str:
        """What the verdict is about, as one word."""
        return f"{self.kind}-{self.name}-{self.at_ms}"
