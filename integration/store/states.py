"""The life of a call: five stages in one direction, three ways aside."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a call is. Each stage reads one state and writes the next."""

    RECEIVED = "received"
    FETCHED = "fetched"
    HEARD = "heard"
    ANALYSED = "analysed"
    DELIVERED = "delivered"
    REFUSED = "refused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """A step of the work, named for what it does."""

    FETCH = "fetch"
    HEAR = "hear"
    ANALYSE = "analyse"
    DELIVER = "deliver"

    @property
    def reads(self) -> State:
        return _STEPS[self][0]

    @property
    def writes(self) -> State:
        return _STEPS[self][1]

    @property
    def next(self) -> Stage | None:
        """The stage that follows, None after the last."""
        return next((stage for stage in Stage if stage.reads is self.writes), None)


class Purpose(StrEnum):
    """What a client may agree to, each apart."""

    OWN_REPORT = "own_report"
    SUPERVISOR = "supervisor"
    CLIENT_COPY = "client_copy"
    AGGREGATE = "aggregate"
    QUOTE = "quote"


_STEPS = {
    Stage.FETCH: (State.RECEIVED, State.FETCHED),
    Stage.HEAR: (State.FETCHED, State.HEARD),
    Stage.ANALYSE: (State.HEARD, State.ANALYSED),
    Stage.DELIVER: (State.ANALYSED, State.DELIVERED),
}


def stage_reading(state: State) -> Stage | None:
    """The stage that carries a call in `state` on; None where nothing follows."""
    return next((stage for stage in Stage if stage.reads is state), None)
