"""Fields of forms, read strictly: what is no number is no answer."""

from __future__ import annotations

import re

from flask import request

_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)$")


def whole(name: str, *, most: int) -> int | None:
    """A whole number from 0 to `most`; None when the field is empty or holds something else."""
    text = request.form.get(name, "").strip()
    if not text.isascii() or not text.isdigit() or int(text) > most:
        return None
    return int(text)


def share_of(name: str) -> float | None:
    """A share, typed as per cent."""
    per_cent = whole(name, most=100)
    return None if per_cent is None else per_cent / 100


def place(name: str) -> int | None:
    """A place in the recording in ms, typed as 7:05 or 1:02:05; None when it is not one."""
    match = _CLOCK.match(request.form.get(name, "").strip())
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000
