"""Floor events of real meetings (ICSI/MRDA, handed in as a file, never kept here) as sessions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from processor.formats.words_json import speech_from_words
from processor.model.people import Participant, Role
from processor.model.segment import Segment
from processor.model.session import Session, Source
from processor.model.speech import Word

APART_MS = 12_000
EXPECTED = {
    "interruption": "interruption",
    "completion": "completion",
    "backchannel": "backchannel",
    "short_ack": "backchannel",
}


def session_of_events(
    events: Sequence[dict[str, Any]], *, as_heard: bool, seed: int
) -> tuple[Session, list[int]]:
    """All events one after another as one session of two voices, and the start of B in each.

    `as_heard` = without cut-off words and um/uh, word times off by 0.2 s (standard deviation), as from a recogniser.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    words: list[Word] = []
    starts: list[int] = []
    at = 2_000
    for event in events:
        first = min(event["A"]["start"], event["B"]["start"])
        for side, label in (("A", "SPEAKER_00"), ("B", "SPEAKER_01")):
            for start, end, text in event[side]["words"]:
                if as_heard and (text.endswith("-") or text in ("um", "uh")):
                    continue
                off = round(chance.gauss(0, 200)) if as_heard else 0
                start_ms = max(at, at + round(1000 * (start - first)) + off)
                end_ms = max(start_ms + 20, at + round(1000 * (end - first)) + off)
                words.append(Word(text, Segment(start_ms, end_ms), label, 0.9))
        starts.append(at + round(1000 * (event["B"]["start"] - first)))
        at += round(1000 * (max(event["A"]["end"], event["B"]["end"]) - first)) + APART_MS
    words.sort(key=lambda w: w.segment.start_ms)
    people = (Participant("SPEAKER_00", "A", Role.COACH), Participant("SPEAKER_01", "B", Role.CLIENT))
    session = Session("en", at, Source.GIVEN, people, tuple(words), speech_from_words(words), speech_given=False)
    return session, starts
