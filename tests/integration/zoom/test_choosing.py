"""Which files are heard. A file is written as kind@begin-end minutes, "?" = still processing."""

from __future__ import annotations

import pytest

from integration.zoom.choosing import choose_audio, choose_beside
from integration.zoom.recordings import FileKind, RecordingFile


def files(*notes: str) -> list[RecordingFile]:
    """Files from notes such as "mixed@0-50" or "video@0-20:900" (a size); ids are the notes."""
    made = []
    for note in notes:
        kind, _, rest = note.rstrip("?").partition("@")
        times, _, size = rest.partition(":")
        begin, end = (int(float(minute) * 60_000) + 1 for minute in times.split("-"))
        status = "processing" if note.endswith("?") else "completed"
        made.append(RecordingFile(note, FileKind(kind.rstrip("ab")), status, int(size or 1), begin, end, "https://x"))
    return made


@pytest.mark.parametrize(
    ("given", "heard"),
    [
        (("mixed@0-50", "video@0-50"), ("mixed@0-50",)),
        (("mixed@0-50", "tracka@0-50", "trackb@0-50"), ("mixed@0-50", "tracka@0-50", "trackb@0-50")),
        (("video@0-50", "tracka@0-50", "trackb@0-50"), ("tracka@0-50", "trackb@0-50")),
        (("mixed@0-50", "tracka@0-50"), ("mixed@0-50",)),
        (("video@0-50:900", "video@0-50:700"), ("video@0-50:700",)),
        (("video@0-50", "timeline@0-50"), ("video@0-50",)),
        (("mixed@0-50?", "video@0-50"), ("video@0-50",)),
        (("mixed@0-50?",), ()),
        (("timeline@0-50", "transcript@0-50", "other@0-50"), ()),
        ((), ()),
    ],
)
def test_60_the_best_audio_there_is(given: tuple[str, ...], heard: tuple[str, ...]) -> None:
    """Own tracks of two people, with the mix; one track alone lacks a voice: the mix; no mix: the smallest film."""
    assert tuple(file.zoom_id for file in choose_audio(files(*given))) == heard


def test_34_every_segment_is_heard_in_order() -> None:
    """A recording that was stopped and restarted: its segments by start, the film where a segment has no audio."""
    given = files("mixed@25-50", "video@25-50", "video@0-20", "mixed@55-60")
    assert [file.zoom_id for file in choose_audio(given)] == ["video@0-20", "mixed@25-50", "mixed@55-60"]


def test_34_a_false_start_is_left_out() -> None:
    """Three seconds (0.05 minutes) beside longer segments: not heard; alone: heard, and found too short later."""
    assert [file.zoom_id for file in choose_audio(files("mixed@0-20", "mixed@21-21.05"))] == ["mixed@0-20"]
    assert [file.zoom_id for file in choose_audio(files("mixed@21-21.05"))] == ["mixed@21-21.05"]


def test_34_one_persons_track_in_two_segments_is_one_voice() -> None:
    """Two tracks one after the other are not two people at once: the mix is heard."""
    given = files("tracka@0-20", "tracka@25-50", "mixed@0-20", "mixed@25-50")
    assert [file.kind for file in choose_audio(given)] == [FileKind.MIXED, FileKind.MIXED]


def test_a_recording_that_ends_before_it_begins_is_still_heard() -> None:
    """Zoom's times may be wrong; the audio decides."""
    assert len(choose_audio(files("mixed@50-0"))) == 1


def test_what_helps_with_names_is_fetched_too() -> None:
    """Timeline and transcript, when they are ready."""
    chosen = choose_beside(files("mixed@0-50", "timeline@0-50", "transcript@0-50?", "other@0-50"))
    assert [file.zoom_id for file in chosen] == ["timeline@0-50"]
