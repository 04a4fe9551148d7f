"""Every measure of the reading, every reason why one is missing, every cue of a move: what reports put into words.

Constants only. Definitions, formulas and sources are in docs/measures.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from processor.model.measures import Unit
from processor.model.reading import SignalId


class Reliability(StrEnum):
    """How well a kind of measure can be read at all: H agreement of 0.85 or more expected, M less, L show with care."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


class Whose(StrEnum):
    """Whom a measure is about."""

    COACH = "coach"
    CLIENT = "client"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """A measure that every reading holds, as a Measure or as NotMeasured, in the order of MEASURES.

    `times_only` = it needs no words, so it comes for any language.
    """

    id: str
    unit: Unit
    reliability: Reliability
    whose: Whose
    times_only: bool = False


_H, _M, _L = Reliability.HIGH, Reliability.MEDIUM, Reliability.LOW
_COACH, _CLIENT, _BOTH = Whose.COACH, Whose.CLIENT, Whose.BOTH
_RATIO, _COUNT, _MS, _WORDS = Unit.RATIO, Unit.COUNT, Unit.MILLISECONDS, Unit.WORDS
_PER_MINUTE, _PER_TEN = Unit.PER_MINUTE, Unit.PER_TEN_MINUTES

_TALK = (
    MeasureSpec("talk_share_coach", _RATIO, _H, _COACH, times_only=True),
    MeasureSpec("talk_share_coach_with_backchannels", _RATIO, _H, _COACH, times_only=True),
    MeasureSpec("word_share_coach", _RATIO, _H, _COACH, times_only=True),
    MeasureSpec("windows_led_in_talk_by_coach", _RATIO, _H, _COACH, times_only=True),
    MeasureSpec("windows_led_in_talk_by_client", _RATIO, _H, _CLIENT, times_only=True),
    MeasureSpec("windows_balanced_in_talk", _RATIO, _H, _BOTH, times_only=True),
    MeasureSpec("turns_per_minute", _PER_MINUTE, _H, _BOTH, times_only=True),
    MeasureSpec("turn_words_median_coach", _WORDS, _H, _COACH, times_only=True),
    MeasureSpec("turn_words_median_client", _WORDS, _H, _CLIENT, times_only=True),
    MeasureSpec("turn_words_p90_coach", _WORDS, _H, _COACH, times_only=True),
    MeasureSpec("turn_words_p90_client", _WORDS, _H, _CLIENT, times_only=True),
    MeasureSpec("turn_length_median_coach", _MS, _H, _COACH, times_only=True),
    MeasureSpec("turn_length_median_client", _MS, _H, _CLIENT, times_only=True),
    MeasureSpec("turn_length_p90_coach", _MS, _H, _COACH, times_only=True),
    MeasureSpec("turn_length_p90_client", _MS, _H, _CLIENT, times_only=True),
    MeasureSpec("long_turn_share_coach", _RATIO, _H, _COACH, times_only=True),
)
_SILENCE = (
    MeasureSpec("silence_share", _RATIO, _H, _BOTH, times_only=True),
    MeasureSpec("silence_share_opening", _RATIO, _M, _BOTH),
    MeasureSpec("silence_share_exploration", _RATIO, _M, _BOTH),
    MeasureSpec("silence_share_action", _RATIO, _M, _BOTH),
    MeasureSpec("silence_share_closing", _RATIO, _M, _BOTH),
    MeasureSpec("wait_median_coach", _MS, _M, _COACH, times_only=True),
    MeasureSpec("wait_under_200ms_share_coach", _RATIO, _M, _COACH, times_only=True),
    MeasureSpec("wait_over_1s_share_coach", _RATIO, _M, _COACH, times_only=True),
    MeasureSpec("wait_over_2s_share_coach", _RATIO, _M, _COACH, times_only=True),
    MeasureSpec("thinking_silence_kept_share", _RATIO, _M, _COACH, times_only=True),
    MeasureSpec("answer_latency_median_client", _MS, _M, _CLIENT),
)
_FLOOR = (
    MeasureSpec("overlap_share", _RATIO, _M, _BOTH, times_only=True),
    MeasureSpec("overlap_onsets_coach", _PER_TEN, _H, _COACH),
    MeasureSpec("overlap_onsets_client", _PER_TEN, _H, _CLIENT),
    MeasureSpec("overlap_backchannels_coach", _PER_TEN, _H, _COACH),
    MeasureSpec("overlap_backchannels_client", _PER_TEN, _H, _CLIENT),
    MeasureSpec("backchannels_coach", _PER_MINUTE, _H, _COACH),
    MeasureSpec("backchannels_client", _PER_MINUTE, _H, _CLIENT),
    MeasureSpec("interruptions_coach", _PER_TEN, _M, _COACH),
    MeasureSpec("interruptions_client", _PER_TEN, _M, _CLIENT),
    MeasureSpec("interruption_balance_coach", _COUNT, _M, _COACH),
    MeasureSpec("dual_starts", _COUNT, _H, _BOTH),
    MeasureSpec("floor_kept_share_client", _RATIO, _M, _CLIENT),
)
_LEADING = (
    MeasureSpec("directive_turn_share_coach", _RATIO, _M, _COACH),
    MeasureSpec("telling_turn_share_coach", _RATIO, _M, _COACH),
    MeasureSpec("advice_turn_share_coach", _RATIO, _M, _COACH),
    MeasureSpec("advice_with_permission_share_coach", _RATIO, _L, _COACH),
    MeasureSpec("questions_coach", _PER_TEN, _H, _COACH),
    MeasureSpec("stacked_question_share_coach", _RATIO, _H, _COACH),
    MeasureSpec("open_question_share_coach", _RATIO, _M, _COACH),
    MeasureSpec("reflection_turn_share_coach", _RATIO, _M, _COACH),
    MeasureSpec("reflections_per_question_coach", _RATIO, _M, _COACH),
    MeasureSpec("control_time_share_client", _RATIO, _M, _CLIENT),
    MeasureSpec("topic_words_share_coach", _RATIO, _H, _COACH),
    MeasureSpec("echo_turn_share_client", _RATIO, _H, _CLIENT),
    MeasureSpec("choices_offered_coach", _COUNT, _M, _COACH),
    MeasureSpec("choices_taken_client", _COUNT, _M, _CLIENT),
    MeasureSpec("uptake_coach", _RATIO, _M, _COACH),
    MeasureSpec("move_share_client", _RATIO, _M, _CLIENT),
)
_PHASES = (
    MeasureSpec("phase_share_opening", _RATIO, _M, _BOTH),
    MeasureSpec("phase_share_exploration", _RATIO, _M, _BOTH),
    MeasureSpec("phase_share_action", _RATIO, _M, _BOTH),
    MeasureSpec("phase_share_closing", _RATIO, _M, _BOTH),
    MeasureSpec("first_action_at", _MS, _M, _BOTH),
    MeasureSpec("closing_share_of_last_15_percent", _RATIO, _M, _BOTH),
)

