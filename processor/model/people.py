"""Who is on the call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is on the call."""

    COACH = "coach"
    CLIENT = "client"
    OTHER = "other"


class Sure(StrEnum):
    """How far a finding may be trusted: reliability of its kind, and what was heard on this call."""

    SURE = "sure"
    FAIR = "fair"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Participant:
    """A voice of the recording as it was handed in: `role` None = to be found; `name` None = not known."""

    label: str
    name: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """What a voice was taken to be, how surely, and why in a few words for the reader.

    `heard_as` = the other of the two roles, where a given one stands though the voice surely talks like that.
    """

    label: str
    name: str | None
    role: Role
    sure: Sure
    why: str = ""
    heard_as: Role | None = None
