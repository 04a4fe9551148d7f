"""Any field of any event may be missing or odd; on both databases, because only one of them minds long texts."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from integration.errors import EventNotUnderstood
from integration.zoom import arrival, intake
from integration.zoom.events import Event, parse
from integration.zoom.standin import events
from tests.both_databases import database_url
from tests.conftest import Clock
from tests.integration.zoom.practice import NINE, Practice, film

__all__ = ["database_url"]

LONG = "\u202eodd 🌱" * 500
Json = dict[str, Any]


def one_of_each(practice: Practice) -> list[Json]:
    """Every event that Zoom is asked to tell, of one recording with all kinds of files."""
    world = practice.zoom.world
    meeting = practice.record(mixed=film(), tracks={"Dana": film(), "Ana": film()}, timeline=b"{}")
    told = ("completed", "transcript_completed", "trashed", "recovered")
    return [
        *(practice.zoom.event(meeting, f"recording.{word}") for word in told),
        events.batch_trashed(world, [meeting]),
        events.batch(world, [meeting], "recording.batch_recovered"),
        events.renamed(world, meeting, "New"),
        events.ended(world, meeting, NINE),
        events.participant(world, meeting, "1", NINE, joined=True),
        events.participant(world, meeting, "1", NINE, joined=False),
        events.deauthorized(world, "somebody"),
        practice.zoom.event(meeting, "recording.deleted"),
    ]


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every field, however deep."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield (*way, key)
        yield from places(part, (*way, key))


def changed_at(event: Json, way: tuple[Any, ...], *instead: Any) -> bytes:
    """The event with one field missing, or with another value in it."""
    changed = copy.deepcopy(event)
    thing: Any = changed
    for key in way[:-1]:
        thing = thing[key]
    if instead:
        thing[way[-1]] = instead[0]
    else:
        del thing[way[-1]]
    return json.dumps(changed).encode()


def understood(body: bytes) -> Event | None:
    """The event, None when it is turned away with its reason."""
    try:
        return parse(body)
    except EventNotUnderstood as fault:
        return None if fault.code in {"EVENT_JSON", "EVENT_FORM"} else pytest.fail(fault.code)


@pytest.mark.parametrize(
    "instead", [(), (None,), (LONG,), ([{}],), (-1.5,)], ids=["missing", "null", "long", "list", "number"]
)
def test_any_field_may_be_missing_or_odd(practice: Practice, clock: Clock, instead: tuple[Any, ...]) -> None:
    """Each field of each event in turn: taken in or turned away with its reason, never a crash; and the calls that
    are known can be looked at afterwards."""
    taken = 0
    for event in one_of_each(practice):
        for way in places(event):
            clock.pass_time(1)
            told = understood(changed_at(event, way, *instead))
            if told is not None:
                intake.take_in(practice.services, practice.services.database, told, "x")
                taken += 1
    assert taken > 100
    with practice.services.database.transaction() as tx:
        for call in practice.calls():
            assert arrival.live_files(tx, tx.merge(call)) is not None
