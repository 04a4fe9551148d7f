"""Zoom's TIMELINE file: who was the active speaker, to about a second. Good for naming voices, never for turns.

The format is not documented by Zoom; this follows what recordings hold.
"""

from __future__ import annotations

import json

from processor.formats.clock import milliseconds
from processor.model.segment import Segment
from processor.model.speech import Annotation, SpeechSpan

LAST_HOLDS_MS = 5_000
"""How long the last entry is taken to hold, since nothing ends it. Ours; the file says nothing."""


def load(text: str) -> Annotation:
    """When each named person was shown as speaking; label = display name. Empty when the file is missing its parts.

    An entry is a change point: it holds until the next. A file that cannot be read gives an empty
    annotation and no error, because names are a help and not a need.
    """
    try:
        root = json.loads(text)
        entries = root.get("timeline_refine") or root.get("timeline") or []
        points = [(milliseconds(entry["ts"]), _names(entry)) for entry in entries]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Annotation()
    points.sort(key=lambda point: point[0])
    ends = [start for start, _ in points[1:]] + [start + LAST_HOLDS_MS for start, _ in points[-1:]]
    return Annotation.of(
        SpeechSpan(Segment(start, end), name)
        for (start, names), end in zip(points, ends, strict=True)
        for name in names
        if end > start
    )


def _names(entry: dict[str, object]) -> list[str]:
    users = entry.get("users") or []
    if not isinstance(users, list):
        raise TypeError("users")
    return [str(user["username"]).strip() for user in users if str(user.get("username") or "").strip()]
