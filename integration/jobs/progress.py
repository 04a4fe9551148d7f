"""How far a stage is. Its parts are worked on side by side; what is told is the one that will take longest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

EARLY_MS = 5_000
"""For so long after its first news a part's pace says too little for an estimate."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A part, the share of it that is done (0 to 1), and how long the rest will take; None = too early to say."""

    part: str = ""
    share: float = 0.0
    left_ms: int | None = None


@dataclass(slots=True)
class Progress:
    """What a stage told of its parts, by the clock `now_ms`. `changed` is set whenever it told something."""

    now_ms: Callable[[], int]
    shown: Shown = Shown()
    lost: bool = False
    changed: threading.Event = field(default_factory=threading.Event)
    _first: dict[str, tuple[int, float]] = field(default_factory=dict)
    _parts: dict[str, Shown] = field(default_factory=dict)

    def tell(self, part: str, share: float) -> None:
        """Note how much of `part` is done. Not from two threads at once."""
        self._parts[part] = Shown(part, share, self._left(part, share))
        going_on = [told for told in self._parts.values() if told.share < 1.0]
        self.shown = max(going_on, key=lambda told: told.left_ms or 0) if going_on else self._parts[part]
        self.changed.set()

    def _left(self, part: str, share: float) -> int | None:
        """What is left of a part takes as long as what was done since its first news did."""
        now = self.now_ms()
        began, done_then = self._first.setdefault(part, (now, share))
        if share <= done_then or now - began < EARLY_MS:
            return None
        return round((now - began) * (1.0 - share) / (share - done_then))
