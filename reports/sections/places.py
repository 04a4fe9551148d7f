"""Where a number can be heard: the places its measure names, else those that it is mostly made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from processor.model.floor import FloorKind
from processor.model.measures import Measure
from processor.model.people import Role
from processor.model.reading import SignalId
from reports.call import QUOTED_FROM, Call
from reports.report import Place
from reports.sections.voices import silences

_FEW = 3
"""So many of the longest stand for all, where a number is made of the whole call."""

_SIGNALS = {
    "directive_turn_share_coach": (SignalId.ADVISE, SignalId.CHOOSE_PATH),
    "telling_turn_share_coach": (SignalId.ADVISE, SignalId.OWN_THINKING, SignalId.MAKE_MEANING),
    "advice_turn_share_coach": (SignalId.ADVISE,),
    "reflection_turn_share_coach": (SignalId.REFLECT,),
    "reflections_per_question_coach": (SignalId.REFLECT,),
    "questions_coach": (SignalId.OPEN_QUESTION, SignalId.CLOSED_QUESTION),
    "open_question_share_coach": (SignalId.OPEN_QUESTION,),
}

_COUNT_OF = "signal_count_"
_OTHER_FORM = {
    SignalId.OPEN_QUESTION: SignalId.CLOSED_QUESTION,
    SignalId.CLOSED_QUESTION: SignalId.OPEN_QUESTION,
}
"""A question may count in part as open and in part as closed; it is listed once, as what it is likelier to be."""

SEEN_IN = {"talk": "share", "silence": "silence", "floor": "timeline", "leading": "timeline", "phases": "phases",
           "questions": "timeline", "signals": "timeline"}  # fmt: skip
"""The figure that shows where the numbers of a group come from."""


def places(call: Call, measure: Measure) -> tuple[Place, ...]:
    """The places of `measure`, in order of time; empty where only a picture of the whole call shows it."""
    named = call.places(name for name in measure.evidence if _is_named(call, measure.id, name))
    return named or tuple(call.place(at) for at in sorted(set(_mostly(call, measure.id))))


def _mostly(call: Call, measure: str) -> Iterable[int]:
    for starts, find in _FINDERS:
        if measure.startswith(starts):
            return find(call, measure)
    return ()


def _is_named(call: Call, measure: str, name: str) -> bool:
    """Whether the report names this evidence: a question in one form only, no correction that nobody made."""
    if not measure.startswith(_COUNT_OF):
        return True
    signal = SignalId(measure.removeprefix(_COUNT_OF))
    other = call.confidence(name, _OTHER_FORM[signal]) if signal in _OTHER_FORM else 0.0
    return 0 < call.confidence(name, signal) >= other


def _longest_turns(call: Call, measure: str) -> list[int]:
    label = call.coach if measure.endswith("_coach") else call.client
    turns = [turn for turn in call.findings.turns if turn.label == label]
    return [t.segment.start_ms for t in sorted(turns, key=call.held_ms, reverse=True)[:_FEW]]


def _signals(call: Call, measure: str) -> list[int]:
    signals = _SIGNALS[measure]
    return [
        call.utterance(reading.utterance).segment.start_ms
        for reading in call.findings.readings
        if any(s.id in signals and s.confidence >= QUOTED_FROM for s in reading.signals)
    ]


def _interruptions(call: Call, measure: str) -> list[int]:
    one = [role for role in (Role.COACH, Role.CLIENT) if measure == f"interruptions_{role}"]
    return _coming_in(call, FloorKind.INTERRUPTION, one or [Role.COACH, Role.CLIENT])


def _dual_starts(call: Call, _measure: str) -> list[int]:
    return _coming_in(call, FloorKind.SIMULTANEOUS, list(Role))


def _coming_in(call: Call, kind: FloorKind, roles: list[Role]) -> list[int]:
    return [
        event.segment.start_ms
        for event in call.findings.floor
        if event.kind is kind and event.confidence >= QUOTED_FROM and call.role(event.by) in roles
    ]


def _longest_silences(call: Call, measure: str) -> list[int]:
    """Of those that the measure counts: before the coach spoke, before the client answered, or any in a phase."""
    broken = {"wait": "coach", "answer": "client"}.get(measure.partition("_")[0])
    after = {"coach": "client", "client": "coach"}.get(broken or "")
    phase = measure.removeprefix("silence_share").removeprefix("_")
    spans = [p.segment for p in call.findings.phases if p.phase.value == phase]
    found = [
        s
        for s in silences(call)
        if broken in (None, s.broken_by)
        and after in (None, s.after)
        and (broken or not phase or any(p.start_ms <= s.place.at_ms < p.end_ms for p in spans))
    ]
    return [s.place.at_ms for s in sorted(found, key=lambda s: -s.length_ms)[:_FEW]]


def _phase(call: Call, measure: str) -> list[int]:
    phase = {"first_action_at": "action", "closing_share_of_last_15_percent": "closing"}.get(
        measure, measure.removeprefix("phase_share_")
    )
    starts = [p.segment.start_ms for p in call.findings.phases if p.phase.value == phase]
    return starts[:1] if measure == "first_action_at" else starts


def _clients_moves(call: Call, _measure: str) -> list[int]:
    moves = call.findings.leading.moves
    return [
        call.utterance(move.utterance).segment.start_ms
        for move in moves
        if move.by is Role.CLIENT and move.confidence >= QUOTED_FROM
    ]


_FINDERS: tuple[tuple[tuple[str, ...], Callable[[Call, str], list[int]]], ...] = (
    (("turn_", "long_turn_"), _longest_turns),
    (tuple(_SIGNALS), _signals),
    (("interruption",), _interruptions),
    (("dual_starts",), _dual_starts),
    (("silence_share", "wait_median", "wait_over", "answer_latency"), _longest_silences),
    (("phase_share_", "first_action_at", "closing_share"), _phase),
    (("move_share_client",), _clients_moves),
)
"""Which measures, by the start of their id, are found how."""
