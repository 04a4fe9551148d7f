"""Measures that need the meaning of words: floor, leading, phases and signals, from calibrated probabilities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from processor.analysis.floor import Moment
from processor.analysis.knowledge import Lexicon
from processor.analysis.measures.view import Found, Parts, View, share
from processor.analysis.script import Script
from processor.analysis.signals import Chances, any_of
from processor.analysis.thresholds import (
    CLOSING_PART,
    ECHO_TURNS,
    ECHO_WORDS,
    FEWEST_CASES,
    KEEPS_FLOOR_MS,
    PERMISSION_TURNS,
    WIDEN,
)
from processor.analysis.wording import says
from processor.model.catalogue import Reason
from processor.model.floor import FloorKind
from processor.model.people import Role
from processor.model.reading import Move, Phase, PhaseSpan, SignalId
from processor.model.segment import Segment, covered_ms, shared

QUESTIONS = (SignalId.OPEN_QUESTION, SignalId.CLOSED_QUESTION, SignalId.LEADING_QUESTION)
DIRECTIVE = (SignalId.ADVISE, SignalId.CHOOSE_PATH, SignalId.LEADING_QUESTION)
TELLING = (SignalId.ADVISE, SignalId.OWN_THINKING, SignalId.MAKE_MEANING)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read, as the measures of meaning look at it. `phase_chances` is by line, Phase in order."""

    view: View
    script: Script
    ids: tuple[str, ...]
    signals: Chances
    moments: tuple[Moment, ...]
    phases: tuple[PhaseSpan, ...]
    phase_chances: tuple[tuple[float, ...], ...]
    moves: tuple[Move, ...]
    lexicon: Lexicon

    def coach_lines(self) -> list[int]:
        return [i for i, line in enumerate(self.script.lines) if line.role is Role.COACH]


Meant = Callable[[Reading], Found]


def spread_of(chances: Sequence[float]) -> float:
    """The standard deviation of a sum of uncertain cases, widened because readers err in runs."""
    return WIDEN * sqrt(sum(p * (1.0 - p) for p in chances))


def _expected(chances: Sequence[float], count: float) -> Found:
    """The expected part of `count` cases for which something holds."""
    return share(sum(chances), count, spread=spread_of(chances) / count) if count else Reason.NO_CASES


def line_share(*names: SignalId) -> Meant:
    """The part of the coach's lines that give any of the signals."""

    def measure(reading: Reading) -> Found:
        lines = reading.coach_lines()
        if len(lines) < FEWEST_CASES:
            return Reason.TOO_FEW_CASES
        return _expected([any_of(reading.signals[i], names) for i in lines], len(lines))

    return measure


def signal_count(signal: SignalId) -> Meant:
    """How often the coach gives the signal: the sum of its probabilities."""

    def measure(reading: Reading) -> Found:
        chances = [reading.signals[i][signal] for i in reading.coach_lines()]
        total = sum(chances)
        likely = tuple(reading.ids[i] for i in reading.coach_lines() if reading.signals[i][signal] >= 0.7)
        return Parts(total, float(len(chances)), value=total, spread=spread_of(chances), evidence=likely)

    return measure


def advice_with_permission(reading: Reading) -> Found:
    """Of the coach's advice, the part for which leave was asked or given within PERMISSION_TURNS coach lines before."""
    lines = reading.coach_lines()
    total = asked = 0.0
    for n, i in enumerate(lines):
        p = reading.signals[i][SignalId.ADVISE]
        first = lines[max(0, n - PERMISSION_TURNS)]
        total += p
        asked += p * _permission(reading, range(first, i + 1))
    return share(asked, total, spread=0.25 / sqrt(total)) if total >= 1.0 else Reason.TOO_FEW_CASES


def _permission(reading: Reading, places: range) -> bool:
    wanted = {Role.COACH: "ask_permission", Role.CLIENT: "client_question"}
    return any(
        reading.script.lines[j].role in wanted
        and says(reading.lexicon, wanted[reading.script.lines[j].role], reading.script.lines[j].plain)
        for j in places
    )


def questions_per_ten_minutes(reading: Reading) -> Found:
    """Lines of the coach that ask, in ten minutes of the recording."""
    chances = [any_of(reading.signals[i], QUESTIONS) for i in reading.coach_lines()]
    tens = reading.view.recorded_ms / 600_000
    return Parts(sum(chances), tens, spread=spread_of(chances) / tens)


