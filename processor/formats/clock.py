"""Times of day as captions and TIMELINE files write them."""

from __future__ import annotations

import re

CLOCK = re.compile(r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)(?:[.,](\d{1,3}))?")


def milliseconds(clock: str) -> int:
    """`01:02:03.500` as whole milliseconds; hours and fraction may be missing. ValueError for anything else."""
    match = CLOCK.fullmatch(clock.strip())
    if not match:
        raise ValueError("not a time of the form hours:minutes:seconds")
    hours, minutes, seconds, fraction = match.groups()
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((fraction or "0").ljust(3, "0"))


def clock(at_ms: int) -> str:
    """`at_ms` as `hh:mm:ss.mmm`."""
    seconds, rest = divmod(at_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
