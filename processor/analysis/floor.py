"""How the floor went from one to the other: backchannels, turns, transfers, and ways of coming in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processor.analysis.coming_in import NAMES, ComingIn
from processor.analysis.knowledge import Knowledge, Lexicon
from processor.analysis.script import Script
from processor.analysis.thresholds import (
    COMPLETION_LISTED,
    DUAL_CONFIDENCE,
    DUAL_CUT_OFF,
    EVENT_SAID,
    INTERRUPTION_LISTED,
    INTERRUPTION_UNWRITTEN,
    RESUMED_TURNS,
)
from processor.analysis.turns import followed, unbroken
from processor.analysis.utterances import Stretch
from processor.analysis.wording import content_words, plain_words
from processor.model.floor import FloorEvent, FloorKind, FloorTransfer, Turn, Utterance, UtteranceKind
from processor.model.segment import Segment

TAKING = (FloorKind.INTERRUPTION, FloorKind.COMPLETION, FloorKind.ATTEMPT, FloorKind.COOPERATIVE)
_CODED = {name: place for place, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Moment:
    """A coming-in that is no backchannel, with the probability of each way of it."""

    coming: ComingIn
    chances: Mapping[FloorKind, float]


def backchannel_chances(comings: Sequence[ComingIn], knowledge: Knowledge) -> dict[int, float]:
    """How likely each utterance that comes in is a mere "I am with you", by its number."""
    candidates = [c for c in comings if c.row[_CODED["no_backchannel_words"]] <= 3]
    found = knowledge.heads.probabilities("backchannel", [c.row for c in candidates])
    return {c.own: p for c, p in zip(candidates, found, strict=True)}


def short_inside(stretches: Sequence[Stretch]) -> frozenset[int]:
    """Without a lexicon: utterances of one or two words inside somebody else's."""
    return frozenset(
        i
        for i, s in enumerate(stretches)
        if len(s.words) <= 2
        and any(
            o.label != s.label and o.segment.start_ms < s.segment.start_ms and s.segment.end_ms < o.segment.end_ms
            for o in stretches[max(0, i - 12) : i]
        )
    )


def moments(comings: Sequence[ComingIn], script: Script, knowledge: Knowledge) -> tuple[Moment, ...]:
    """Every coming-in that is no backchannel, and how likely it is an interruption, a completion, ..."""
    lines = {line.number for line in script.lines}
    found = [c for c in comings if c.own in lines and c.over in lines]
    columns = {kind: knowledge.heads.probabilities(kind, [c.row for c in found]) for kind in TAKING}
    return tuple(
        Moment(c, {kind: _fitting(kind, c, columns[kind][i]) for kind in TAKING}) for i, c in enumerate(found)
    )


def _fitting(kind: FloorKind, coming: ComingIn, chance: float) -> float:
    """An attempt or a cooperative overlap lies inside the other's utterance.

    A dual start may only be an interruption besides, and a doubtful one: one of the two gave way in the middle.
    """
    if coming.dual:
        return min(chance, DUAL_CUT_OFF) if kind is FloorKind.INTERRUPTION else 0.0
    inside = coming.row[_CODED["outlast"]] <= 0 and coming.row[_CODED["overlap"]] > 0
    return 0.0 if kind in (FloorKind.ATTEMPT, FloorKind.COOPERATIVE) and not inside else chance


def utterances_of(
    stretches: Sequence[Stretch], backchannels: frozenset[int], cut: frozenset[int]
) -> tuple[Utterance, ...]:
    """The stretches with their ids and kinds; `cut` are those that break off."""
    return tuple(
        Utterance(
            id=f"u{i + 1:03d}",
            label=s.label,
            segment=s.segment,
            kind=UtteranceKind.BACKCHANNEL if i in backchannels else UtteranceKind.TURN,
            words=s.words,
            cut_off=i in cut,
        )
        for i, s in enumerate(stretches)
    )