def stacked_questions(reading: Reading) -> Found:
    """Of the coach's lines that ask, the part that asks more than once without waiting."""
    asking = [i for i in reading.coach_lines() if any_of(reading.signals[i], QUESTIONS) >= 0.5]
    if len(asking) < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    stacked = [i for i in asking if reading.script.lines[i].stretch.text.count("?") >= 2]
    return share(len(stacked), len(asking), evidence=[reading.ids[i] for i in stacked])


def open_share(reading: Reading) -> Found:
    """Open questions among open and closed ones."""
    lines = reading.coach_lines()
    opened = [reading.signals[i][SignalId.OPEN_QUESTION] for i in lines]
    closed = [reading.signals[i][SignalId.CLOSED_QUESTION] for i in lines]
    total = sum(opened) + sum(closed)
    if total < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    return share(sum(opened), total, spread=spread_of([*opened, *closed]) / total / 2)


def reflections_per_question(reading: Reading) -> Found:
    """Reflections for each question; half a case is added to both so that few cases do not run away."""
    reflected = [reading.signals[i][SignalId.REFLECT] for i in reading.coach_lines()]
    asked = [any_of(reading.signals[i], QUESTIONS) for i in reading.coach_lines()]
    if sum(reflected) + sum(asked) < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    top, bottom = sum(reflected) + 0.5, sum(asked) + 0.5
    relative = sqrt((spread_of(reflected) / top) ** 2 + (spread_of(asked) / bottom) ** 2)
    return Parts(top, bottom, spread=relative * top / bottom)


def control_time(reading: Reading) -> Found:
    """The client's part of the time in which somebody controls the talk.

    A question or a statement is controlled by its speaker, an answer by who asked.
    # Source: Walker & Whittaker 1990 (from memory); departs from it in reading prompts off the backchannel list and
    in taking any line after a question for its answer.
    """
    time = dict.fromkeys(Role, 0)
    for i, line in enumerate(reading.script.lines):
        time[_controller(reading, i)] += line.stretch.segment.length_ms
    return share(time[Role.CLIENT], time[Role.CLIENT] + time[Role.COACH], spread=0.05)


def _controller(reading: Reading, i: int) -> Role:
    before = reading.script.before[i]
    asks = _asks(reading, i)
    if before is not None and before == i - 1 and _asks(reading, before) and not asks:
        return reading.script.lines[before].role
    return reading.script.lines[i].role


def _asks(reading: Reading, i: int) -> bool:
    if reading.signals[i]:
        return any_of(reading.signals[i], QUESTIONS) >= 0.5
    return reading.script.lines[i].stretch.text.rstrip().endswith("?")


def topic_words(reading: Reading) -> Found:
    """The part of topic words that the coach was the first to say."""
    first: dict[str, Role] = {}
    for line in reading.script.lines:
        for word in line.content:
            first.setdefault(word, line.role)
    coach, client = (sum(role is r for role in first.values()) for r in (Role.COACH, Role.CLIENT))
    return share(coach, coach + client)


def echo_turns(reading: Reading) -> Found:
    """The part of the client's lines of ECHO_WORDS words or more that use a topic word which the coach brought in
    within the last ECHO_TURNS coach lines."""
    said: set[str] = set()
    brought: list[set[str]] = []
    cases, echoes = 0, []
    for i, line in enumerate(reading.script.lines):
        own = set(line.content)
        if line.role is Role.COACH:
            brought.append(own - said)
        elif line.role is Role.CLIENT and line.words >= ECHO_WORDS:
            cases += 1
            if own & set().union(*brought[-ECHO_TURNS:]):
                echoes.append(reading.ids[i])
        said |= own
    return share(len(echoes), cases, evidence=echoes) if cases >= FEWEST_CASES else Reason.TOO_FEW_CASES


def _choices(reading: Reading) -> list[int]:
    return [
        i
        for i in reading.coach_lines()
        if says(reading.lexicon, "offer_choice", reading.script.lines[i].plain)
        and any_of(reading.signals[i], QUESTIONS) >= 0.5
    ]


def choices_offered(reading: Reading) -> Found:
    """How often the coach lets the client choose; evidence: where."""
    offered = _choices(reading)
    return _count([0.8] * len(offered), len(offered), [reading.ids[i] for i in offered])


