"""The voices of a call, as its coach can tell them apart."""

from __future__ import annotations

from dataclasses import dataclass

from processor.model.findings import Findings
from processor.model.people import Role, Sure


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice: its `name`, else its `letter` as in the report, when it is first heard, how long it speaks.

    `role` is "" while it is unsure which voice is the coach.
    """

    label: str
    letter: str
    name: str
    role: str
    first_ms: int
    talk_ms: int


def are_unsure(found: Findings) -> bool:
    """Whether it is not known which voice is the coach."""
    return any(p.sure is Sure.UNSURE for p in found.participants if p.role is not Role.OTHER)


def voices_of(found: Findings) -> list[Voice]:
    """The voices in the order in which they are first heard; who says nothing is left out."""
    people, unsure = {p.label: p for p in found.participants}, are_unsure(found)
    voices: list[Voice] = []
    for label in dict.fromkeys(u.label for u in found.utterances):
        mine = [u.segment for u in found.utterances if u.label == label]
        voices.append(
            Voice(
                label=label,
                letter=chr(ord("A") + len(voices)),
                name=people[label].name or "",
                role="" if unsure else people[label].role.value,
                first_ms=mine[0].start_ms,
                talk_ms=sum(segment.length_ms for segment in mine),
            )
        )
    return voices


def with_coach(found: Findings, label: str) -> list[tuple[str, Role]]:
    """Who is who when the voice `label` is the coach's: of the others the one who speaks most is the client."""
    others = sorted((v for v in voices_of(found) if v.label != label), key=lambda v: -v.talk_ms)
    roles = {other.label: Role.OTHER for other in others} | {label: Role.COACH}
    if others:
        roles[others[0].label] = Role.CLIENT
    return sorted(roles.items())
