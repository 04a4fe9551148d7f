"""The mentor's dossier: the hours of mentor coaching, and whether they add up. No word of a client is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# Source: mentor coaching for an ICF credential: 10 hours over three months or more, at most 7 of them in
# groups of at most 10, so at least 3 one to one (docs/for-supervisors.md names where to check the rules).
MINUTES_NEEDED = 10 * 60
MINUTES_ALONE_NEEDED = 3 * 60
MOST_IN_GROUP = 10
MONTHS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of mentor coach and coach; `group_size` 1 = the two alone.

    `session` is the day of the call that was discussed, `places_ms` where in it the mentor left a remark.
    """

    day: date
    minutes: int
    group_size: int = 1
    session: date | None = None
    places_ms: tuple[int, ...] = ()

    @property
    def counts(self) -> bool:
        """A group that is too large counts for nothing."""
        return self.group_size <= MOST_IN_GROUP


@dataclass(frozen=True, slots=True)
class Sum:
    """How the hours add up, in minutes. `group_counted` is what of the group time may count."""

    alone: int
    group: int
    group_counted: int
    months_passed: bool

    @property
    def counted(self) -> int:
        return self.alone + self.group_counted

    @property
    def missing(self) -> int:
        """Minutes still to come."""
        return max(0, MINUTES_NEEDED - self.counted)

    @property
    def missing_alone(self) -> int:
        """Minutes one to one still to come."""
        return max(0, MINUTES_ALONE_NEEDED - self.alone)

    @property
    def complete(self) -> bool:
        return not self.missing and not self.missing_alone and self.months_passed


def add_up(meetings: Sequence[Meeting]) -> Sum:
    """The hours of `meetings`, in any order; none at all adds up to nothing."""
    alone = sum(m.minutes for m in meetings if m.group_size == 1)
    group = sum(m.minutes for m in meetings if m.group_size > 1 and m.counts)
    days = [m.day for m in meetings if m.counts]
    return Sum(
        alone=alone,
        group=group,
        group_counted=min(group, MINUTES_NEEDED - MINUTES_ALONE_NEEDED),
        months_passed=bool(days) and max(days) >= _months_later(min(days), MONTHS_NEEDED),
    )


def mark_of(meetings: Sequence[Meeting]) -> str:
    """A mark of exactly these hours: a signature holds for what it was given on and nothing else.

    Which session was discussed is left out: it goes when its client takes a yes back, and the hours stay signed.
    """
    lines = (f"{m.day.isoformat()} {m.minutes} {m.group_size}" for m in meetings)
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month when there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
