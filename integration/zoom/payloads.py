"""Reading Zoom's JSON leniently: what is missing or odd becomes empty, and no text can break what stores it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]
"""An object as json.loads gives it."""

LONGEST_TEXT = 4000
LONGEST_SHOWN = 300
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def part(thing: Json, key: str) -> Json:
    """The object under `key`; an empty one when there is none."""
    value = thing.get(key)
    return value if isinstance(value, dict) else {}


def parts(thing: Json, key: str) -> list[Json]:
    """The objects in the list under `key`."""
    value = thing.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(thing: Json, key: str) -> str:
    """The text or number under `key` as text; Zoom gives ids as both."""
    return _plain(thing.get(key))


def texts(thing: Json, key: str) -> list[str]:
    """The texts in the list under `key`, without empty ones."""
    value = thing.get(key)
    found = [_plain(item) for item in value] if isinstance(value, list) else []
    return [item for item in found if item]


def count(thing: Json, key: str) -> int:
    """The whole number under `key`, given as number or text; 0 when there is none."""
    value = text(thing, key)
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else 0


def shown(words: str) -> str:
    """A title or a name as one line that can be shown: no control characters, no more than LONGEST_SHOWN characters."""
    return CONTROL.sub(" ", words).strip()[:LONGEST_SHOWN]


def time_ms(written: str) -> int:
    """Milliseconds since 1970 of a time as Zoom writes it (2026-11-20T09:00:12Z); 0 when there is none to read."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, round(moment.timestamp() * 1000))


def _plain(value: object) -> str:
    """Text that any store can take: no NUL, no half of a surrogate pair, not endless."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    whole = str(value)[:LONGEST_TEXT].replace("\0", "")
    return whole.encode("utf-8", "replace").decode()
