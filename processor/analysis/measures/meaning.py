"""The measures that need the meaning of words, by id."""

from __future__ import annotations

from collections.abc import Mapping

from processor.analysis.measures.coach import (
    DIRECTIVE,
    TELLING,
    advice_with_permission,
    line_share,
    open_share,
    questions_per_ten_minutes,
    reflections_per_question,
    signal_count,
    stacked_questions,
)
from processor.analysis.measures.floor import (
    backchannel_rate,
    dual_starts,
    floor_kept,
    interruption_balance,
    interruptions,
    onsets,
)
from processor.analysis.measures.leading import (
    choices_offered,
    choices_taken,
    control_time,
    echo_turns,
    move_share_client,
    topic_words,
    uptake,
)
from processor.analysis.measures.phases import (
    answer_latency,
    closing_in_last_part,
    first_action_at,
    phase_share,
    phase_silence,
)
from processor.analysis.measures.reading import Meant
from processor.model.people import Role
from processor.model.reading import Phase, SignalId

MEANT: Mapping[str, Meant] = {
    **{f"silence_share_{phase}": phase_silence(phase) for phase in Phase},
    "answer_latency_median_client": answer_latency,
    **{f"overlap_onsets_{role}": onsets(role, backchannels=False) for role in (Role.COACH, Role.CLIENT)},
    **{f"overlap_backchannels_{role}": onsets(role, backchannels=True) for role in (Role.COACH, Role.CLIENT)},
    **{f"backchannels_{role}": backchannel_rate(role) for role in (Role.COACH, Role.CLIENT)},
    **{f"interruptions_{role}": interruptions(role) for role in (Role.COACH, Role.CLIENT)},
    "interruption_balance_coach": interruption_balance,
    "dual_starts": dual_starts,
    "floor_kept_share_client": floor_kept,
    "directive_turn_share_coach": line_share(*DIRECTIVE),
    "telling_turn_share_coach": line_share(*TELLING),
    "advice_turn_share_coach": line_share(SignalId.ADVISE),
    "advice_with_permission_share_coach": advice_with_permission,
    "questions_coach": questions_per_ten_minutes,
    "stacked_question_share_coach": stacked_questions,
    "open_question_share_coach": open_share,
    "reflection_turn_share_coach": line_share(SignalId.REFLECT),
    "reflections_per_question_coach": reflections_per_question,
    "control_time_share_client": control_time,
    "topic_words_share_coach": topic_words,
    "echo_turn_share_client": echo_turns,
    "choices_offered_coach": choices_offered,
    "choices_taken_client": choices_taken,
    "uptake_coach": uptake,
    "move_share_client": move_share_client,
    **{f"phase_share_{phase}": phase_share(phase) for phase in Phase},
    "first_action_at": first_action_at,
    "closing_share_of_last_15_percent": closing_in_last_part,
    **{f"signal_count_{signal}": signal_count(signal) for signal in SignalId},
}
"""The measures that need meaning, by id."""

BY_TIMES = frozenset(name for name in MEANT if name.startswith(("silence_share_", "overlap_")))
"""Those whose numbers are times, or are counted by times: they move as the call is shaken."""
