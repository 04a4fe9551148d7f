"""A client's own part in their sessions over time: how much they spoke, and how often they set the course."""

from __future__ import annotations

import json
from dataclasses import dataclass

from integration.errors import StoreFault
from integration.store.record import FINDINGS
from integration.store.schema import Call
from integration.wiring import Services
from processor.model.measures import Unit
from reports.phrases import bounds, share


@dataclass(frozen=True, slots=True)
class OwnShare:
    """One session; a share is worded with its range, and empty when it could not be measured."""

    token: str
    started_ms: int
    talk: str
    led: str


def own_share(services: Services, call: Call) -> OwnShare:
    """The client's share of talk and of changes of course. No figure of the coach is in it beyond what is left over."""
    try:
        text = services.record(call.id).text(FINDINGS)
    except StoreFault:
        text = None
    measures = {} if text is None else {m["id"]: m for m in json.loads(text)["measures"]}
    talk = measures.get("talk_share_coach", {"value": None})
    led = measures.get("move_share_client", {"value": None})
    return OwnShare(
        token=call.token,
        started_ms=call.started_ms,
        talk="" if talk["value"] is None else _worded(1 - talk["value"], 1 - talk["high"], 1 - talk["low"]),
        led="" if led["value"] is None else _worded(led["value"], led["low"], led["high"]),
    )


def _worded(value: float, low: float, high: float) -> str:
    around = bounds(low, high, Unit.RATIO)
    return f"{share(value)} ({around})" if around else share(value)
