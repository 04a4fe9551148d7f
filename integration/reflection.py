"""What the coach themself thinks of a call: a guess before reading, and a question to try next time."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from integration.store.record import Record
from processor.errors import ExchangeFileFault
from reports.context import Guess

REFLECTION = "reflection.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Reflection:
    """`revealed` = the report was opened, so no guess can come first any more. `experiment` is an id of the
    report's questions, `own_words` the coach's version of it."""

    guess: Guess | None = None
    revealed: bool = False
    experiment: str = ""
    own_words: str = ""


def reflection_of(record: Record) -> Reflection:
    """What the coach noted on this call; nothing at first."""
    text = record.text(REFLECTION)
    return Reflection() if text is None else _load(text)


def keep_reflection(record: Record, **changed: object) -> Reflection:
    """Note what changed, sealed with the call's key."""
    kept = replace(reflection_of(record), **changed)  # type: ignore[arg-type]  # names fields of Reflection
    record.keep_text(REFLECTION, json.dumps({"version": VERSION, **asdict(kept)}))
    return kept


def _load(text: str) -> Reflection:
    try:
        root = json.loads(text)
        guess = None if root["guess"] is None else Guess(**root["guess"])
        return Reflection(guess, root["revealed"], root["experiment"], root["own_words"])
    except (ValueError, KeyError, TypeError) as fault:
        raise ExchangeFileFault("the coach's notes cannot be read; restore them from a backup") from fault
