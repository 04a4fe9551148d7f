"""Which voice has which name, from a source that knows names but not turns (TIMELINE, captions, given names)."""

from __future__ import annotations

from dataclasses import replace

from processor.model.people import Participant, Role
from processor.model.segment import covered_ms, shared
from processor.model.session import Session
from processor.model.speech import Annotation

LEAST_SHARE = 0.5
"""A name is given when at least half of the voice's named time carries it. Ours: a plain majority."""


def name_voices(session: Session, named: Annotation) -> Session:
    """`session` with names for its unnamed voices, one name a voice, the clearest match first.

    `named` says when each name was shown as speaking. A voice that no name fits keeps none; names that
    voices already have (from their own track) are not touched.
    """
    taken = {p.name for p in session.participants if p.name}
    open_labels = [p.label for p in session.participants if p.name is None]
    matches = sorted(
        (
            (covered_ms(shared(session.speech.of_label(label), named.of_label(name))), label, name)
            for label in open_labels
            for name in named.labels
        ),
        key=lambda match: (-match[0], match[1], match[2]),
    )
    total = {label: sum(ms for ms, other, _ in matches if other == label) for label in open_labels}
    found: dict[str, str] = {}
    for overlap_ms, label, name in matches:
        if overlap_ms and label not in found and name not in taken and overlap_ms >= LEAST_SHARE * total[label]:
            found[label] = name
            taken.add(name)
    return replace(
        session, participants=tuple(replace(p, name=p.name or found.get(p.label)) for p in session.participants)
    )


def name_the_coach(session: Session, coach: str) -> Session:
    """`session` with the role of coach given to the voice called `coach`, and of client to the only other voice.

    Nothing changes when no voice, or more than one, has that name.
    """
    wanted = coach.strip().casefold()
    labels = [p.label for p in session.participants if (p.name or "").strip().casefold() == wanted]
    if len(labels) != 1:
        return session
    alone = len(session.participants) == 2
    return replace(session, participants=tuple(_given(p, labels[0], alone) for p in session.participants))


def _given(participant: Participant, coach: str, alone: bool) -> Participant:  # noqa: FBT001 - private and plain
    if participant.label == coach:
        return replace(participant, role=Role.COACH)
    return replace(participant, role=Role.CLIENT) if alone and participant.role is None else participant
