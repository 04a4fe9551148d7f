"""Turns, transfers and ways of coming in, on scripts small enough to see what must come out."""

from __future__ import annotations

import pytest

from processor.analysis.coming_in import NAMES, find_comings_in
from processor.analysis.floor import Moment, events_of, find_transfers, find_turns, thought_resumed
from processor.analysis.read import read_session
from processor.analysis.utterances import find_stretches
from processor.knowledge import load
from processor.knowledge.loading import FOLDER, read_lexicon
from processor.model.findings import Findings
from processor.model.floor import FloorEvent, FloorKind, UtteranceKind
from processor.model.segment import Segment
from tests import builders

LEXICON = read_lexicon(FOLDER / "en" / "lexicon.toml")
CUT_OFF = """
    0:00.0 coach: What would you like to look at today?
    0:03.5 client: I have a meeting with the board on Thursday and what I really wanted to ask you about the
    0:09.5 coach: Let me stop you, you need to talk to Devin first, before any of that.
    0:16.0 client: Okay. But the board meeting is what worries me.
"""


def read(script: str) -> Findings:
    return read_session(builders.session(script), load("en"))


def events(script: str, kind: FloorKind) -> list[FloorEvent]:
    return [e for e in read(script).floor if e.kind is kind]


def test_backchannels_do_not_part_a_turn() -> None:
    """A turn goes on over the other's mm-hm."""
    found = builders.findings("0:01 client: I want to stop\n0:02 coach: mm-hm\n0:04 client: but I cannot")
    turns = find_turns(found.utterances)
    assert [(t.label, t.utterances, t.word_count) for t in turns] == [("SPEAKER_01", ("u001", "u003"), 7)]


ASIDE = """
    0:00-0:28 client: I could put it up in the hall where everybody sees the hands and the chair but
    0:14-0:15 coach: not the face
    0:29-0:38 coach: So what would be missing then?
"""


def test_a_word_put_in_is_a_turn_of_its_own() -> None:
    """The coach puts in a second, the client talks on for 13 s, then the coach talks for 9 s: not one turn of 24 s."""
    turns = find_turns(builders.findings(ASIDE).utterances)
    assert [(t.utterances, t.segment.length_ms) for t in turns] == [
        (("u001",), 28_000), (("u002",), 1_000), (("u003",), 9_000),
    ]  # fmt: skip


def test_the_floor_passes_from_who_talked_last() -> None:
    """Come in on 14 s before its end, the client's floor is the coach's a second after it."""
    transfers = find_transfers(find_turns(builders.findings(ASIDE).utterances))
    assert [(t.before, t.after, t.offset_ms) for t in transfers] == [
        ("SPEAKER_01", "SPEAKER_00", -14_000), ("SPEAKER_01", "SPEAKER_00", 1_000),
    ]  # fmt: skip


def test_no_floor_passes_over_what_was_not_recorded() -> None:
    """Ten seconds are missing between the client and the coach: who talked in them, nobody knows."""
    found = builders.findings("0:01-0:02 client: I stop\n0:14-0:15 coach: Stop what?")
    assert find_transfers(find_turns(found.utterances), (Segment(3_000, 13_000),)) == ()


def test_a_transfer_tells_the_gap() -> None:
    """From the end of one turn at 0:02 to the start of the next at 0:03.5 is 1500 ms."""
    found = builders.findings("0:01-0:02 client: I stop\n0:03.5-0:04 coach: Stop what?")
    assert [t.offset_ms for t in find_transfers(find_turns(found.utterances))] == [1500]


def test_a_transfer_tells_the_overlap() -> None:
    """Starting 400 ms before the other's end is an offset of -400 ms."""
    found = builders.findings("0:01-0:03 client: I stop\n0:02.6-0:04 coach: Stop what?")
    assert [t.offset_ms for t in find_transfers(find_turns(found.utterances))] == [-400]


def test_a_mm_hm_inside_is_a_backchannel() -> None:
    """A mm-hm while the other talks on takes no floor."""
    found = read("0:01-0:08 client: I keep waiting for somebody to notice that I am new\n0:05-0:05.4 coach: mm-hm")
    assert [u.kind for u in found.utterances] == [UtteranceKind.TURN, UtteranceKind.BACKCHANNEL]