def choices_taken(reading: Reading) -> Found:
    """How often the client makes a move right after a choice was offered."""
    led = {m.utterance for m in reading.moves if m.by is Role.CLIENT}
    answers = [reading.script.after[i] for i in _choices(reading)]
    taken = [reading.ids[j] for j in answers if j is not None and reading.ids[j] in led]
    return _count([0.8] * len(taken), len(taken), taken)


def _count(chances: Sequence[float], value: float, evidence: Sequence[str] = ()) -> Found:
    return Parts(value, 1.0, value=value, spread=spread_of(chances), evidence=tuple(evidence))


def uptake(reading: Reading) -> Found:
    """The part of the coach's topic words that the client had said in the line before.

    # Source: word re-use, measures.md (Spearman 0.35 to 0.39 with raters' uptake); departs from it in leaving out
    the cosine of sentence vectors.
    """
    taken = total = 0
    for i in reading.coach_lines():
        before = reading.script.before[i]
        own = reading.script.lines[i].content
        if before is not None and reading.script.lines[before].role is Role.CLIENT:
            total += len(own)
            taken += sum(word in reading.script.lines[before].content for word in own)
    return share(taken, total)


def move_share_client(reading: Reading) -> Found:
    """The client's part of the moves, weighted by how likely each is one."""
    client, coach = ([m.confidence for m in reading.moves if m.by is r] for r in (Role.CLIENT, Role.COACH))
    total = sum(client) + sum(coach)
    if len(client) + len(coach) < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    return share(sum(client), total, spread=spread_of([*client, *coach]) / total / 2)


def answer_latency(reading: Reading) -> Found:
    """How long the client takes to answer the coach's questions, in the middle case."""
    waits = []
    for i in reading.coach_lines():
        j = reading.script.after[i]
        if j is not None and j == i + 1 and _asks(reading, i) and reading.script.lines[j].role is Role.CLIENT:
            ends = reading.script.lines[i].stretch.segment.end_ms
            waits.append(reading.script.lines[j].stretch.segment.start_ms - ends)
    if len(waits) < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    middle = median(waits)
    off = median([abs(w - middle) for w in waits]) / sqrt(len(waits))
    return Parts(float(sum(waits)), float(len(waits)), value=float(middle), spread=1.5 * off)


def phase_share(phase: Phase) -> Meant:
    """The part of the call in a phase."""

    def measure(reading: Reading) -> Found:
        total = sum(span.segment.length_ms for span in reading.phases)
        held = sum(span.segment.length_ms for span in reading.phases if span.phase is phase)
        return share(held, total, spread=_phase_spread(reading, phase))

    return measure


def _phase_spread(reading: Reading, phase: Phase) -> float:
    """Lines whose phase is in doubt, weighted by their length; neighbours are in doubt together."""
    place = tuple(Phase).index(phase)
    lengths = [line.stretch.segment.length_ms for line in reading.script.lines]
    doubt = sum(
        (length * sqrt(c[place] * (1 - c[place]))) ** 2
        for length, c in zip(lengths, reading.phase_chances, strict=True)
    )
    return 2.0 * WIDEN * sqrt(doubt) / max(1, sum(lengths))


def phase_silence(phase: Phase) -> Meant:
    """The part of a phase in which nobody speaks."""

    def measure(reading: Reading) -> Found:
        spans = [span.segment for span in reading.phases if span.phase is phase]
        if not spans:
            return Reason.PHASE_NOT_FOUND
        spoken = [*(s for _, s in reading.view.sounds), *(p.segment for p in reading.view.pieces)]
        total = covered_ms(spans)
        return share(total - covered_ms(shared(spans, spoken)), total, spread=0.02)

    return measure


def first_action_at(reading: Reading) -> Found:
    """When the talk first turns to next steps."""
    starts = [span.segment.start_ms for span in reading.phases if span.phase is Phase.ACTION]
    if not starts:
        return Reason.PHASE_NOT_FOUND
    place = tuple(Phase).index(Phase.ACTION)
    doubted = [
        line.stretch.segment.length_ms * c[place] * (1 - c[place])
        for line, c in zip(reading.script.lines, reading.phase_chances, strict=True)
    ]
    return Parts(float(starts[0]), 1.0, value=float(starts[0]), spread=float(sum(doubted)))


