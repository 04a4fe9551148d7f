"""The reports of whole calls, read by the real reading: invented calls that nothing was learnt from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from processor.analysis.read import read_session
from processor.knowledge import load
from processor.model.findings import Findings
from processor.model.session import Doubt
from reports.audience import Audience
from reports.content import build_report
from reports.context import Context
from reports.report import Report
from tests.reports.calls import context
from tests.reports.promises import broken
from training import corpus
from training.sessions import session_of

TRUE_ENOUGH = 0.7
"""# Source: what reports.call says of the confidence from which on a moment is named."""

_PARTNERING = {
    "ask_agreement", "check_in", "invite_meaning", "ask_action", "ask_close", "acknowledge", "observe", "reflect",
    "accept_correction",
}  # fmt: skip
_LEADING = {
    "leading_question", "make_meaning", "stay_on_problem", "own_thinking", "reject_correction", "choose_path", "advise",
}  # fmt: skip


@cache
def calls() -> dict[str, corpus.Call]:
    """The whole calls of the corpus that are kept for testing, coaching and not."""
    kept = [c for c in corpus.load() if c.head["split"] == "test" and c.name.startswith("calls/")]
    return {call.name: call for call in kept}


@cache
def found(name: str) -> Findings:
    return read_session(session_of(calls()[name]), load("en"))


def around() -> Context:
    """The longest words that can stand around a call: consent by Zoom, a guess, links, earlier sessions."""
    consent = "Your client agreed to the recording in Zoom; it is used for your own report."
    return context(recorded_on=date(2026, 9, 23), consent=consent, may_quote_client=True)


def reported(name: str) -> Report:
    return build_report(found(name), Audience.COACH, around())


def labels(call: corpus.Call, at_ms: int) -> set[str]:
    """What the hand labels say of the coach's line that was going on at `at_ms`."""
    lines = [x for x in call.lines if x.speaker == "coach" and x.start_ms <= at_ms + 500 and at_ms < x.end_ms]
    return {signal for line in lines for signal in line.signals}


@pytest.mark.parametrize("name", calls())
def test_the_reports_of_a_call_keep_every_promise(name: str) -> None:
    """Length, order, privacy, evidence and ease of reading, for each reader."""
    assert broken(found(name), around()) == []


def test_what_is_said_to_have_worked_is_partnering_by_hand_labels_too() -> None:
    """Over all calls kept apart, at least seven in ten carry a partnering label and none that leads away."""
    said = [labels(calls()[name], moment.place.at_ms) for name in calls() for moment in reported(name).moments]
    true = [bool(found & _PARTNERING) and not found & _LEADING for found in said]
    assert len(true) >= 10
    assert sum(true) / len(true) >= TRUE_ENOUGH


def test_no_call_gets_praise_for_an_answer_that_the_coach_ended() -> None:
    """By hand labels: no interruption of the coach's between what worked and the end of its answer."""
    for name, call in calls().items():
        cuts = [x.start_ms for x in call.lines if x.speaker == "coach" and x.event == "interruption"]
        for moment in reported(name).moments:
            inside = [at for at in cuts if moment.place.at_ms < at <= moment.until.at_ms]
            assert not inside or ";" not in moment.line


def test_bad_sound_and_many_remarks_still_fit_in_the_mail() -> None:
    """The first line grows by what was hard to hear."""
    name = next(name for name, call in calls().items() if call.head["coaching"] == "yes")
    doubt = Doubt("poor", 0.23, remarks=("echo", "clipped", "voices_alike"))
    assert broken(replace(found(name), doubt=doubt), around()) == []


