"""RTTM, Zoom's TIMELINE and Zoom's captions."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from processor.errors import ExchangeFileFault
from processor.formats import captions, clock, rttm, timeline
from processor.model.segment import Segment
from processor.model.speech import Annotation, SpeechSpan

DANA, ANA = "Dana Coach", "Ana"


def span(start_ms: int, end_ms: int, label: str) -> SpeechSpan:
    return SpeechSpan(Segment(start_ms, end_ms), label)


def shown(*entries: tuple[str, list[str]], key: str = "timeline") -> str:
    return json.dumps({key: [{"ts": ts, "users": [{"username": name} for name in names]} for ts, names in entries]})


def test_rttm_keeps_every_millisecond() -> None:
    """Writing and reading RTTM gives the same spans, overlapping ones too."""
    annotation = Annotation.of([span(1366, 5055, "SPEAKER_00"), span(5001, 9999, "SPEAKER_01")])
    text = rttm.dump(annotation, "sample")
    assert text.splitlines()[0] == "SPEAKER sample 1 1.366 3.689 <NA> <NA> SPEAKER_00 <NA> <NA>"
    assert rttm.load(text) == annotation


def test_rttm_writes_blanks_as_underscores() -> None:
    """A name of two words stays one field, whatever lies between them; and so does the name of the call."""
    annotation = Annotation.of([span(0, 1000, DANA), span(2000, 3000, "Ana\u2028Maria Lee")])
    text = rttm.dump(annotation, "call 7")
    assert [line.split()[1] for line in text.splitlines()] == ["call_7", "call_7"]
    assert rttm.load(text).labels == ("Ana_Maria_Lee", "Dana_Coach")


def test_rttm_names_the_line_that_it_cannot_read() -> None:
    """A broken line is named."""
    with pytest.raises(ExchangeFileFault, match="line 2"):
        rttm.load(";; a remark\nSPEAKER x 1 one two <NA> <NA> A <NA> <NA>\n")


def test_a_timeline_entry_holds_until_the_next() -> None:
    """Each name is shown from its entry to the next one; nobody is shown in an empty entry."""
    text = shown(("00:00:01.040", [DANA]), ("00:00:07.500", []), ("00:00:08.120", [ANA, DANA]), ("00:00:09.000", []))
    assert timeline.load(text) == Annotation.of(
        [span(1040, 7500, DANA), span(8120, 9000, ANA), span(8120, 9000, DANA)]
    )


def test_the_refined_timeline_is_preferred() -> None:
    """When Zoom refined the timeline, that one counts."""
    both = json.loads(shown(("00:00:00", [DANA]))) | json.loads(shown(("00:00:02", [ANA]), key="timeline_refine"))
    assert timeline.load(json.dumps(both)).labels == (ANA,)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"timeline": 3}', '{"timeline": [{"ts": "soon"}]}', "[" * 50_000]
)
def test_a_broken_timeline_is_no_timeline(text: str) -> None:
    """A TIMELINE that cannot be read names nobody, and stops nothing."""
    assert timeline.load(text) == Annotation()


def captioned(*cues: str) -> str:
    rows = [f"{i}\n00:00:{2 * i:02d}.000 --> 00:00:{2 * i + 1:02d}.500\n{cue}\n" for i, cue in enumerate(cues)]
    return "\n".join(["WEBVTT", "", *rows])


def test_captions_name_who_speaks() -> None:
    """A name before the words counts until the next one, also on captions without a name."""
    found = captions.load(captioned(f"{DANA}: What now?", f"{ANA}: I wait.", "And then I go."), {DANA, ANA})
    assert found == Annotation.of([span(0, 1500, DANA), span(2000, 3500, ANA), span(4000, 5500, ANA)])


def test_a_colon_is_not_a_name() -> None:
    """A prefix that is neither known nor repeated is part of what was said."""
    assert captions.load(captioned("One thing: I am tired", "Hello")) == Annotation()


def test_a_repeated_prefix_is_a_name() -> None:
    """Who is not known is still a name when the prefix comes back."""
    assert captions.load(captioned("Ana: a", "Ana: b")).labels == (ANA,)


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_captions_of_other_systems_are_read(change: Callable[[str], str]) -> None:
    """A byte order mark or Windows line ends make no difference."""
    text = captioned(f"{DANA}: a", f"{DANA}: b")
    assert captions.load(change(text)) == captions.load(text)


@pytest.mark.parametrize("text", ["", "WEBVTT", "nonsense", "WEBVTT\n\n00:00:99.000 --> x\nAna: a"])
def test_broken_captions_name_nobody(text: str) -> None:
    """A transcript that cannot be read names nobody, and stops nothing."""
    assert captions.load(text) == Annotation()


@pytest.mark.parametrize(
    ("written", "ms"), [("00:00:01.040", 1040), ("1:02:03.5", 3_723_500), ("02:03", 123_000), ("00:00:01,250", 1250)]
)
def test_clock_times(written: str, ms: int) -> None:
    """Hours and fractions may be missing; a comma may stand for the point."""
    assert clock.milliseconds(written) == ms


def test_clock_writes_what_captions_need() -> None:
    """A time is written with two digits each and three of milliseconds."""
    assert clock.clock(3_723_050) == "01:02:03.050"
