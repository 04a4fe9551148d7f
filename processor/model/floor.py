"""How the floor went from one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from processor.model.segment import Segment
from processor.model.speech import Word


class UtteranceKind(StrEnum):
    """Whether an utterance takes (or tries to take) the floor, or only says "I am with you"."""

    TURN = "turn"
    BACKCHANNEL = "backchannel"


class FloorKind(StrEnum):
    """Ways of coming in while, or just before or after, the other speaks (defined in docs/glossary.md)."""

    BACKCHANNEL = "backchannel"
    INTERRUPTION = "interruption"
    ATTEMPT = "attempt"
    COMPLETION = "completion"
    COOPERATIVE = "cooperative"
    SIMULTANEOUS = "simultaneous"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one voice said in one go. `id` is "u001", "u002", … in order of start; `cut_off` = it breaks off."""

    id: str
    label: str
    segment: Segment
    kind: UtteranceKind
    words: tuple[Word, ...]
    cut_off: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Turn:
    """Consecutive utterances by one voice that holds the floor; the other's backchannels do not end it."""

    label: str
    segment: Segment
    utterances: tuple[str, ...]
    word_count: int


@dataclass(frozen=True, slots=True)
class FloorEvent:
    """A coming-in: its kind, by whom, over whom, and how likely it is that this is what happened (0 to 1).

    `utterance` is the one that comes in, `over` the one it comes in on. `announced` = its purpose was
    said ("may I stop you there"). `resumed` = the one cut off came back to the thought within two turns
    (None where that cannot be told).
    """

    kind: FloorKind
    by: str
    segment: Segment
    confidence: float
    utterance: str
    over: str | None = None
    announced: bool = False
    resumed: bool | None = None


@dataclass(frozen=True, slots=True)
class FloorTransfer:
    """The floor passing from one voice to another; `offset_ms` < 0 is overlap, > 0 a gap."""

    before: str
    after: str
    offset_ms: int