def find_turns(utterances: Sequence[Utterance]) -> tuple[Turn, ...]:
    """Runs of utterances by one voice in which no other voice talks; backchannels part nothing."""
    said = (u for u in utterances if u.kind is not UtteranceKind.BACKCHANNEL)
    return tuple(
        Turn(
            run[0].label,
            Segment(run[0].segment.start_ms, max(u.segment.end_ms for u in run)),
            tuple(u.id for u in run),
            sum(len(u.words) for u in run),
        )
        for run in unbroken(said, lambda utterance: utterance.label)
    )


def find_transfers(turns: Sequence[Turn], gaps: Sequence[Segment] = ()) -> tuple[FloorTransfer, ...]:
    """The passing of the floor from the turn that ends last before, or while, another voice's begins.

    Negative offsets are overlap. What was not recorded (`gaps`) passes no floor.
    """
    return tuple(
        FloorTransfer(a.label, b.label, b.segment.start_ms - a.segment.end_ms)
        for a, b in followed(turns, lambda turn: turn.label, gaps)
    )


def events_of(
    utterances: Sequence[Utterance],
    comings: Sequence[ComingIn],
    backchannel: Mapping[int, float],
    found: Sequence[Moment],
    lexicon: Lexicon,
) -> tuple[FloorEvent, ...]:
    """Everything that is likely enough to be listed, in order of start."""
    over = {c.own: c for c in comings}
    events = []
    for i, utterance in enumerate(utterances):
        if utterance.kind is UtteranceKind.BACKCHANNEL:
            spoken_to = utterances[over[i].over].id if i in over else None
            chance = backchannel.get(i, EVENT_SAID)
            events.append(_event(FloorKind.BACKCHANNEL, utterance, chance, spoken_to))
    for moment in found:
        events += _listed(moment, utterances, lexicon)
    return tuple(sorted(events, key=lambda e: (e.segment, e.by, e.kind)))


def _listed(moment: Moment, utterances: Sequence[Utterance], lexicon: Lexicon) -> list[FloorEvent]:
    coming = moment.coming
    own, other = utterances[coming.own], utterances[coming.over]
    found = []
    if coming.dual:
        found.append(_event(FloorKind.SIMULTANEOUS, other, DUAL_CONFIDENCE, own.id))
        found.append(_event(FloorKind.SIMULTANEOUS, own, DUAL_CONFIDENCE, other.id))
    unwritten = coming.row[_CODED["written_end_over"]] == 0
    least = {
        FloorKind.INTERRUPTION: INTERRUPTION_UNWRITTEN if unwritten else INTERRUPTION_LISTED,
        FloorKind.COMPLETION: COMPLETION_LISTED,
    }
    # A kind too unlikely to be listed must not keep out one that is likely enough for its own.
    listed = [k for k in TAKING if moment.chances[k] >= least.get(k, EVENT_SAID)]
    if listed:
        kind = max(listed, key=lambda k: moment.chances[k])
        announced = coming.row[_CODED["announced"]] > 0
        resumed = thought_resumed(coming, utterances, lexicon) if kind is FloorKind.INTERRUPTION else None
        found.append(_event(kind, own, moment.chances[kind], other.id, announced=announced, resumed=resumed))
    return found


def _event(
    kind: FloorKind,
    utterance: Utterance,
    confidence: float,
    over: str | None,
    *,
    announced: bool = False,
    resumed: bool | None = None,
) -> FloorEvent:
    return FloorEvent(
        kind, utterance.label, utterance.segment, confidence, utterance.id, over, announced=announced, resumed=resumed
    )


def thought_resumed(coming: ComingIn, utterances: Sequence[Utterance], lexicon: Lexicon) -> bool | None:
    """Whether the one cut off takes up a word of the cut utterance in the next RESUMED_TURNS turns.

    None when that utterance had no word to tell by, or nothing more was said.
    """
    cut = utterances[coming.over]
    words = set(content_words(plain_words(cut.words), lexicon))
    later = [
        u
        for u in utterances[coming.own + 1 :]
        if u.label == cut.label and u.kind is UtteranceKind.TURN and u.segment.start_ms >= cut.segment.end_ms
    ][:RESUMED_TURNS]
    if not words or not later:
        return None
    return any(words & set(content_words(plain_words(u.words), lexicon)) for u in later)
