"""Who set the course: the ledger of moves, in words."""

from __future__ import annotations

from processor.model.measures import Measure
from processor.model.people import Role
from processor.model.reading import LedBy, Move
from reports.audience import Audience
from reports.call import QUOTED_FROM, Call
from reports.phrases import about, count
from reports.report import Led, MoveLine
from reports.wording import persons, say, term

_NONE_HEARD = "No change of course was heard surely enough to be counted."

_LINE = {
    LedBy.CLIENT: "{Client} led more than {coach}.",
    LedBy.COACH: "{Coach} led more than {client}.",
    LedBy.SHARED: "{Coach} and {client} both led.",
    LedBy.CANNOT_TELL: "Who led cannot be told.",
}

_WEIGHS_MORE = {
    LedBy.CLIENT: "How much {coach} asked weighs more than the count.",
    LedBy.COACH: "How much {coach} told weighs more than the count.",
}
"""Said where the counts alone would point elsewhere. # Source: docs/measures.md, who led."""


def led(call: Call, audience: Audience) -> Led:
    """One sentence, what it rests on, choices offered and taken, and every move that is likely enough to be named.

    A less likely one is part of the count alone. A client sees their own share and nothing else: the rest would mark
    the coach.
    """
    leading = call.findings.leading
    if audience is Audience.CLIENT:
        return Led(line=_own_share(leading.moves), counts="", choices="")
    shown = tuple(m for m in leading.moves if m.confidence >= QUOTED_FROM)
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
    whole = round(by[Role.CLIENT]) + round(by[Role.COACH])
    if not whole:
        return _NONE_HEARD
    return f"Of about {whole} {_changes(whole)} of course, {_said(by[Role.CLIENT])} came from you."


def _counts(moves: tuple[Move, ...], led_by: LedBy) -> str:
    """How many changes of course there were by each: sums of chances, so the total is their sum too."""
    by = _chances(moves)
    whole = _whole(by)
    if not whole:
        return _NONE_HEARD
    said = [f"{_said(by[Role.CLIENT])} by {{client}}", f"{_said(by[Role.COACH])} by {{coach}}"]
    if round(by[Role.OTHER]):
        said.append(f"{_said(by[Role.OTHER])} by someone else")
    line = f"About {whole} {_changes(whole)} of course: {', '.join(said)}."
    more = round(by[Role.COACH]) - round(by[Role.CLIENT])
    elsewhere = (led_by is LedBy.COACH and more <= 0) or (led_by is LedBy.CLIENT and more >= 0)
    return f"{line} {_WEIGHS_MORE[led_by]}" if elsewhere else line


def _chances(moves: tuple[Move, ...]) -> dict[Role, float]:
    """How many moves each role made: the sum of their chances."""
    return {role: sum(m.confidence for m in moves if m.by is role) for role in Role}


def _whole(by: dict[Role, float]) -> int:
    """All of them as their parts are told, so that these add up."""
    return sum(map(round, by.values()))


def _changes(whole: int) -> str:
    return "changes" if whole > 1 else "change"


def _said(chances: float) -> str:
    """The same words for a sum of chances as the measure of it has."""
    return about(chances).removeprefix("about ")


def _note(moves: tuple[Move, ...], shown: tuple[Move, ...]) -> str:
    """What the list is not: neither all of them, nor each of them one; or that none is listed."""
    if shown:
        return "Only the likeliest are listed, and some of these may be none."
    return "No place is sure enough to point to." if _whole(_chances(moves)) else ""


def _choices(call: Call) -> str:
    offered, taken = call.measure("choices_offered_coach"), call.measure("choices_taken_client")
    if not isinstance(offered, Measure):
        return ""
    if offered.value < 0.5:
        return "No offer of a choice was found by its wording."
    line = f"{{Coach}} offered about {count(offered.value)} choice{'' if round(offered.value) == 1 else 's'}"
    if not isinstance(taken, Measure):
        return f"{line}."
    return f"{line}; {count(taken.value) if taken.value >= 0.5 else 'none'} taken up at once."


def _line(call: Call, audience: Audience, move: Move) -> MoveLine:
    names = {Role.COACH: persons(audience)["Coach"], Role.CLIENT: persons(audience)["Client"]}
    taken = {True: "taken up", False: "not plainly taken up", None: "cannot tell if taken up"}
    return MoveLine(
        place=call.place(call.utterance(move.utterance).segment.start_ms),
        who=names.get(move.by, "Someone else"),
        what=term("move", move.kind),
        cue=term("cue", move.cue) if move.cue else "changed the course",
        outcome=taken[move.taken_up],
        sure=term("sure", call.sure_of(move.confidence)),
    )
