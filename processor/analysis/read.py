"""The one list of steps from what was heard to what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processor.analysis.coaching import is_coaching
from processor.analysis.coming_in import find_comings_in
from processor.analysis.coverage import find_coverage, nothing_covered
from processor.analysis.floor import (
    backchannel_chances,
    events_of,
    find_transfers,
    find_turns,
    moments,
    short_inside,
    utterances_of,
)
from processor.analysis.judged import judged_leads, judged_moments, judged_signals
from processor.analysis.knowledge import Knowledge, Lexicon, LineScores
from processor.analysis.leading import LineMeaning, lead_chances, ledger, who_led
from processor.analysis.line_features import line_rows
from processor.analysis.measures.bounds import all_measures, reasons
from processor.analysis.measures.reading import Reading
from processor.analysis.measures.view import view_of
from processor.analysis.phases import likeliest_phases, normalised, phase_spans, phases_of_all
from processor.analysis.roles import assign_roles
from processor.analysis.script import ScoredScript, Script, as_lines, write_script
from processor.analysis.signals import Chances, expected_signals, said_signals, signal_chances
from processor.analysis.thresholds import EVENT_SAID
from processor.analysis.utterances import Stretch, find_stretches
from processor.model.catalogue import MEASURES, Reason, Whose
from processor.model.findings import Findings
from processor.model.floor import FloorKind, Utterance
from processor.model.people import Role, RoleAssignment, Sure
from processor.model.reading import IsCoaching, Leading, LedBy, Phase, UtteranceReading
from processor.model.session import Session
from processor.model.verdicts import Verdict


def read_session(session: Session, knowledge: Knowledge) -> Findings:
    """Everything that can be read in `session`: the same words give the same findings.

    In a language that `knowledge` has no lexicon for, times only: turns, talk and silence, no meaning.
    """
    readable = knowledge.lexicon is not None and session.language.partition("-")[0].lower() == knowledge.language
    lexicon = knowledge.lexicon if readable else None
    stretches = find_stretches(session, lexicon)
    people = assign_roles(session, stretches, knowledge, lexicon)
    if lexicon is None or not stretches:
        return _times_only(session, stretches, people, supported=readable)
    return _with_meaning(session, knowledge, lexicon, stretches, people)


def _times_only(
    session: Session, stretches: Sequence[Stretch], people: tuple[RoleAssignment, ...], *, supported: bool
) -> Findings:
    utterances = utterances_of(stretches, short_inside(stretches), frozenset())
    view = view_of(session, utterances, {p.label: p.role for p in people})
    meaning = Reason.NO_WORDS if supported else Reason.LANGUAGE_NOT_SUPPORTED
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
        transfers=find_transfers(turns),
        floor=(),
        phases=(),
        coverage=nothing_covered(),
        leading=Leading(LedBy.CANNOT_TELL, (), why),
        measures=all_measures(session, view, None, _missing(people, utterances, meaning)),
        doubt=session.doubt,
        language_supported=supported,
        gaps=session.gaps,
    )


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What the learnt parts say of each line of the script."""

    scores: tuple[LineScores, ...]
    signals: Chances
    leads: tuple[float, ...]
    phase_chances: tuple[tuple[float, ...], ...]
    phases: tuple[Phase, ...]


def _understand(
    script: Script, knowledge: Knowledge, lexicon: Lexicon, verdicts: Sequence[Verdict]
) -> _Meaning:
    scores = knowledge.script.read(as_lines(script))
    rows = line_rows(ScoredScript(script, scores), lexicon)
    columns = [knowledge.heads.probabilities(f"phase_{phase}", rows) for phase in Phase]
    chances = normalised(tuple(zip(*columns, strict=True)))
    return _Meaning(
        scores,
        judged_signals(signal_chances(script, rows, knowledge), script, verdicts),
        judged_leads(lead_chances(script, rows, knowledge), script, verdicts),
        chances,
        likeliest_phases(chances, knowledge.phase_steps),
    )


def _with_meaning(
    session: Session,
    knowledge: Knowledge,
    lexicon: Lexicon,
    stretches: Sequence[Stretch],
    people: tuple[RoleAssignment, ...],
) -> Findings:
    roles = {p.label: p.role for p in people}
    comings = find_comings_in(stretches, lexicon, knowledge.ending)
    quiet = backchannel_chances(comings, knowledge)
    backchannels = frozenset(i for i, p in quiet.items() if p >= EVENT_SAID)
    script = write_script(stretches, backchannels, roles, lexicon, session.duration_ms)
    meaning = _understand(script, knowledge, lexicon, session.verdicts)
    found = judged_moments(moments(comings, script, meaning.scores, knowledge), stretches, session.verdicts)
    cut = frozenset(m.coming.over for m in found if m.chances[FloorKind.INTERRUPTION] >= EVENT_SAID)
    utterances = utterances_of(stretches, backchannels, cut)
    numbers = [line.number for line in script.lines]
    ids = tuple(utterances[n].id for n in numbers)
    all_phases = phases_of_all(utterances, numbers, meaning.phases)
    interrupting = frozenset(
        numbers.index(m.coming.own) for m in found if m.chances[FloorKind.INTERRUPTION] >= EVENT_SAID
    )
    coaching, why = is_coaching(script, meaning.scores)
    moves = ledger(
        script, ids, LineMeaning(meaning.leads, meaning.phases, meaning.signals, interrupting), knowledge, lexicon
    )
    spans = phase_spans(utterances, all_phases, session.duration_ms)
    turns = find_turns(utterances)
    view = view_of(session, utterances, roles)
    reading = Reading(
        view, script, ids, meaning.signals, found, spans, meaning.phase_chances, moves, lexicon
    )
    return Findings(
        duration_ms=session.duration_ms,
        language=session.language,
        source=session.source,
        is_coaching=coaching,
        why_coaching=why,
        participants=people,
        utterances=utterances,
        readings=_readings(utterances, numbers, all_phases, meaning.signals, knowledge),
        turns=turns,
        transfers=find_transfers(turns),
        floor=events_of(utterances, comings, quiet, found, lexicon),
        phases=spans,
        coverage=find_coverage(script, ids, meaning.signals, lexicon),
        leading=who_led(moves, meaning.signals),
        measures=all_measures(session, view, reading, _missing(people, utterances, None)),
        doubt=session.doubt,
        gaps=session.gaps,
    )


def _readings(
    utterances: Sequence[Utterance],
    numbers: Sequence[int],
    phases: Sequence[Phase],
    signals: Chances,
    knowledge: Knowledge,
) -> tuple[UtteranceReading, ...]:
    of = dict(zip(numbers, signals, strict=True))
    return tuple(
        UtteranceReading(
            u.id, phases[i], said_signals(of.get(i, {}), knowledge.thresholds), expected_signals(of.get(i, {}))
        )
        for i, u in enumerate(utterances)
    )


def _missing(
    people: Sequence[RoleAssignment], utterances: Sequence[Utterance], meaning: Reason | None
) -> Mapping[str, Reason]:
    """Which measures must not be given: those about a role that is unsure, and all of meaning when it was not read."""
    unsure = any(p.sure is Sure.UNSURE for p in people if p.role is not Role.OTHER)
    reason = None
    if not utterances:
        reason = Reason.NO_WORDS
    elif len({u.label for u in utterances}) == 1:
        reason = Reason.ONE_VOICE
    elif unsure or {Role.COACH, Role.CLIENT} - {p.role for p in people}:
        reason = Reason.ROLES_UNSURE
    whose = {} if reason is None else {Whose.COACH: reason, Whose.CLIENT: reason}
    return reasons(MEASURES, whose, meaning)
