"""Who set the course: the ledger of moves, in words."""

from __future__ import annotations

from processor.model.measures import Measure
from processor.model.people import Role
from processor.model.reading import LedBy, Move
from reports.audience import Audience
from reports.call import Call
from reports.phrases import count
from reports.report import Led, MoveLine
from reports.wording import persons, say, term

SHOWN_FROM = 0.5
"""A move that is less likely than not is not listed; its chance is part of the count."""

_NONE_HEARD = "No change of course was heard surely enough to be counted."

_LINE = {
    LedBy.CLIENT: "{Client} led more than {coach}.",
    LedBy.COACH: "{Coach} led more than {client}.",
    LedBy.SHARED: "{Coach} and {client} both led.",
    LedBy.CANNOT_TELL: "Who led cannot be told.",
}

_TOLD_OR_ASKED = "How much was told or asked counts too."
"""Said where the counts alone would point elsewhere. # Source: docs/measures.md, who led."""


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
        counts=say(_counts(leading.moves, leading.led_by), audience),
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


def _counts(moves: tuple[Move, ...], led_by: LedBy) -> str:
    """How many changes of course there were by each: sums of chances, so the total is their sum too."""
    by = _chances(moves)
    whole = sum(by.values())
    if not whole:
        return _NONE_HEARD
    said = [f"{by[Role.CLIENT] or 'none'} by {{client}}", f"{by[Role.COACH] or 'none'} by {{coach}}"]
    if by[Role.OTHER]:
        said.append(f"{by[Role.OTHER]} by someone else")
    line = f"About {whole} change{'s' if whole > 1 else ''} of course: {', '.join(said)}."
    more = by[Role.COACH] - by[Role.CLIENT]
    elsewhere = (led_by is LedBy.COACH and more <= 0) or (led_by is LedBy.CLIENT and more >= 0)
    return f"{line} {_TOLD_OR_ASKED}" if elsewhere else line


def _chances(moves: tuple[Move, ...]) -> dict[Role, int]:
    """How many moves each role made: the sum of their chances, as a whole number."""
    return {role: round(sum(m.confidence for m in moves if m.by is role)) for role in Role}


def _note(moves: tuple[Move, ...], shown: tuple[Move, ...]) -> str:
    counted = sum(_chances(moves).values())
    if not shown or len(shown) == len(moves) or len(shown) >= counted:
        return ""
    return f"Listed here: {len(shown)} of them. The rest are too unsure one by one."


def _choices(call: Call) -> str:
    offered, taken = call.measure("choices_offered_coach"), call.measure("choices_taken_client")
    if not isinstance(offered, Measure):
        return ""
    if offered.value < 0.5:
        return "No offer of a choice was heard."
    line = f"{{Coach}} offered about {count(offered.value)} choice{'' if round(offered.value) == 1 else 's'}"
    if not isinstance(taken, Measure):
        return f"{line}."
    return f"{line}; {count(taken.value) if taken.value >= 0.5 else 'none'} taken up at once."


def _line(call: Call, audience: Audience, move: Move) -> MoveLine:
    names = {Role.COACH: persons(audience)["Coach"], Role.CLIENT: persons(audience)["Client"]}
    taken = {True: "taken up", False: "not heard to be taken up", None: "cannot tell if taken up"}
    return MoveLine(
        place=call.place(call.utterance(move.utterance).segment.start_ms),
        who=names.get(move.by, "Someone else"),
        what=term("move", move.kind),
        cue=term("cue", move.cue) if move.cue else "changed the course",
        outcome=taken[move.taken_up],
        sure=term("sure", call.sure_of(move.confidence)),
    )
