"""The one list of steps from what was heard to what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from processor.analysis.coaching import is_coaching
from processor.analysis.coverage import find_coverage, nothing_covered
from processor.analysis.floor import events_of, find_transfers, find_turns, short_inside, utterances_of
from processor.analysis.knowledge import Knowledge
from processor.analysis.leading import ledger, who_led
from processor.analysis.measures.bounds import all_measures, reasons
from processor.analysis.measures.reading import Reading
from processor.analysis.measures.view import view_of
from processor.analysis.phases import phase_spans, phases_of_all
from processor.analysis.roles import assign_roles
from processor.analysis.signals import expected_signals, said_signals
from processor.analysis.understanding import Understanding, understand
from processor.analysis.utterances import Stretch, find_stretches
from processor.model.catalogue import MEASURES, Reason, Whose
from processor.model.findings import Findings
from processor.model.floor import Utterance
from processor.model.people import Role, RoleAssignment, Sure
from processor.model.reading import IsCoaching, Leading, LedBy, Phase, UtteranceReading
from processor.model.session import Session


def read_session(session: Session, knowledge: Knowledge) -> Findings:
    """Everything that can be read in `session`: the same words give the same findings.

    In a language that `knowledge` has no lexicon for, times only: turns, talk and silence, no meaning.
    """
    session = replace(session, duration_ms=max(session.duration_ms, _last_sound_ms(session)))
    readable = knowledge.lexicon is not None and session.language.partition("-")[0].lower() == knowledge.language
    lexicon = knowledge.lexicon if readable else None
    stretches = find_stretches(session, lexicon)
    people = assign_roles(session, stretches, knowledge, lexicon)
    times = _times_only(session, stretches, people, supported=readable)
    if lexicon is None or not stretches:
        meaning = Reason.NO_WORDS if readable else Reason.LANGUAGE_NOT_SUPPORTED
        view = view_of(session, times.utterances, {p.label: p.role for p in people})
        missing = _missing(_nobody_to_tell(people, times.utterances), meaning)
        return replace(times, measures=all_measures(session, view, None, missing))
    roles = {p.label: p.role for p in people}
    return _with_meaning(session, times, understand(session, stretches, roles, knowledge, lexicon), knowledge)


def _last_sound_ms(session: Session) -> int:
    """When the last word or sound ends; a source may give a call as shorter than what was said in it."""
    heard = (*(w.segment for w in session.words), *(s.segment for s in session.speech.spans))
    return max((segment.end_ms for segment in heard), default=0)


def _times_only(
    session: Session, stretches: Sequence[Stretch], people: tuple[RoleAssignment, ...], *, supported: bool
) -> Findings:
    """What needs no meaning, measures left open."""
    utterances = utterances_of(stretches, short_inside(stretches), frozenset())
    why = "no words were heard" if supported else "this language cannot be read yet"
    turns = find_turns(utterances)
    return Findings(
        duration_ms=session.duration_ms,
        language=session.language,
        source=session.source,
        is_coaching=IsCoaching.CANNOT_TELL,
        why_coaching=why,
        participants=people,
        utterances=utterances,
        readings=tuple(UtteranceReading(u.id, Phase.EXPLORATION) for u in utterances),
        turns=turns,
        transfers=find_transfers(turns, session.gaps),
        floor=(),
        phases=(),
        coverage=nothing_covered(),
        leading=Leading(LedBy.CANNOT_TELL, (), why),
        measures=(),
        doubt=session.doubt,
        language_supported=supported,
        gaps=session.gaps,
    )


def _with_meaning(session: Session, times: Findings, call: Understanding, knowledge: Knowledge) -> Findings:
    """`times` with all that the words mean."""
    people = times.participants
    meaning = call.meaning
    phases = phases_of_all(call.utterances, call.numbers, meaning.phases)
    spans = phase_spans(call.utterances, phases, session.duration_ms)
    coaching, why = is_coaching(call.script, meaning.coaching)
    moves = ledger(call.script, call.ids, call.lines, knowledge, call.lexicon)
    view = view_of(session, call.utterances, {p.label: p.role for p in people})
    reading = Reading(
        view, call.script, call.ids, meaning.signals, call.moments, spans, meaning.phase_chances, moves, call.lexicon
    )
    turns = find_turns(call.utterances)
    untold = _nobody_to_tell(people, call.utterances)
    return replace(
        times,
        is_coaching=coaching,
        why_coaching=why,
        utterances=call.utterances,
        readings=_readings(call, phases, knowledge),
        turns=turns,
        transfers=find_transfers(turns, session.gaps),
        floor=events_of(call.utterances, call.comings, call.quiet, call.moments, call.lexicon),
        phases=spans,
        coverage=find_coverage(call.script, call.ids, meaning.signals, call.lexicon),
        leading=who_led(moves, meaning.signals, roles_known=untold is None),
        measures=all_measures(session, view, reading, _missing(untold, None)),
    )


def _readings(call: Understanding, phases: Sequence[Phase], knowledge: Knowledge) -> tuple[UtteranceReading, ...]:
    of = dict(zip(call.numbers, call.meaning.signals, strict=True))
    return tuple(
        UtteranceReading(
            u.id, phases[i], said_signals(of.get(i, {}), knowledge.thresholds), expected_signals(of.get(i, {}))
        )
        for i, u in enumerate(call.utterances)
    )


def _nobody_to_tell(people: Sequence[RoleAssignment], utterances: Sequence[Utterance]) -> Reason | None:
    """Why nothing can be said of the coach or of the client; None when it can."""
    unsure = any(p.sure is Sure.UNSURE for p in people if p.role is not Role.OTHER)
    if not utterances:
        return Reason.NO_WORDS
    if len({u.label for u in utterances}) == 1:
        return Reason.ONE_VOICE
    if unsure or {Role.COACH, Role.CLIENT} - {p.role for p in people}:
        return Reason.ROLES_UNSURE
    return None


def _missing(untold: Reason | None, meaning: Reason | None) -> Mapping[str, Reason]:
    """Which measures must not be given: those about a role that is unsure, all when no word was heard, and all of
    meaning when it was not read."""
    of_one = (Whose.COACH, Whose.CLIENT)
    whose = {} if untold is None else dict.fromkeys(Whose if untold is Reason.NO_WORDS else of_one, untold)
    return reasons(MEASURES, whose, meaning)
