"""When two people were there, from who joined and who left. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MARGIN_MS = 2_000
"""Zoom tells these times to the second, and a voice may be heard a little before or after. Ours."""
EVERYBODY = ""
"""In place of a person: the meeting has ended, and whoever was there has left."""


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody came or left. `at_ms` is ms since 1970; `person` a number within the meeting, or EVERYBODY."""

    person: str
    at_ms: int
    joined: bool


def time_together(moves: Iterable[Move]) -> tuple[int, int | None] | None:
    """From when to when at least two were there, in ms since 1970, with a margin; the end is None when nobody left.

    None when the moves never show two people at once, or somebody leaves who was never seen to come: then some
    were not told, and nothing can be concluded. Somebody who drops out in between and comes back does not end it.
    """
    present: set[str] = set()
    first: int | None = None
    last: int | None = None
    for move in sorted(moves, key=lambda move: (move.at_ms, not move.joined, move.person == EVERYBODY)):
        were_two = len(present) > 1
        if move.joined:
            present.add(move.person)
        elif move.person == EVERYBODY:
            present.clear()
        elif move.person in present:
            present.remove(move.person)
        else:
            return None
        are_two = len(present) > 1
        if are_two and first is None:
            first = move.at_ms - MARGIN_MS
        if were_two and not are_two:
            last = move.at_ms + MARGIN_MS
        if move.person == EVERYBODY:
            break  # who leaves in the same second may be told to have left in the next
    if first is None:
        return None
    return first, None if len(present) > 1 else last
