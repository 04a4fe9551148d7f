"""How long phases last, how quiet they are, and how long answers take: times by hand."""

from __future__ import annotations

from processor.analysis.measures.meaning import MEANT
from processor.analysis.measures.reading import Reading
from processor.analysis.measures.view import Parts
from processor.model.catalogue import Reason
from processor.model.reading import Phase, PhaseSpan
from processor.model.segment import Segment
from tests.processor.analysis.hand_made import reading

CALL = """
    0:01-0:03 coach: What about the garden?
    0:04-0:10 client: The garden frightens me, it belongs to my mother.
    0:11-0:13 coach: Sell the house.
    0:14-0:18 client: The house holds everything we planted.
"""


def parts(name: str, given: Reading) -> Parts:
    found = MEANT[name](given)
    assert isinstance(found, Parts)
    return found


ASKED = """
    0:00-0:02 coach: What about the garden?   [open_question]
    0:03-0:05 client: It frightens me.
    0:06-0:08 coach: And the house?           [open_question]
    0:10-0:12 client: It stands empty.
    0:13-0:15 coach: And the shed?            [open_question]
    0:19-0:21 client: There was never a shed.
    0:22-0:24 coach: It is gone.              [reflect]
    0:30-0:40 client: I only ever saw it in the pictures that my mother
    0:33-0:34 coach: Which ones?              [open_question]
    0:41-0:43 client: kept in the hall.
"""


def test_how_long_the_client_takes_to_answer() -> None:
    """After questions 1, 2 and 4 s. At 0:41 the client goes on with what the question came in on."""
    assert parts("answer_latency_median_client", reading(ASKED)).number == 2_000
    assert parts("answer_latency_median_client", reading(ASKED)).denominator == 3


def test_no_answer_is_timed_over_what_was_not_recorded() -> None:
    """Two seconds before the answer at 0:19 are missing: two answers are left, too few."""
    missing = (Segment(16_000, 18_000),)
    assert MEANT["answer_latency_median_client"](reading(ASKED, gaps=missing)) is Reason.TOO_FEW_CASES


def phases(*spans: tuple[Phase, int, int]) -> tuple[PhaseSpan, ...]:
    """Phases from and to a second."""
    return tuple(PhaseSpan(phase, Segment(start * 1000, end * 1000)) for phase, start, end in spans)


OPENED = phases((Phase.OPENING, 0, 15), (Phase.EXPLORATION, 15, 60))


def test_phase_shares() -> None:
    """15 of 60 s."""
    assert parts("phase_share_opening", reading(CALL, phases=OPENED)).number == 0.25
    assert MEANT["first_action_at"](reading(CALL, phases=OPENED)) is Reason.PHASE_NOT_FOUND


def test_silence_in_a_phase() -> None:
    """To 0:15 they talk for 2 + 6 + 2 + 1 s; of the other 4 a second may be missing."""
    found = parts("silence_share_opening", reading(CALL, phases=OPENED))
    assert (found.numerator, found.denominator) == (4_000, 15_000)
    found = parts("silence_share_opening", reading(CALL, phases=OPENED, gaps=(Segment(0, 1_000),)))
    assert (found.numerator, found.denominator) == (3_000, 14_000)
    assert MEANT["silence_share_closing"](reading(CALL, phases=OPENED)) is Reason.PHASE_NOT_FOUND


def test_what_was_not_recorded_is_in_no_phase() -> None:
    """The client joined at 0:05: 10 of 55 s are opening."""
    found = parts("phase_share_opening", reading(CALL, phases=OPENED, gaps=(Segment(0, 5_000),)))
    assert (found.numerator, found.denominator) == (10_000, 55_000)


def test_closing_in_the_last_part() -> None:
    """Of the last 9 of 60 s five are closing; with two before them missing, of the last 8.7 of 58."""
    late = phases((Phase.EXPLORATION, 0, 55), (Phase.CLOSING, 55, 60))
    found = parts("closing_share_of_last_15_percent", reading(CALL, phases=late))
    assert (found.numerator, found.denominator) == (5_000, 9_000)
    found = parts("closing_share_of_last_15_percent", reading(CALL, phases=late, gaps=(Segment(52_000, 54_000),)))
    assert (found.numerator, found.denominator) == (5_000, 8_700)


def test_the_last_part_reaches_over_what_was_not_recorded() -> None:
    """Closing from 0:50, and 0:52 to 0:54 missing: of the last 8.7 s, which begin at 0:49.3, 2 + 6 s are closing."""
    late = phases((Phase.EXPLORATION, 0, 50), (Phase.CLOSING, 50, 60))
    found = parts("closing_share_of_last_15_percent", reading(CALL, phases=late, gaps=(Segment(52_000, 54_000),)))
    assert (found.numerator, found.denominator) == (8_000, 8_700)
