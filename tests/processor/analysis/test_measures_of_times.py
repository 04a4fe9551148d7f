"""Measures that need times only, each worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from processor.analysis.measures.talk import TIMED
from processor.analysis.measures.view import Parts, View, view_of
from processor.model.catalogue import Reason
from processor.model.people import Role
from processor.model.segment import Segment
from tests import builders

ROLES = {"SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT, "SPEAKER_02": Role.OTHER}
CALL = """
    0:00-0:04 coach: one two three four
    0:05-0:11 client: one two three four five six
    0:08-0:09 coach: mm
    0:11.5-0:13.5 coach: one two
    0:15-0:19 client: one two three four
    0:22-0:24 client: one two
    0:23.8-0:26 coach: one two
"""


def view(script: str, duration_ms: int = 60_000, gaps: tuple[Segment, ...] = ()) -> View:
    found = builders.findings(script)
    return view_of(replace(builders.session(script, duration_ms=duration_ms), gaps=gaps), found.utterances, ROLES)


def parts(name: str, script: str = CALL, gaps: tuple[Segment, ...] = ()) -> Parts:
    found = TIMED[name](view(script, gaps=gaps))
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


def test_a_silence_is_one_in_which_nobody_talks() -> None:
    """While the coach talks for 30 s the client says a few words and, after the coach, a few more: no time to think."""
    script = "0:00-0:30 coach: one two\n0:10-0:11 client: one two\n0:33-0:34 client: three four"
    assert TIMED["thinking_silence_kept_share"](view(script)) is Reason.NO_CASES


@pytest.mark.parametrize("backchannel", ["0:10.5-0:11", "0:12-0:12.3"])
def test_a_backchannel_ends_no_silence(backchannel: str) -> None:
    """The client thinks from 0:10 to 0:12.5, which is 2.5 s, and the coach's mm, early or late, takes nothing of it."""
    script = f"0:05-0:10 client: one two\n{backchannel} coach: mm\n0:12.5-0:13 client: three four"
    found = parts("thinking_silence_kept_share", script)
    assert (found.numerator, found.denominator) == (1, 1)


def test_a_word_put_in_is_waited_for_from_the_end_of_the_longer() -> None:
    """The client talks to 0:28; a word at 0:14 comes 14 s early, the turn at 0:29 a second after; then 1 s and 1 s."""
    script = """
        0:00-0:28 client: one two
        0:14-0:15 coach: not the face
        0:29-0:38 coach: one two
        0:39-0:40 client: one two
        0:41-0:42 coach: one two
    """
    assert TIMED["wait_median_coach"](view(script)) == Parts(-12_000, 3, value=1_000)


STRUCK = """
    0:00-0:02 client: one two
    0:12-0:13 coach: one two
    0:14-0:16 client: one two
    0:26-0:27 client: one two
    0:28-0:29 coach: one two
    0:30-0:31 client: one two
    0:32-0:33 coach: one two
    0:34-0:35 client: one two
    0:36-0:37 coach: one two
"""
GAPS = (Segment(3_000, 11_000), Segment(17_000, 25_000))


def test_no_wait_spans_what_was_not_recorded() -> None:
    """The coach waited 10 s only by the clock: 8 of them are not in the recording. Left are three waits of 1 s."""
    assert parts("wait_median_coach", STRUCK).denominator == 4
    assert parts("wait_median_coach", STRUCK, GAPS) == Parts(3_000, 3, value=1_000)


def test_no_silence_to_think_spans_what_was_not_recorded() -> None:
    """The client's pause of 10 s from 0:16, and the coach's from 0:02, were struck out in the middle."""
    assert parts("thinking_silence_kept_share", STRUCK).denominator == 2
    assert TIMED["thinking_silence_kept_share"](view(STRUCK, gaps=GAPS)) is Reason.NO_CASES


def test_what_was_not_recorded_is_no_silence() -> None:
    """44 of 60 s are recorded; 11 s of them are talk."""
    found = parts("silence_share", STRUCK, GAPS)
    assert (found.numerator, found.denominator) == (33_000, 44_000)


def test_a_turn_does_not_last_while_nothing_was_recorded() -> None:
    """The client's turn from 0:14 to 0:27 has 8 s struck out: 5 s, beside turns of 2, 1 and 1 s."""
    assert parts("turn_length_p90_client", STRUCK).number == 13_000
    assert parts("turn_length_p90_client", STRUCK, GAPS).number == 5_000


def test_turns_of_third_persons_count_for_nobody() -> None:
    """Coach, client, a third: two turns of the two in a minute."""
    script = "0:00-0:04 coach: one\n0:05-0:11 client: two\n0:12-0:13 other: three four"
    assert parts("turns_per_minute", script).number == 2


@pytest.mark.parametrize("name", ["turns_per_minute", "windows_balanced_in_talk", "overlap_share"])
def test_one_voice_is_not_half_of_two(name: str) -> None:
    """What tells of two together is no 0 when the client says nothing."""
    assert TIMED[name](view("0:00-4:00 coach: one two", 240_000)) is Reason.ONE_VOICE


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


def test_windows_share_out_to_one() -> None:
    """Coach to 3:00, client to 6:00: of the windows from 0:00 to 3:30 the first three and the last three are led, with
    120 s of 150 and more; those from 1:30 and from 2:00 have 90, no more than 0.6."""
    script = "0:00-3:00 coach: one two\n3:00-6:00 client: three four"
    names = ("windows_led_in_talk_by_coach", "windows_led_in_talk_by_client", "windows_balanced_in_talk")
    assert [parts(name, script).number for name in names] == [3 / 8, 3 / 8, 2 / 8]
