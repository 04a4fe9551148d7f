"""Corrections: what was heard stays, what is read follows."""

from __future__ import annotations

from integration import corrections
from integration.corrections import Corrections, corrected
from processor.model.people import Role
from processor.model.segment import Segment
from processor.model.verdicts import FindingKind, Verdict
from tests.builders import LABELS, ms, session

SCRIPT = """
0:01 coach: What is it about
0:10-0:20 client: one two three four five six seven eight nine ten
0:30 coach: And now
"""


def test_a_struck_stretch_leaves_no_word_and_no_sound() -> None:
    """0:12 to 0:15 goes: the words of seconds 12, 13 and 14, and the speech there; what is around stays."""
    made = Corrections().with_struck(Segment(ms("0:12"), ms("0:15")))
    read = corrected(session(SCRIPT), made)
    said = [w.text for w in read.words if w.label == LABELS["client"]]
    assert said == ["one", "two", "six", "seven", "eight", "nine", "ten"]
    assert read.speech.of_label(LABELS["client"]) == (
        Segment(ms("0:10"), ms("0:12")),
        Segment(ms("0:15"), ms("0:20")),
    )
    assert read.gaps == (Segment(ms("0:12"), ms("0:15")),)


def test_a_word_that_reaches_into_it_goes_as_a_whole() -> None:
    """Half a word could still tell what it was: 0:12.5 takes the word of second 12 along."""
    read = corrected(session(SCRIPT), Corrections().with_struck(Segment(ms("0:12.5"), ms("0:14"))))
    assert "three" not in [w.text for w in read.words]


def test_stretches_that_touch_become_one() -> None:
    """5 to 8 s and 8 to 9 s are 5 to 9 s."""
    made = Corrections().with_struck(Segment(5000, 8000)).with_struck(Segment(8000, 9000))
    assert made.struck == (Segment(5000, 9000),)


def test_taking_back_gives_the_earlier_session() -> None:
    """Struck and brought back: nothing has changed."""
    stretch = Segment(ms("0:12"), ms("0:15"))
    made = Corrections().with_struck(stretch).without_struck(stretch)
    assert corrected(session(SCRIPT), made) == session(SCRIPT)


def test_roles_take_the_place_of_what_was_found() -> None:
    """Named roles stand, those not named stay as they were."""
    made = Corrections().with_roles([(LABELS["coach"], Role.CLIENT)])
    roles = {p.label: p.role for p in corrected(session(SCRIPT), made).participants}
    assert roles == {LABELS["coach"]: Role.CLIENT, LABELS["client"]: Role.CLIENT}


def test_new_roles_take_the_verdicts_along() -> None:
    """What was said of the coach's advice means nothing once the coach is somebody else."""
    made = Corrections().with_verdict(Verdict(FindingKind.SIGNAL, "advise", 5000, right=False))
    assert made.with_roles([(LABELS["coach"], Role.CLIENT)]).verdicts == ()


def test_the_last_verdict_counts() -> None:
    """Wrong, then right: right."""
    wrong = Verdict(FindingKind.SIGNAL, "advise", 5000, right=False)
    right = Verdict(FindingKind.SIGNAL, "advise", 5000, right=True)
    assert Corrections().with_verdict(wrong).with_verdict(right).verdicts == (right,)


def test_corrections_survive_being_written_down() -> None:
    """dump and load give the same corrections, and the text holds no word that was said."""
    made = (
        Corrections()
        .with_roles([(LABELS["coach"], Role.COACH)])
        .with_struck(Segment(1, 2))
        .with_verdict(Verdict(FindingKind.MOVE, "topic", 7, right=True))
    )
    assert corrections.load(corrections.dump(made)) == made