UNCERTAIN_SIGNALS = (SignalId.ACKNOWLEDGE, SignalId.OBSERVE, SignalId.REJECT_CORRECTION, SignalId.ACCEPT_CORRECTION)
"""Signals on which listeners agree least; their counts are reliability L."""

SIGNAL_COUNTS = tuple(
    MeasureSpec(f"signal_count_{signal}", _COUNT, _L if signal in UNCERTAIN_SIGNALS else _M, _COACH)
    for signal in SignalId
)
"""How often the coach gave each signal: the sum of its calibrated probabilities over the coach's turns."""

MEASURES = (*_TALK, *_SILENCE, *_FLOOR, *_LEADING, *_PHASES, *SIGNAL_COUNTS)
"""All measures, in the order in which findings hold them."""

SPEC_OF = {spec.id: spec for spec in MEASURES}


class Reason(StrEnum):
    """Why a measure is missing."""

    NO_WORDS = "no_words"
    """No words were heard."""
    ROLES_UNSURE = "roles_unsure"
    """It is not certain enough who is the coach and who the client."""
    ONE_VOICE = "one_voice"
    """Only one voice speaks."""
    NO_CASES = "no_cases"
    """What is counted did not occur, so there is nothing to divide by."""
    TOO_FEW_CASES = "too_few_cases"
    """It occurred too seldom for a number that means anything."""
    TOO_SHORT = "too_short"
    """The call is too short for this measure."""
    SINGLE_STREAM = "single_stream"
    """The source cannot hold two voices at once, so overlap is not in it."""
    LANGUAGE_NOT_SUPPORTED = "language_not_supported"
    """It needs the meaning of words, and the language is not one that can be read."""
    """The call does not read as coaching, so partnering is not counted in it."""
    PHASE_NOT_FOUND = "phase_not_found"
    """The phase was not found in this call."""
    COULD_BE_CHANCE = "could_be_chance"
    """The difference is smaller than its uncertainty."""


class Cue(StrEnum):
    """What gave a move away."""

    GOAL = "goal"
    """A topic or an outcome for the call is set."""
    NEW_TOPIC = "new_topic"
    """Something that was not talked about yet is brought in."""
    BACK_TO = "back_to"
    """An earlier topic is taken up again."""
    CHOICE = "choice"
    """A direction is chosen where several were open."""
    ANNOUNCED = "announced"
    """A topic or direction is announced."""
    STEERED = "steered"
    """A question, a suggestion or an opinion turns the talk elsewhere."""
    CUT_IN = "cut_in"
    """An interruption turns the talk elsewhere."""
    TO_ACTION = "to_action"
    """The talk moves to next steps."""
    TO_CLOSE = "to_close"
    """The talk moves to its end."""
    TO_EXPLORATION = "to_exploration"
    """The talk moves (back) to looking into it."""
    COMMITMENT = "commitment"
    """A next step is decided."""
