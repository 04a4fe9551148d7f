"""What the talk meant: signals, phases, partnering groups, who led."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from processor.model.people import Role
from processor.model.segment import Segment


class SignalId(StrEnum):
    """What a coach's utterance does (defined in docs/partnering.md); several may hold at once."""

    ASK_AGREEMENT = "ask_agreement"
    CHECK_IN = "check_in"
    INVITE_MEANING = "invite_meaning"
    ASK_ACTION = "ask_action"
    ASK_CLOSE = "ask_close"
    ACKNOWLEDGE = "acknowledge"
    OBSERVE = "observe"
    REFLECT = "reflect"
    ACCEPT_CORRECTION = "accept_correction"
    OPEN_QUESTION = "open_question"
    CLOSED_QUESTION = "closed_question"
    LEADING_QUESTION = "leading_question"
    MAKE_MEANING = "make_meaning"
    STAY_ON_PROBLEM = "stay_on_problem"
    OWN_THINKING = "own_thinking"
    REJECT_CORRECTION = "reject_correction"
    CHOOSE_PATH = "choose_path"
    ADVISE = "advise"
    MANAGE = "manage"


class Phase(StrEnum):
    """What a stretch of the conversation is about; a phase may come back."""

    OPENING = "opening"
    EXPLORATION = "exploration"
    ACTION = "action"
    CLOSING = "closing"


class Group(StrEnum):
    """The five places where the coach can ask instead of deciding."""

    AGREEMENT = "agreement"
    CHECK_IN = "check_in"
    MEANING = "meaning"
    ACTION = "action"
    CLOSE = "close"


class Heard(StrEnum):
    """How far a partnering group was heard; a question that nobody answered is only partly heard."""

    HEARD = "heard"
    PARTLY = "partly"
    NOT_HEARD = "not_heard"
    CANNOT_TELL = "cannot_tell"


class MoveKind(StrEnum):
    """What a move changes."""

    TOPIC = "topic"
    DIRECTION = "direction"
    PHASE = "phase"


class LedBy(StrEnum):
    """Who set the course of the call, by the ledger of moves."""

    CLIENT = "client"
    COACH = "coach"
    SHARED = "shared"
    CANNOT_TELL = "cannot_tell"


class IsCoaching(StrEnum):
    """Whether the call reads as coaching at all."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal that an utterance gives, with the probability (0 to 1) that a careful listener would agree."""

    id: SignalId
    confidence: float


@dataclass(frozen=True, slots=True)
class UtteranceReading:
    """What was read in one utterance: the phase it belongs to, the signals it gives (said ones only), and
    `expected`: the calibrated probability of every signal, so that a count can be a sum of probabilities."""

    utterance: str
    phase: Phase
    signals: tuple[Signal, ...] = ()
    expected: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A stretch of the call in one phase."""

    phase: Phase
    segment: Segment


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a partnering group was heard, with the utterances that show it."""

    group: Group
    state: Heard
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A change of topic, direction or phase. `cue` is a short code of what gave it away, never words that were said."""

    utterance: str
    by: Role
    kind: MoveKind
    taken_up: bool | None
    confidence: float
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Leading:
    """The ledger of moves, and what follows from it."""

    led_by: LedBy
    moves: tuple[Move, ...] = ()
    why: str = ""
