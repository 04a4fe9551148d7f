"""Measures that need times only, each worked out by hand."""

from __future__ import annotations

import pytest

from processor.analysis.measures.talk import TIMED
from processor.analysis.measures.view import Parts, View, view_of
from processor.model.catalogue import Reason
from processor.model.people import Role
from tests import builders

ROLES = {"SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT}
CALL = """
    0:00-0:04 coach: one two three four
    0:05-0:11 client: one two three four five six
    0:08-0:09 coach: mm
    0:11.5-0:13.5 coach: one two
    0:15-0:19 client: one two three four
    0:22-0:24 client: one two
    0:23.8-0:26 coach: one two
"""


def view(script: str, duration_ms: int = 60_000) -> View:
    found = builders.findings(script)
    return view_of(builders.session(script, duration_ms=duration_ms), found.utterances, ROLES)


def parts(name: str, script: str = CALL) -> Parts:
    found = TIMED[name](view(script))
    assert isinstance(found, Parts)
    return found


def test_talk_share_leaves_backchannels_out() -> None:
    """Coach 4 + 2 + 2.2 = 8.2 s, client 6 + 4 + 2 = 12 s."""
    found = parts("talk_share_coach")
    assert (found.numerator, found.denominator) == (8_200, 20_200)


def test_talk_share_with_backchannels() -> None:
    """The mm adds a second: 9.2 of 21.2 s."""
    found = parts("talk_share_coach_with_backchannels")
    assert (found.numerator, found.denominator) == (9_200, 21_200)


def test_word_share() -> None:
    """Coach 4 + 2 + 2 words, client 6 + 4 + 2."""
    found = parts("word_share_coach")
    assert (found.numerator, found.denominator) == (8, 20)


def test_turns_per_minute() -> None:
    """Coach, client, coach, client (both utterances), coach: 5 turns in one minute."""
    assert parts("turns_per_minute").number == 5


def test_median_turn_words() -> None:
    """The coach's turns have 4, 2 and 2 words."""
    assert parts("turn_words_median_coach").number == 2


def test_silence_share() -> None:
    """Silent: 1 + 0.5 + 1.5 + 3 s and from 26 to 60 s = 40 of 60 s."""
    found = parts("silence_share")
    assert (found.numerator, found.denominator) == (40_000, 60_000)


def test_overlap_share() -> None:
    """The mm lies inside the client (1 s), and 0.2 s at 0:23.8: 1.2 of 20 s of speech."""
    found = parts("overlap_share")
    assert (found.numerator, found.denominator) == (1_200, 20_000)


def test_one_stream_has_no_overlap() -> None:
    """A source that holds one voice at a time says nothing of overlap."""
    one = view(CALL)
    single = View(one.pieces, one.sounds, one.recorded_ms, single_stream=True)
    assert TIMED["overlap_share"](single) is Reason.SINGLE_STREAM


def test_the_coachs_wait() -> None:
    """After the client the coach starts 0.5 s later and 0.2 s early; two cases are too few to sum up."""
    assert TIMED["wait_median_coach"](view(CALL)) is Reason.TOO_FEW_CASES
    again = CALL + "0:27-0:28 client: one\n0:29.5-0:30 coach: two"
    assert parts("wait_median_coach", again).number == 500
    assert parts("wait_over_1s_share_coach", again).number == pytest.approx(1 / 3)


def test_silences_that_the_client_ends() -> None:
    """Of the silences of two seconds and more after the client, one of 3 s ends with the client: all kept."""
    found = parts("thinking_silence_kept_share")
    assert (found.numerator, found.denominator) == (1, 1)


def test_a_silence_that_the_coach_ends_is_shown() -> None:
    """A second silence of 2.5 s is ended by the coach: half are kept, and the line that ended it is the evidence."""
    found = parts("thinking_silence_kept_share", CALL + "0:27-0:28 client: one\n0:30.5-0:31 coach: two")
    assert (found.number, found.evidence) == (0.5, ("u009",))


def test_long_turns() -> None:
    """A turn of 20 s is long whatever its words; 1 of 2 turns."""
    script = "0:00-0:20 coach: one two\n0:21-0:22 client: one\n0:23-0:24 coach: two"
    found = parts("long_turn_share_coach", script)
    assert (found.number, found.evidence) == (0.5, ("u001",))


def test_windows_need_a_whole_window() -> None:
    """A call shorter than 2.5 minutes has no window."""
    assert TIMED["windows_led_in_talk_by_coach"](view(CALL)) is Reason.TOO_SHORT


def test_windows_go_to_who_has_three_fifths() -> None:
    """Coach 100 s, client 50 s, to 2:30: one window, two thirds the coach's; at 2:30 to 3:00 nobody speaks."""
    script = "0:00-1:40 coach: one\n1:40-2:30 client: two"
    assert parts("windows_led_in_talk_by_coach", script).number == 1.0
    even = "0:00-1:20 coach: one\n1:20-2:30 client: two"
    assert parts("windows_balanced_in_talk", even).number == 1.0


def test_nobody_talking_is_no_zero() -> None:
    """Without talk there is no share."""
    assert TIMED["talk_share_coach"](View((), (), 60_000, single_stream=False)) is Reason.NO_CASES


@pytest.mark.parametrize(
    "script", [CALL, "0:00-3:00 coach: one two\n2:59-6:00 client: three four\n6:00-6:01 coach: mm"]
)
def test_windows_share_out_to_one(script: str) -> None:
    """Led by the coach, by the client, balanced: together all windows."""
    names = ("windows_led_in_talk_by_coach", "windows_led_in_talk_by_client", "windows_balanced_in_talk")
    found = [TIMED[name](view(script, 400_000)) for name in names]
    shares = [part.number for part in found if isinstance(part, Parts)]
    assert sum(shares) == pytest.approx(1.0 if shares else 0.0)
