"""How often the coach asks, reflects, tells and gives each signal: sums of calibrated probabilities."""

from __future__ import annotations

from math import sqrt

from processor.analysis.measures.reading import QUESTIONS, Meant, Reading, expected, spread_of, told
from processor.analysis.measures.view import Found, Parts, rate, share
from processor.analysis.signals import any_of
from processor.analysis.thresholds import FEWEST_CASES, PERMISSION_TURNS, QUESTION_MARK_HEARD, WORDING_MEANT
from processor.analysis.wording import says
from processor.model.catalogue import Reason
from processor.model.people import Role
from processor.model.reading import SignalId

DIRECTIVE = (SignalId.ADVISE, SignalId.CHOOSE_PATH, SignalId.LEADING_QUESTION)
TELLING = (SignalId.ADVISE, SignalId.OWN_THINKING, SignalId.MAKE_MEANING)


def line_share(*names: SignalId) -> Meant:
    """The part of the coach's lines that give any of the signals."""

    def measure(reading: Reading) -> Found:
        lines = reading.coach_lines()
        if len(lines) < FEWEST_CASES:
            return Reason.TOO_FEW_CASES
        return expected([any_of(reading.signals[i], names) for i in lines], len(lines))

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
    if total < 1.0:
        return Reason.TOO_FEW_CASES
    return share(asked, total, spread=spread_of([WORDING_MEANT]) / sqrt(total))


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
    return rate(sum(chances), 600_000, reading.view.recorded_ms, spread=spread_of(chances))


def stacked_questions(reading: Reading) -> Found:
    """Of the coach's lines that ask, the part that asks more than once without waiting.

    It is told by question marks: a source that writes none has too few cases, not none that are stacked.
    """
    asking = [i for i in reading.coach_lines() if any_of(reading.signals[i], QUESTIONS) >= 0.5]
    written = any("?" in line.stretch.text for line in reading.script.lines)
    if len(asking) < FEWEST_CASES or not written:
        return Reason.TOO_FEW_CASES
    stacked = [i for i in asking if reading.script.lines[i].stretch.text.count("?") >= 2]
    return told(len(stacked), len(asking), QUESTION_MARK_HEARD, evidence=[reading.ids[i] for i in stacked])


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
