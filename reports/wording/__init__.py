"""All words of a report that belong to a measure, a signal, a phase or a reason: data, in one place.

One sentence serves all readers. `{coach}`, `{coachs}`, `{client}`, `{clients}` (and the same with a
capital) stand for the persons as this reader knows them.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from reports.audience import Audience

_PERSONS = {
    Audience.COACH: {"coach": "you", "coachs": "your", "client": "your client", "clients": "your client's"},
    Audience.SUPERVISOR: {
        "coach": "the coach",
        "coachs": "the coach's",
        "client": "the client",
        "clients": "the client's",
    },
    Audience.CLIENT: {"coach": "your coach", "coachs": "your coach's", "client": "you", "clients": "your"},
}


@cache
def table(name: str) -> dict[str, Any]:
    """The wording file `name`: measures, signals, states or experiments."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def persons(audience: Audience) -> dict[str, str]:
    """What coach and client are called for `audience`, with and without a capital."""
    names = _PERSONS[audience]
    return names | {key.capitalize(): name[0].upper() + name[1:] for key, name in names.items()}


def say(sentence: str, audience: Audience, **values: object) -> str:
    """`sentence` for `audience`, its persons and `values` filled in."""
    return sentence.format(**persons(audience), **values)


def term(kind: str, key: str) -> str:
    """One word of states.toml: `key` in the group `kind`, such as "fair" in "sure"."""
    word: str = table("states")[kind][key]
    return word


def entry(kind: str, key: str) -> dict[str, str]:
    """Several words of states.toml: those of `key` in the group `kind`, such as "attempt" in "floor"."""
    words: dict[str, str] = table("states")[kind][key]
    return words
