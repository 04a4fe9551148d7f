"""What the learnt parts make of a call: its script, line by line, and the moments at which somebody came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processor.analysis.coaching import coaching_chances
from processor.analysis.coming_in import ComingIn, find_comings_in
from processor.analysis.floor import Moment, backchannel_chances, moments, utterances_of
from processor.analysis.judged import judged_leads, judged_moments, judged_signals
from processor.analysis.knowledge import Knowledge, Lexicon
from processor.analysis.lead_features import lead_rows
from processor.analysis.leading import LineMeaning, lead_chances
from processor.analysis.line_features import line_rows
from processor.analysis.phases import likeliest_phases, normalised
from processor.analysis.script import ScoredScript, Script, as_lines, write_script
from processor.analysis.signals import Chances, signal_chances
from processor.analysis.thresholds import EVENT_SAID
from processor.analysis.utterances import Stretch
from processor.model.floor import FloorKind, Utterance
from processor.model.people import Role
from processor.model.reading import Phase
from processor.model.session import Session
from processor.model.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the learnt parts say of each line of a script."""

    signals: Chances
    leads: tuple[float, ...]
    phase_chances: tuple[tuple[float, ...], ...]
    phases: tuple[Phase, ...]
    coaching: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """A call understood: utterances, comings-in (`quiet`: how likely each is a backchannel), script and its meaning."""

    lexicon: Lexicon
    utterances: tuple[Utterance, ...]
    comings: tuple[ComingIn, ...]
    quiet: Mapping[int, float]
    script: Script
    meaning: Meaning
    moments: tuple[Moment, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The utterance that each line is."""
        return tuple(line.number for line in self.script.lines)

    @property
    def ids(self) -> tuple[str, ...]:
        """The utterance id of each line."""
        return tuple(self.utterances[n].id for n in self.numbers)

    @property
    def lines(self) -> LineMeaning:
        """What the ledger of moves looks at."""
        cutting = {m.coming.own for m in self.moments if m.chances[FloorKind.INTERRUPTION] >= EVENT_SAID}
        interrupting = frozenset(i for i, n in enumerate(self.numbers) if n in cutting)
        return LineMeaning(self.meaning.leads, self.meaning.phases, self.meaning.signals, interrupting)


def understand(
    session: Session, stretches: Sequence[Stretch], roles: Mapping[str, Role], knowledge: Knowledge, lexicon: Lexicon
) -> Understanding:
    """Backchannels first, then the script without them, then its meaning, then who cut in on whom."""
    comings = find_comings_in(stretches, lexicon, knowledge.ending)
    quiet = backchannel_chances(comings, knowledge)
    backchannels = frozenset(i for i, p in quiet.items() if p >= EVENT_SAID)
    script = write_script(stretches, backchannels, roles, lexicon)
    meaning = _meaning(script, knowledge, lexicon, session.verdicts)
    found = judged_moments(moments(comings, script, knowledge), stretches, session.verdicts)
    cut = frozenset(m.coming.over for m in found if m.chances[FloorKind.INTERRUPTION] >= EVENT_SAID)
    utterances = utterances_of(stretches, backchannels, cut)
    return Understanding(lexicon, utterances, comings, quiet, script, meaning, found)


def _meaning(script: Script, knowledge: Knowledge, lexicon: Lexicon, verdicts: Sequence[Verdict]) -> Meaning:
    scores = knowledge.script.read(as_lines(script))
    rows = line_rows(ScoredScript(script, scores), lexicon)
    columns = [knowledge.heads.probabilities(f"phase_{phase}", rows) for phase in Phase]
    chances = normalised(tuple(zip(*columns, strict=True)))
    phases = likeliest_phases(chances, knowledge.phase_steps)
    leads = lead_chances(script, lead_rows(rows, chances, phases), knowledge)
    return Meaning(
        judged_signals(signal_chances(script, rows, knowledge), script, verdicts),
        judged_leads(leads, script, verdicts),
        chances,
        phases,
        coaching_chances(rows, knowledge),
    )
