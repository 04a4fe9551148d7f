"""Whether a call is coaching at all."""

from __future__ import annotations

from collections.abc import Sequence

from processor.analysis.knowledge import Knowledge
from processor.analysis.script import Script
from processor.analysis.thresholds import COACHING_NO, COACHING_YES, FEWEST_COACH_TURNS
from processor.model.people import Role
from processor.model.reading import IsCoaching


def coaching_chances(rows: Sequence[Sequence[float]], knowledge: Knowledge) -> tuple[float, ...]:
    """How likely each line is from a coaching call, if half of all calls were."""
    return knowledge.heads.probabilities("coaching", rows)


def is_coaching(script: Script, chances: Sequence[float]) -> tuple[IsCoaching, str]:
    """Whether the call reads as coaching, and why: by the mean of `chances` over all lines.

    Too few lines by the coach, or a mean in the middle, cannot tell.
    """
    if sum(line.role is Role.COACH for line in script.lines) < FEWEST_COACH_TURNS:
        return IsCoaching.CANNOT_TELL, "too little was said to tell"
    mean = sum(chances) / len(chances)
    if mean >= COACHING_YES:
        return IsCoaching.YES, "the talk reads like a coaching conversation"
    if mean <= COACHING_NO:
        return IsCoaching.NO, "the talk reads like a meeting or another kind of conversation, not like coaching"
    return IsCoaching.CANNOT_TELL, "parts of the talk read like coaching and parts do not"
