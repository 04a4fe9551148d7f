"""Whose words, topics and moves set the course."""

from __future__ import annotations

from math import sqrt

from processor.analysis.measures.reading import QUESTIONS, Reading, asking_chance, asks, counted, spread_of, told
from processor.analysis.measures.view import Found, share
from processor.analysis.signals import any_of
from processor.analysis.thresholds import ECHO_TURNS, ECHO_WORDS, FEWEST_CASES, WIDEN, WORD_HEARD, WORDING_MEANT
from processor.analysis.wording import says
from processor.model.catalogue import Reason
from processor.model.people import Role


def control_time(reading: Reading) -> Found:
    """The client's part of the time in which somebody controls the talk.

    A question or a statement is controlled by its speaker, an answer by who asked.
    # Source: Walker & Whittaker 1990 (from memory); departs from it in reading prompts off the backchannel list and
    in taking any line after a question for its answer.
    """
    time, doubt = dict.fromkeys(Role, 0), 0.0
    for i, line in enumerate(reading.script.lines):
        answers = i > 0 and reading.script.before[i] == i - 1 and asks(reading, i - 1) and not asks(reading, i)
        time[reading.script.lines[i - 1].role if answers else line.role] += line.segment.length_ms
        chance = _answering_chance(reading, i)
        doubt += line.segment.length_ms**2 * chance * (1 - chance)
    total = time[Role.CLIENT] + time[Role.COACH]
    return share(time[Role.CLIENT], total, spread=WIDEN * sqrt(doubt) / max(1, total))


def _answering_chance(reading: Reading, i: int) -> float:
    """How likely line `i` answers: somebody else's line before it asks, and it does not."""
    if i == 0 or reading.script.before[i] != i - 1:
        return 0.0
    return asking_chance(reading, i - 1) * (1 - asking_chance(reading, i))


def topic_words(reading: Reading) -> Found:
    """The part of topic words that the coach was the first to say."""
    first: dict[str, Role] = {}
    for line in reading.script.lines:
        for word in line.content:
            first.setdefault(word, line.role)
    coach, client = (sum(role is r for role in first.values()) for r in (Role.COACH, Role.CLIENT))
    return told(coach, coach + client, WORD_HEARD)


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
    return told(len(echoes), cases, WORD_HEARD, evidence=echoes) if cases >= FEWEST_CASES else Reason.TOO_FEW_CASES


def _choices(reading: Reading) -> list[int]:
    return [
        i
        for i in reading.coach_lines()
        if says(reading.lexicon, "offer_choice", reading.script.lines[i].plain)
        and any_of(reading.signals[i], QUESTIONS) >= 0.5
    ]


def choices_offered(reading: Reading) -> Found:
    """How often the coach lets the client choose; evidence: where."""
    return counted([reading.ids[i] for i in _choices(reading)], WORDING_MEANT)


def choices_taken(reading: Reading) -> Found:
    """How often the client makes a move right after a choice was offered."""
    led = {m.utterance for m in reading.moves if m.by is Role.CLIENT}
    answers = [reading.script.after[i] for i in _choices(reading)]
    return counted([reading.ids[j] for j in answers if j is not None and reading.ids[j] in led], WORDING_MEANT)


def uptake(reading: Reading) -> Found:
    """The part of the coach's topic words that the client had said in the line before.

    # Source: word re-use, docs/measures.md (Spearman 0.35 with raters' uptake); departs from it in leaving out
    the cosine of sentence vectors.
    """
    taken = total = 0
    for i in reading.coach_lines():
        before = reading.script.before[i]
        own = reading.script.lines[i].content
        if before is not None and reading.script.lines[before].role is Role.CLIENT:
            total += len(own)
            taken += sum(word in reading.script.lines[before].content for word in own)
    return told(taken, total, WORD_HEARD)


def move_share_client(reading: Reading) -> Found:
    """The client's part of the moves, weighted by how likely each is one."""
    client, coach = ([m.confidence for m in reading.moves if m.by is r] for r in (Role.CLIENT, Role.COACH))
    total = sum(client) + sum(coach)
    if len(client) + len(coach) < FEWEST_CASES:
        return Reason.TOO_FEW_CASES
    return share(sum(client), total, spread=spread_of([*client, *coach]) / total / 2)
