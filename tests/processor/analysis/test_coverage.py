"""When a partnering group counts as heard."""

from __future__ import annotations

import pytest

from processor.analysis.coverage import find_coverage
from processor.analysis.script import write_script
from processor.analysis.utterances import find_stretches
from processor.knowledge.loading import FOLDER, read_lexicon
from processor.model.people import Role
from processor.model.reading import Coverage, Group, Heard, SignalId
from tests import builders

LEXICON = read_lexicon(FOLDER / "en" / "lexicon.toml")
ROLES = {"SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT}


def close(script: str, chance: float, *, leading: float = 0.0) -> Coverage:
    """The close of a call whose first coach line asks for it, and leads by a question, with these chances."""
    stretches = find_stretches(builders.session(script), LEXICON)
    lines = write_script(stretches, frozenset(), ROLES, LEXICON)
    first = next(i for i, line in enumerate(lines.lines) if line.role is Role.COACH)
    asked = {SignalId.ASK_CLOSE: chance, SignalId.LEADING_QUESTION: leading}
    signals = tuple(asked if i == first else {} for i in range(len(lines.lines)))
    ids = tuple(f"u{i + 1:03}" for i in range(len(lines.lines)))
    return {c.group: c for c in find_coverage(lines, ids, signals, LEXICON)}[Group.CLOSE]


ANSWERED = "0:01 coach: What are you taking away?\n0:05 client: That I can say no to him."


def test_asked_and_answered_is_heard() -> None:
    """The question and its answer are the evidence."""
    assert close(ANSWERED, 0.9) == Coverage(Group.CLOSE, Heard.HEARD, ("u001", "u002"))


def test_a_question_without_an_answer_is_partly_heard() -> None:
    """Nobody answers: partly."""
    assert close("0:01 coach: What are you taking away?", 0.9).state is Heard.PARTLY


def test_a_mumble_is_no_answer() -> None:
    """Fewer than four words that are neither yes nor no answer nothing."""
    assert close("0:01 coach: What are you taking away?\n0:05 client: Some coffee.", 0.9).state is Heard.PARTLY


def test_an_answer_may_begin_with_a_mumble() -> None:
    """"Huh.", four seconds of silence, then the insight: the client's whole next turn is the answer."""
    script = "0:01 coach: What are you taking away?\n0:04 client: Huh.\n0:08 client: That I can say no to him."
    assert close(script, 0.9) == Coverage(Group.CLOSE, Heard.HEARD, ("u001", "u002", "u003"))


def test_short_words_add_up_to_an_answer() -> None:
    """Two words, a pause and two more are four; after the coach's next line they are another turn."""
    script = "0:01 coach: What are you taking away?\n0:04 client: Some coffee.\n0:09 client: And him."
    assert close(script, 0.9).state is Heard.HEARD
    parted = script.replace("0:09", "0:06 coach: Coffee you say.\n0:09")
    assert close(parted, 0.9).state is Heard.PARTLY


@pytest.mark.parametrize(("leading", "state"), [(0.6, Heard.CANNOT_TELL), (0.4, Heard.HEARD)])
def test_a_question_with_its_answer_in_it_makes_nothing_heard(leading: float, state: Heard) -> None:
    """"So you take away that you can say no?" asks for the close, and likelier than not it says it, too."""
    assert close(ANSWERED, 0.9, leading=leading).state is state


def test_a_yes_answers() -> None:
    """A short yes is an answer."""
    assert close("0:01 coach: Are you happy to stop here?\n0:05 client: Yes.", 0.9).state is Heard.HEARD


def test_a_question_that_may_have_been_one_cannot_be_told() -> None:
    assert close(ANSWERED, 0.45).state is Heard.CANNOT_TELL


def test_no_question_is_not_heard() -> None:
    assert close(ANSWERED, 0.05) == Coverage(Group.CLOSE, Heard.NOT_HEARD)
