"""Phases: the likeliest path, and spans that cover the call."""

from __future__ import annotations

from math import log

from processor.analysis.phases import likeliest_phases, normalised, phase_spans, phases_of_all
from processor.model.reading import Phase
from processor.model.segment import Segment
from tests import builders

STAY = tuple(tuple(log(0.97) if a == b else log(0.01) for b in range(4)) for a in range(4))
OPENING, EXPLORATION, ACTION, CLOSING = (
    (0.97, 0.01, 0.01, 0.01), (0.01, 0.97, 0.01, 0.01), (0.01, 0.01, 0.97, 0.01), (0.01, 0.01, 0.01, 0.97),
)  # fmt: skip
UNSURE = (0.2, 0.38, 0.4, 0.02)


def test_clear_lines_keep_their_phase() -> None:
    """Lines that are clear go through the phases as they are."""
    path = likeliest_phases((OPENING, OPENING, EXPLORATION, EXPLORATION, CLOSING, CLOSING), STAY)
    assert [p.value for p in path] == ["opening"] * 2 + ["exploration"] * 2 + ["closing"] * 2


def test_one_unsure_line_follows_its_neighbours() -> None:
    """A line that leans a little to action amid exploration belongs to exploration."""
    assert likeliest_phases((EXPLORATION, UNSURE, EXPLORATION), STAY)[1] is Phase.EXPLORATION


def test_a_phase_may_come_back() -> None:
    """From action back to exploration, and to action again."""
    lines = (ACTION, ACTION, EXPLORATION, EXPLORATION, ACTION, ACTION)
    assert [p.value for p in likeliest_phases(lines, STAY)] == ["action"] * 2 + ["exploration"] * 2 + ["action"] * 2


def test_no_lines_have_no_phases() -> None:
    assert likeliest_phases((), STAY) == ()


def test_chances_of_a_line_sum_to_one() -> None:
    """Four heads that each speak for themselves are brought to one."""
    assert normalised([(0.5, 0.25, 0.25, 0.25)]) == ((0.4, 0.2, 0.2, 0.2),)


def test_spans_cover_the_call_without_holes() -> None:
    """The first span starts at 0, each ends where the next begins, the last with the recording."""
    found = builders.findings("0:02 coach: Hello there\n0:10 client: I keep waiting\n0:30 coach: What next?")
    phases = (Phase.OPENING, Phase.EXPLORATION, Phase.ACTION)
    spans = phase_spans(found.utterances, phases, 40_000)
    assert [s.segment for s in spans] == [Segment(0, 10_000), Segment(10_000, 30_000), Segment(30_000, 40_000)]


def test_a_backchannel_is_in_the_phase_of_what_it_listens_to() -> None:
    """What is no line of the script has the phase of the line before it."""
    found = builders.findings("0:02 client: Hello there\n0:03 coach: mm\n0:10 client: I keep waiting")
    phases = phases_of_all(found.utterances, (0, 2), (Phase.OPENING, Phase.EXPLORATION))
    assert phases == (Phase.OPENING, Phase.OPENING, Phase.EXPLORATION)
