"""Everything that findings can hold has words, for every reader, and they are easy to read."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from processor.model.catalogue import MEASURES, Cue, Reason
from processor.model.floor import FloorKind
from processor.model.measures import Measure, NotMeasured
from processor.model.people import Sure
from processor.model.reading import Group, Heard, MoveKind, Phase, SignalId
from processor.speech.doubt import HARDER
from reports.audience import Audience
from reports.call import Call
from reports.context import Context
from reports.sections.numbers import number
from reports.text import render_text
from reports.wording import persons, say, table
from tests.reports.calls import ordinary, report
from tests.reports.promises import HARDEST
from tests.reports.readability import grade

JUDGING = ("good coach", "bad", "weak coach", "score", "poorly", "failed", "mistake", "should have", "wrongly", "rank")
"""Words about a person's worth, or of marking, have no place in a report."""


def _number(audience: Audience, measure: Measure | NotMeasured) -> object:
    return number(Call(ordinary(), Context()), audience, measure)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("spec", MEASURES, ids=lambda spec: spec.id)
def test_every_measure_has_a_name_a_formula_and_its_limits(spec: object, audience: Audience) -> None:
    """With parts and bounds filled in, for each reader, and no brace left over."""
    worded = _number(audience, Measure(spec.id, 0.5, spec.unit, 0.4, 0.6, 5, 10, Sure.FAIR))
    said = [worded.name, worded.value, worded.formula, worded.limits, worded.parts]
    assert all(said[:4]) and not any("{" in text for text in said)  # noqa: PT018  # one rule: worded in full


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_for_a_missing_measure_is_worded(reason: Reason) -> None:
    """A missing figure says why, and shows neither zero nor a dash."""
    worded = _number(Audience.COACH, NotMeasured(MEASURES[0].id, MEASURES[0].unit, reason))
    assert worded.missing.startswith("Could not be measured: ")
    assert worded.value == ""


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("cue", Cue), ("phase", Phase), ("phase_letter", Phase), ("group", Group), ("heard", Heard), ("sure", Sure),
        ("floor", FloorKind), ("move", MoveKind), ("reason", Reason),
    ],
)  # fmt: skip
def test_every_code_of_the_findings_has_a_word(kind: str, keys: type) -> None:
    """No code can reach a reader as a code."""
    assert {key.value for key in keys} <= set(table("states")[kind])


def test_every_remark_of_the_hearing_has_words() -> None:
    """A noisy call gets its report like any other."""
    assert set(table("states")["remark"]) == HARDER


def test_every_signal_has_words() -> None:
    """A name for its count, and what is counted."""
    assert {s.value for s in SignalId} == set(table("signals"))
    assert all(words["count"] and words["formula"] for words in table("signals").values())


@pytest.mark.parametrize("audience", Audience)
def test_no_sentence_is_harder_than_grade_nine(audience: Audience) -> None:
    """Each longer sentence by itself, so that easy ones cannot hide a hard one."""
    texts = [
        text
        for name in ("measures", "signals", "states", "experiments")
        for group in table(name).values()
        for entry in (group.values() if name == "states" else [group])
        for text in (entry.values() if isinstance(entry, dict) else [entry])
        if isinstance(text, str) and len(text.split()) >= 8
    ]
    values = {"at": "3:05", "place": "A check-in on the way", "did": "you checked in", "d": 9}
    filled = [say(text, audience, **values) for text in texts if "{n" not in text]
    assert [text for text in filled if grade(text) > HARDEST] == []


@pytest.mark.parametrize("audience", Audience)
def test_a_whole_report_reads_at_grade_nine_or_easier(audience: Audience) -> None:
    """All that the reader is shown as text."""
    assert grade(render_text(report(audience, may_quote_client=False))) <= HARDEST


@pytest.mark.parametrize("audience", Audience)
def test_no_report_judges_a_person(audience: Audience) -> None:
    """It says what was done and heard, never what somebody is worth."""
    text = render_text(report(audience)).lower()
    assert [word for word in JUDGING if word in text] == []


def test_the_readers_are_called_by_what_they_are() -> None:
    """You are the one who reads."""
    assert persons(Audience.COACH)["Clients"] == "Your client's"
    assert persons(Audience.SUPERVISOR)["coach"] == "the coach"
    assert persons(Audience.CLIENT)["client"] == "you"


def test_no_rubric_or_wording_file_holds_a_figure_to_reach() -> None:
    """A target would turn a mirror into a mark."""
    root = Path(str(files("reports")))
    names = [*root.glob("rubrics/*.toml"), *root.glob("wording/*.toml")]
    keys = {key for path in names for key in _keys(tomllib.loads(path.read_text(encoding="utf-8")))}
    assert keys.isdisjoint({"target", "threshold", "pass", "minimum", "norm", "benchmark"})


def _keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(_keys(inner) for inner in value.values()))
    return set().union(*(_keys(inner) for inner in value)) if isinstance(value, list) else set()