def closing_in_last_part(reading: Reading) -> Found:
    """The part of the last 15 % of the call that is spent on closing."""
    end = max((span.segment.end_ms for span in reading.phases), default=0)
    last = Segment(round(end * (1 - CLOSING_PART)), end)
    closing = [span.segment for span in reading.phases if span.phase is Phase.CLOSING]
    spread = _phase_spread(reading, Phase.CLOSING)
    return share(covered_ms(shared([last], closing)), last.length_ms, spread=min(0.5, spread / CLOSING_PART))


def onsets(by: Role, *, backchannels: bool) -> Meant:
    """How often `by` starts while the other speaks, in ten minutes of the other's talk."""

    def measure(reading: Reading) -> Found:
        if reading.view.single_stream:
            return Reason.SINGLE_STREAM
        other = Role.CLIENT if by is Role.COACH else Role.COACH
        talk = reading.view.talk(other)
        starts = [
            p for p in reading.view.pieces
            if p.role is by and p.backchannel is backchannels
            and any(s.start_ms < p.segment.start_ms < s.end_ms for s in talk)
        ]  # fmt: skip
        return _per_ten(len(starts), sqrt(len(starts)) * 0.3, covered_ms(talk), [p.id for p in starts])

    return measure


def _per_ten(count: float, spread: float, talk_ms: int, evidence: Sequence[str]) -> Found:
    tens = talk_ms / 600_000
    return share(count, tens, spread=spread / tens if tens else 0.0, evidence=evidence)


def backchannel_rate(by: Role) -> Meant:
    """Backchannels of `by` in a minute of the other's talk."""

    def measure(reading: Reading) -> Found:
        other = Role.CLIENT if by is Role.COACH else Role.COACH
        count = sum(p.backchannel and p.role is by for p in reading.view.pieces)
        minutes = reading.view.talk_ms(other) / 60_000
        return share(count, minutes, spread=0.35 * sqrt(count) / minutes if minutes else 0.0)

    return measure


def interruption_chances(reading: Reading, by: Role) -> list[tuple[str, float]]:
    """Each coming-in of `by` with its probability of being an interruption; announced ones are left out."""
    place = {line.number: i for i, line in enumerate(reading.script.lines)}
    found = []
    for moment in reading.moments:
        i = place[moment.coming.own]
        line = reading.script.lines[i]
        if line.role is by and not says(reading.lexicon, "announce_stop", line.plain):
            found.append((reading.ids[i], moment.chances[FloorKind.INTERRUPTION]))
    return found


def interruptions(by: Role) -> Meant:
    """Expected interruptions by `by` in ten minutes of the other's talk; evidence: those of probability 0.7 or more."""

    def measure(reading: Reading) -> Found:
        other = Role.CLIENT if by is Role.COACH else Role.COACH
        found = interruption_chances(reading, by)
        chances = [p for _, p in found]
        evidence = [name for name, p in found if p >= 0.7]
        wide = 1.5 if reading.view.single_stream else 1.0
        return _per_ten(sum(chances), wide * spread_of(chances), reading.view.talk_ms(other), evidence)

    return measure


def interruption_balance(reading: Reading) -> Found:
    """How many more times the coach interrupted than the client did; a reason when that may be chance."""
    coach, client = ([p for _, p in interruption_chances(reading, r)] for r in (Role.COACH, Role.CLIENT))
    difference, spread = sum(coach) - sum(client), spread_of([*coach, *client])
    if abs(difference) <= 1.2816 * spread or not coach + client:
        return Reason.COULD_BE_CHANCE
    return Parts(difference, 1.0, value=difference, spread=spread)


def dual_starts(reading: Reading) -> Found:
    """How often both started at once after a silence."""
    if reading.view.single_stream:
        return Reason.SINGLE_STREAM
    count = float(sum(m.coming.dual for m in reading.moments))
    return Parts(count, 1.0, value=count, spread=0.5 * sqrt(count))


def floor_kept(reading: Reading) -> Found:
    """Of the client's utterances on which the coach came in, the part in which the client went on for a second."""
    if reading.view.single_stream:
        return Reason.SINGLE_STREAM
    place = {line.number: line for line in reading.script.lines}
    on_client = [
        m.coming
        for m in reading.moments
        if not m.coming.dual
        and place[m.coming.own].role is Role.COACH
        and place[m.coming.over].role is Role.CLIENT
        and place[m.coming.own].stretch.segment.overlap_ms(place[m.coming.over].stretch.segment) > 0
    ]
    if len(on_client) < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    kept = sum(c.goes_on_ms >= KEEPS_FLOOR_MS for c in on_client)
    return share(kept, len(on_client), spread=0.05)


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
