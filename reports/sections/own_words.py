"""The client's own page: their aim, what they learnt, what they will do, in their own words."""

from __future__ import annotations

from processor.model.people import Sure
from processor.model.reading import SignalId
from reports.audience import Audience
from reports.call import QUOTED_FROM, Call
from reports.report import Moment, Quote
from reports.wording import persons, term

_MOST = 3
_OPEN_FROM = 0.5

_ASKED = (
    ("What you wanted from this session", SignalId.ASK_AGREEMENT, _OPEN_FROM),
    ("What you take away", SignalId.ASK_CLOSE, _OPEN_FROM),
    ("What you said about next steps", SignalId.ASK_ACTION, 0.0),
)
"""The title, what the coach asked, and how surely the question must be an open one."""


def own_words(call: Call) -> tuple[tuple[str, tuple[Moment, ...]], ...]:
    """The client's answers to open questions about aim and learning and to any about action; never a word of the coach.

    Open ones, for what follows "shall we stop here?" is no learning; what follows "by when?" is a step all the same.
    """
    return tuple((title, _answers(call, signal, least)) for title, signal, least in _ASKED)


def _answers(call: Call, signal: SignalId, least_open: float) -> tuple[Moment, ...]:
    found = []
    for reading in call.findings.readings:
        heard = {s.id: s.confidence for s in reading.signals}
        asked = (
            call.utterance(reading.utterance).label == call.coach
            and heard.get(signal, 0.0) >= QUOTED_FROM
            and heard.get(SignalId.OPEN_QUESTION, 0.0) >= least_open
        )
        answer = call.turn_after(reading.utterance) if asked else None
        if answer is not None and answer.label == call.client and answer.word_count >= 3:
            words = Quote(persons(Audience.CLIENT)["Client"], call.text(answer.utterances))
            start, end = call.place(answer.segment.start_ms), call.place(answer.segment.end_ms)
            found.append(Moment(start, end, "", term("sure", Sure.FAIR), quotes=(words,)))
    return tuple(dict.fromkeys(found))[:_MOST]
