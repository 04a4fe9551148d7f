"""What the coach corrected in a call, kept beside what was heard and never written into it.

Who is who, stretches that are struck out, findings that are right or wrong. Applied to what was heard
they give the session that is read; taking one back gives the earlier reading again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from processor.errors import ExchangeFileFault
from processor.model.people import Participant, Role
from processor.model.segment import Segment, union
from processor.model.session import Session
from processor.model.speech import Annotation, SpeechSpan
from processor.model.verdicts import FindingKind, Verdict

VERSION = 1


@dataclass(frozen=True, slots=True)
class Corrections:
    """Roles by label, stretches struck out, verdicts on findings."""

    roles: tuple[tuple[str, Role], ...] = ()
    struck: tuple[Segment, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    def with_roles(self, roles: Iterable[tuple[str, Role]]) -> Corrections:
        """Who is who now; verdicts go, because they were given on findings about somebody else."""
        return replace(self, roles=tuple(sorted(roles)), verdicts=())

    def with_struck(self, segment: Segment) -> Corrections:
        """One more stretch struck out; stretches that touch become one."""
        return replace(self, struck=union((*self.struck, segment)))

    def without_struck(self, segment: Segment) -> Corrections:
        """The stretch is back."""
        return replace(self, struck=tuple(s for s in self.struck if s != segment))

    def with_verdict(self, verdict: Verdict) -> Corrections:
        """The verdict instead of an earlier one on the same finding."""
        others = tuple(v for v in self.verdicts if v.key != verdict.key)
        return replace(self, verdicts=(*others, verdict))

    def without_verdict(self, key: str) -> Corrections:
        return replace(self, verdicts=tuple(v for v in self.verdicts if v.key != key))


def corrected(session: Session, corrections: Corrections) -> Session:
    """`session` as it is to be read. Nothing said in a struck stretch is left, not even that somebody spoke.

    A word that reaches into a struck stretch goes as a whole.
    """
    roles, struck = dict(corrections.roles), corrections.struck
    return replace(
        session,
        participants=tuple(
            Participant(p.label, p.name, roles.get(p.label, p.role)) for p in session.participants
        ),
        words=tuple(w for w in session.words if not _is_struck(w.segment, struck)),
        speech=Annotation.of(
            SpeechSpan(left, span.label) for span in session.speech.spans for left in _outside(span.segment, struck)
        ),
        gaps=union((*session.gaps, *struck)),
        verdicts=corrections.verdicts,
    )


def _is_struck(segment: Segment, struck: Iterable[Segment]) -> bool:
    return any(s.overlap(segment) is not None or s.holds(segment.start_ms) for s in struck)


def _outside(segment: Segment, struck: Iterable[Segment]) -> Iterable[Segment]:
    """What is left of `segment` without the struck stretches."""
    start = segment.start_ms
    for gap in sorted(struck):
        if gap.overlap(segment) is None:
            continue
        if start < gap.start_ms:
            yield Segment(start, gap.start_ms)
        start = max(start, gap.end_ms)
    if start < segment.end_ms:
        yield Segment(start, segment.end_ms)


def dump(corrections: Corrections) -> str:
    """The corrections as JSON; `load` gives them back. It holds times and ids, no word that was said."""
    return json.dumps(
        {
            "version": VERSION,
            "roles": dict(corrections.roles),
            "struck": [[s.start_ms, s.end_ms] for s in corrections.struck],
            "verdicts": [[v.kind, v.name, v.at_ms, v.right] for v in corrections.verdicts],
        }
    )


def load(text: str) -> Corrections:
    """The corrections that `dump` wrote; ExchangeFileFault when they cannot be read."""
    try:
        root = json.loads(text)
        return Corrections(
            roles=tuple((label, Role(role)) for label, role in sorted(root["roles"].items())),
            struck=tuple(Segment(start, end) for start, end in root["struck"]),
            verdicts=tuple(Verdict(FindingKind(kind), name, at, right) for kind, name, at, right in root["verdicts"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ExchangeFileFault("the corrections cannot be read; restore them from a backup") from fault
