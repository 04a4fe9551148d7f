"""Whether the five partnering groups were heard: asked by the coach, and answered by the client."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from processor.analysis.knowledge import Lexicon
from processor.analysis.script import Script
from processor.analysis.signals import Chances
from processor.analysis.thresholds import ANSWER_WORDS, GROUP_HEARD, GROUP_LED, GROUP_PARTLY
from processor.model.people import Role
from processor.model.reading import Coverage, Group, Heard, SignalId

ASKED_BY = {
    Group.AGREEMENT: SignalId.ASK_AGREEMENT,
    Group.CHECK_IN: SignalId.CHECK_IN,
    Group.MEANING: SignalId.INVITE_MEANING,
    Group.ACTION: SignalId.ASK_ACTION,
    Group.CLOSE: SignalId.ASK_CLOSE,
}


def find_coverage(script: Script, ids: Sequence[str], signals: Chances, lexicon: Lexicon) -> tuple[Coverage, ...]:
    """How far each group was heard, with the questions that show it and their answers.

    Heard = asked (GROUP_HEARD) and answered by the client; partly = asked, but no answer came; cannot tell = a
    question that may have been one (GROUP_PARTLY), or that led to its own answer (GROUP_LED); else not heard.
    """
    return tuple(_covered(group, script, ids, signals, lexicon) for group in Group)


def nothing_covered() -> tuple[Coverage, ...]:
    """Every group as one that cannot be told, for a call whose words cannot be read."""
    return tuple(Coverage(group, Heard.CANNOT_TELL) for group in Group)


def _covered(group: Group, script: Script, ids: Sequence[str], signals: Chances, lexicon: Lexicon) -> Coverage:
    chances = [(c.get(ASKED_BY[group], 0.0), i) for i, c in enumerate(signals)]
    asked = [i for p, i in chances if p >= GROUP_HEARD and signals[i].get(SignalId.LEADING_QUESTION, 0.0) < GROUP_LED]
    answers = {i: _answer(script, i, lexicon) for i in asked}
    if any(answers.values()):
        evidence = [ids[j] for i, answer in answers.items() if answer for j in (i, *answer)]
        return Coverage(group, Heard.HEARD, tuple(dict.fromkeys(evidence)))
    if asked:
        return Coverage(group, Heard.PARTLY, tuple(ids[i] for i in asked))
    likely = [i for p, i in chances if p >= GROUP_PARTLY]
    return Coverage(group, Heard.CANNOT_TELL if likely else Heard.NOT_HEARD, tuple(ids[i] for i in likely))


def _answer(script: Script, i: int, lexicon: Lexicon) -> tuple[int, ...]:
    """The client's lines that answer line `i`: the next turn of anybody else, if it says enough; else none."""
    after = script.after[i]
    if after is None:
        return ()
    lines = script.lines
    turn = tuple(takewhile(lambda j: lines[j].role is Role.CLIENT, range(after, len(lines))))
    first = lines[after].plain.split(" ")[0]
    brief = bool(turn) and (first in lexicon.words["answer_yes"] or first in lexicon.words["answer_no"])
    return turn if brief or sum(lines[j].words for j in turn) >= ANSWER_WORDS else ()
