"""Readings put together by hand: scripts whose signals, phases, moves and comings-in a test gives itself."""

from __future__ import annotations

from dataclasses import replace

from processor.analysis.coming_in import ComingIn
from processor.analysis.floor import Moment
from processor.analysis.measures.reading import Reading
from processor.analysis.measures.view import view_of
from processor.analysis.script import write_script
from processor.analysis.utterances import find_stretches
from processor.knowledge.loading import FOLDER, read_lexicon
from processor.model.floor import FloorKind, UtteranceKind
from processor.model.people import Role
from processor.model.reading import Move, PhaseSpan, SignalId
from processor.model.segment import Segment
from tests import builders

LEXICON = read_lexicon(FOLDER / "en" / "lexicon.toml")
ROLES = {"SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT, "SPEAKER_02": Role.OTHER}


def reading(
    script: str,
    *,
    moves: tuple[Move, ...] = (),
    phases: tuple[PhaseSpan, ...] = (),
    moments: tuple[Moment, ...] = (),
    gaps: tuple[Segment, ...] = (),
    duration_ms: int = 60_000,
) -> Reading:
    """What was read of `script`: its signals have the chances that stand there, every phase is as likely as another."""
    session = replace(builders.session(script, duration_ms=duration_ms), gaps=gaps)
    found = builders.findings(script)
    stretches = find_stretches(session, LEXICON)
    assert [s.segment for s in stretches] == [u.segment for u in found.utterances], "a line is not one utterance"
    quiet = frozenset(i for i, u in enumerate(found.utterances) if u.kind is UtteranceKind.BACKCHANNEL)
    lines = write_script(stretches, quiet, ROLES, LEXICON)
    given = {r.utterance: {s.id: s.confidence for s in r.signals} for r in found.readings}
    ids = tuple(found.utterances[line.number].id for line in lines.lines)
    signals = tuple(
        dict.fromkeys(SignalId, 0.0) | given[ids[i]] if line.role is Role.COACH else {}
        for i, line in enumerate(lines.lines)
    )
    even = ((0.25,) * 4,) * len(lines.lines)
    view = view_of(session, found.utterances, ROLES)
    return Reading(view, lines, ids, signals, moments, phases, even, moves, LEXICON)


def moment(own: int, over: int, chance: float = 0.0, *, dual: bool = False, goes_on_ms: int = 0) -> Moment:
    """Utterance `own` coming in on `over`, both counted from 1 as in their ids, an interruption with this chance."""
    coming = ComingIn(own - 1, over - 1, dual=dual, goes_on_ms=goes_on_ms, row=())
    return Moment(coming, {FloorKind.INTERRUPTION: chance})
