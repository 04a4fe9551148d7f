"""Who set the course: the ledger of moves, in words."""

from __future__ import annotations

from processor.model.measures import Measure
from processor.model.people import Role
from processor.model.reading import LedBy, Move
from reports.audience import Audience
from reports.call import Call, sure_of
from reports.phrases import count
from reports.report import Led, MoveLine
from reports.wording import persons, say, term

SHOWN_FROM = 0.5
"""A move that is less likely than not is not listed; its chance is part of the count."""

_NONE_HEARD = "No change of course was heard surely enough to be counted."

_LINE = {
    LedBy.CLIENT: "{Client} set the course more often.",
    LedBy.COACH: "{Coach} set the course more often.",
    LedBy.SHARED: "{Coach} and {client} both set the course.",
    LedBy.CANNOT_TELL: "Who set the course cannot be told.",
}


def led(call: Call, audience: Audience) -> Led:
    """One sentence, what it rests on, choices offered and taken, and every move that can be heard again.

    A client sees their own share and nothing else: the rest would mark the coach.
    """
    leading = call.findings.leading
    if audience is Audience.CLIENT:
        return Led(line=_own_share(leading.moves), counts="", choices="")
    shown = tuple(m for m in leading.moves if m.confidence >= SHOWN_FROM)
    return Led(
        line=say(_LINE[leading.led_by], audience),
        counts=say(_counts(leading.moves), audience),
        choices=say(_choices(call), audience),
        note=_note(leading.moves, shown),
        moves=tuple(_line(call, audience, move) for move in shown),
    )


def _own_share(moves: tuple[Move, ...]) -> str:
    """The client's own changes of course among those of both."""
    by = _chances(moves)
    whole = by[Role.CLIENT] + by[Role.COACH]
    if not whole:
        return _NONE_HEARD
    changes = "changes" if whole > 1 else "change"
    return f"Of about {whole} {changes} of course, {by[Role.CLIENT] or 'none'} came from you."


def _counts(moves: tuple[Move, ...]) -> str:
    """How many changes of course there were by each: sums of chances, so the total is their sum too."""
    by = _chances(moves)
    whole = sum(by.values())
    if not whole:
        return _NONE_HEARD
    said = [f"{by[Role.CLIENT] or 'none'} by {{client}}", f"{by[Role.COACH] or 'none'} by {{coach}}"]
    if by[Role.OTHER]:
        said.append(f"{by[Role.OTHER]} by someone else")
    return f"About {whole} change{'s' if whole > 1 else ''} of course: {', '.join(said)}."


def _chances(moves: tuple[Move, ...]) -> dict[Role, int]:
    """How many moves each role made: the sum of their chances, as a whole number."""
    return {role: round(sum(m.confidence for m in moves if m.by is role)) for role in Role}


def _note(moves: tuple[Move, ...], shown: tuple[Move, ...]) -> str:
    counted = round(sum(m.confidence for m in moves))
    if not shown or len(shown) >= counted:
        return ""
    return f"The ledger names {len(shown)} of them; the rest are too unsure one by one."


def _choices(call: Call) -> str:
    offered, taken = call.measure("choices_offered_coach"), call.measure("choices_taken_client")
    if not isinstance(offered, Measure):
        return ""
    if offered.value < 0.5:
        return "No offer of a choice was heard."
    line = f"{{Coach}} offered a choice about {_times(offered.value)}"
    if not isinstance(taken, Measure):
        return f"{line}."
    return f"{line}; {count(taken.value) if taken.value >= 0.05 else 'none'} taken up at once."


def _times(value: float) -> str:
    return {"1": "once", "2": "twice"}.get(count(value), f"{count(value)} times")


def _line(call: Call, audience: Audience, move: Move) -> MoveLine:
    names = {Role.COACH: persons(audience)["Coach"], Role.CLIENT: persons(audience)["Client"]}
    taken = {True: "taken up", False: "not taken up", None: "cannot tell if taken up"}
    return MoveLine(
        place=call.place(call.utterance(move.utterance).segment.start_ms),
        who=names.get(move.by, "Someone else"),
        what=term("move", move.kind),
        cue=term("cue", move.cue) if move.cue else "changed the course",
        outcome=taken[move.taken_up],
        sure=term("sure", sure_of(move.confidence)),
    )