def test_cutting_in_is_an_interruption() -> None:
    """Starting before an unfinished sentence's end, taking the floor: an interruption likelier than not."""
    (event,) = events(CUT_OFF, FloorKind.INTERRUPTION)
    assert event.by == "SPEAKER_00"
    assert event.confidence > 0.5


def test_the_one_cut_off_may_come_back_to_the_thought() -> None:
    """The client speaks of the board again after being cut off while speaking of it."""
    (event,) = events(CUT_OFF, FloorKind.INTERRUPTION)
    assert event.resumed is True


@pytest.mark.parametrize(("completion", "kind"), [(0.24, FloorKind.INTERRUPTION), (0.26, FloorKind.COMPLETION)])
def test_a_kind_too_unlikely_to_be_listed_keeps_no_other_out(completion: float, kind: FloorKind) -> None:
    """Completions are listed from 0.25, interruptions from 0.15; of what may be listed, the likelier kind is."""
    session = builders.session(CUT_OFF)
    coming = find_comings_in(find_stretches(session, LEXICON), LEXICON, {})[1]
    chances = dict.fromkeys(FloorKind, 0.0) | {FloorKind.COMPLETION: completion, FloorKind.INTERRUPTION: 0.2}
    (event,) = events_of(read(CUT_OFF).utterances, [coming], {}, [Moment(coming, chances)], LEXICON)
    assert event.kind is kind


def test_an_announced_stop_is_marked() -> None:
    """"May I stop you there" tells why: the interruption carries it."""
    script = CUT_OFF.replace("Let me stop you, you", "May I stop you there? We have five minutes. You")
    assert [e.announced for e in events(script, FloorKind.INTERRUPTION)] == [True]


def test_a_quick_answer_is_no_interruption() -> None:
    """Overlapping the last word of a finished question takes nothing from anybody."""
    script = "0:01-0:04 coach: So where would you like to get to this morning?\n0:03.8 client: To a plan for Friday."
    assert events(script, FloorKind.INTERRUPTION) == []


DUAL = """
    0:01-0:03 client: That was the meeting.
    0:05-0:07 coach: And what is the
    0:05.2-0:08 client: But the thing is I
"""


def test_both_starting_after_a_silence_start_simultaneously() -> None:
    """Two who start within 300 ms after a silence do so both."""
    assert [e.by for e in events(DUAL, FloorKind.SIMULTANEOUS)] == ["SPEAKER_00", "SPEAKER_01"]


def test_a_simultaneous_start_is_never_quoted_as_an_interruption() -> None:
    """Who gave way may have been cut off, which is too doubtful for the 0.7 from which a report quotes."""
    (doubtful,) = events(DUAL, FloorKind.INTERRUPTION)
    assert doubtful.confidence < 0.7


@pytest.mark.parametrize(("later", "resumed"), [("Anyway, nothing.", False), ("The garden, as I said.", True)])
def test_a_thought_is_resumed_in_its_own_words(later: str, resumed: bool) -> None:  # noqa: FBT001 - a case's answer
    """Coming back to the thought means using one of its words within two turns."""
    script = f"0:01-0:04 client: What I want from the garden is\n0:03.5 coach: Buy a mower.\n0:06 client: {later}"
    session = builders.session(script)
    (coming, *_) = find_comings_in(find_stretches(session, LEXICON), LEXICON, {})
    assert thought_resumed(coming, read(script).utterances, LEXICON) is resumed


def test_times_of_a_coming_in_are_seconds() -> None:
    """Coming in 0.5 s before the end of a 3 s utterance, for 2 s: offset -0.5, overlap 0.5, outlasting by 1.5."""
    session = builders.session("0:01-0:04 client: one two three four five six\n0:03.5-0:05.5 coach: seven eight")
    (coming,) = find_comings_in(find_stretches(session, LEXICON), LEXICON, {})
    row = dict(zip(NAMES, coming.row, strict=True))
    assert (row["offset"], row["overlap"], row["outlast"]) == (-0.5, 0.5, 1.5)
    assert coming.goes_on_ms == 500
