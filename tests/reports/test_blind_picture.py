"""A supervisor who has not marked yet sees who spoke when, and no finding in it."""

from __future__ import annotations

from reports.audience import Audience
from reports.content import build_report
from reports.context import Context
from tests.reports.calls import ordinary


def test_phases_wait_for_the_marks() -> None:
    """Before the marking the picture has voices and no phase; after it, it has both."""
    before = build_report(ordinary(), Audience.SUPERVISOR, Context(marked=False)).picture
    after = build_report(ordinary(), Audience.SUPERVISOR, Context(marked=True)).picture
    assert before is not None
    assert after is not None
    assert before.voices == after.voices
    assert before.phases == ()
    assert [phase for phase, _start, _end in after.phases] == ["opening", "exploration", "action"]
