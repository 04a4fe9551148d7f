"""Who led: the ledger of moves, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from processor.analysis.knowledge import Knowledge, Lexicon
from processor.analysis.script import Script
from processor.analysis.signals import Chances, any_of
from processor.analysis.thresholds import (
    ANSWER_WORDS,
    COUNTER_LINES,
    FEWEST_COACH_TURNS,
    NEW_TOPIC_SHARE,
    PULL_CLIENT,
    PULL_COACH,
    PULL_OF_TELLING,
)
from processor.analysis.wording import says
from processor.model.catalogue import Cue
from processor.model.people import Role
from processor.model.reading import Leading, LedBy, Move, MoveKind, Phase, SignalId


def lead_chances(script: Script, rows: Sequence[Sequence[float]], knowledge: Knowledge) -> tuple[float, ...]:
    """How likely each line sets or changes topic or direction."""
    heads = {Role.COACH: "leads_coach", Role.CLIENT: "leads_client", Role.OTHER: "leads_client"}
    found = [0.0] * len(script.lines)
    for role in Role:
        places = [i for i, line in enumerate(script.lines) if line.role is role]
        chances = knowledge.heads.probabilities(heads[role], [rows[i] for i in places])
        for i, p in zip(places, chances, strict=True):
            found[i] = p
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LineMeaning:
    """What the ledger looks at, line by line: chance of leading, phase, signals, and the lines that cut in."""

    leads: Sequence[float]
    phases: Sequence[Phase]
    signals: Chances
    interrupting: frozenset[int]


def ledger(
    script: Script, ids: Sequence[str], meaning: LineMeaning, knowledge: Knowledge, lexicon: Lexicon
) -> tuple[Move, ...]:
    """The moves: lines that likely enough set or change topic, direction or phase.

    `ids` are the utterance ids of the lines.
    """
    places = [i for i, p in enumerate(meaning.leads) if p >= knowledge.lead_threshold]
    moves = []
    for i in places:
        kind = _kind(i, meaning.phases, script, lexicon)
        cue = _cue(i, kind, meaning, script, lexicon)
        moves.append(Move(ids[i], script.lines[i].role, kind, _taken_up(i, places, script), meaning.leads[i], cue))
    return tuple(moves)


def _kind(i: int, phases: Sequence[Phase], script: Script, lexicon: Lexicon) -> MoveKind:
    if i > 0 and phases[i] is not phases[i - 1]:
        return MoveKind.PHASE
    new = _new_words(i, script)
    if phases[i] is Phase.OPENING or says(lexicon, "client_goal", script.lines[i].plain) or new >= NEW_TOPIC_SHARE:
        return MoveKind.TOPIC
    return MoveKind.DIRECTION


def _new_words(i: int, script: Script) -> float:
    """The share of the line's content words that nobody said before."""
    before = {w for line in script.lines[:i] for w in line.content}
    own = set(script.lines[i].content)
    return len(own - before) / len(own) if own else 0.0


TO_PHASE = {Phase.ACTION: Cue.TO_ACTION, Phase.CLOSING: Cue.TO_CLOSE, Phase.EXPLORATION: Cue.TO_EXPLORATION}


def _cue(i: int, kind: MoveKind, meaning: LineMeaning, script: Script, lexicon: Lexicon) -> Cue:
    if i in meaning.interrupting:
        return Cue.CUT_IN
    if kind is MoveKind.PHASE and meaning.phases[i] in TO_PHASE:
        return TO_PHASE[meaning.phases[i]]
    if script.lines[i].role is Role.COACH:
        return Cue.ANNOUNCED if meaning.signals[i].get(SignalId.CHOOSE_PATH, 0.0) >= 0.5 else Cue.STEERED
    return _client_cue(i, meaning.phases[i], script, lexicon)


def _client_cue(i: int, phase: Phase, script: Script, lexicon: Lexicon) -> Cue:
    line, before = script.lines[i], script.before[i]
    if before is not None and says(lexicon, "offer_choice", script.lines[before].plain):
        return Cue.CHOICE
    if phase is Phase.OPENING:
        return Cue.GOAL
    if phase is Phase.ACTION and says(lexicon, "client_commit", line.plain):
        return Cue.COMMITMENT
    return Cue.NEW_TOPIC if _new_words(i, script) >= 0.5 else Cue.BACK_TO


def _taken_up(i: int, places: Sequence[int], script: Script) -> bool | None:
    """Whether the other went along: answered at some length or in its words, and made no move against it at once."""
    after = script.after[i]
    if after is None:
        return None
    mine = script.lines[i].role
    against = any(i < j <= i + COUNTER_LINES and script.lines[j].role is not mine for j in places)
    answer = script.lines[after]
    shares = bool(set(answer.content) & set(script.lines[i].content))
    return not against and (shares or answer.words >= ANSWER_WORDS)


TELLING = (
    SignalId.ADVISE, SignalId.CHOOSE_PATH, SignalId.LEADING_QUESTION, SignalId.OWN_THINKING, SignalId.MAKE_MEANING,
    SignalId.REJECT_CORRECTION,
)  # fmt: skip
ASKING = (
    SignalId.ASK_AGREEMENT, SignalId.CHECK_IN, SignalId.INVITE_MEANING, SignalId.ASK_ACTION, SignalId.ASK_CLOSE,
)  # fmt: skip


def who_led(moves: Sequence[Move], signals: Chances, *, roles_known: bool = True) -> Leading:
    """Who set the course, by `pull`: below PULL_CLIENT the client, above PULL_COACH the coach, between them both.

    Fewer than FEWEST_COACH_TURNS lines of the coach, or no move at all, cannot tell, nor do roles that are not known.
    """
    if not roles_known:
        return Leading(LedBy.CANNOT_TELL, tuple(moves), "it is not certain who is the coach")
    if sum(bool(chances) for chances in signals) < FEWEST_COACH_TURNS or not moves:
        return Leading(LedBy.CANNOT_TELL, tuple(moves), "too little was said to tell")
    drawn = pull(moves, signals)
    led = LedBy.CLIENT if drawn < PULL_CLIENT else LedBy.COACH if drawn > PULL_COACH else LedBy.SHARED
    coach = sum(m.by is Role.COACH for m in moves)
    return Leading(led, tuple(moves), f"{coach} of {len(moves)} moves came from the coach")


def pull(moves: Sequence[Move], signals: Chances) -> float:
    """How far the coach set the course, 0 to 1.

    PULL_OF_TELLING parts: of the coach's expected lines that tell or direct or else ask the client for aim, meaning,
    action or close, those that tell. The rest: the coach's part of the moves, weighted by confidence.
    """
    told = sum(any_of(chances, TELLING) for chances in signals if chances)
    asked = sum(any_of(chances, ASKING) for chances in signals if chances)
    weight = {role: sum(m.confidence for m in moves if m.by is role) for role in Role}
    told_share = told / max(0.01, told + asked)
    move_share = weight[Role.COACH] / max(0.01, weight[Role.COACH] + weight[Role.CLIENT])
    return PULL_OF_TELLING * told_share + (1 - PULL_OF_TELLING) * move_share
