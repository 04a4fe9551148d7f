"""What Zoom's JSON is read as: every event, and every odd form of it that was seen."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from integration.errors import EventNotUnderstood
from integration.zoom.events import (
    AppDeauthorized,
    Challenge,
    Event,
    Fate,
    MeetingEnded,
    Moved,
    ParticipantMoved,
    RecordingReady,
    RecordingRenamed,
    RecordingsMoved,
    Unhandled,
    parse,
)
from integration.zoom.recordings import FileKind, Recording

UUID = "/dG9/cGFydHMvLzAwMg=="


def read(name: str, thing: dict[str, Any], **envelope: Any) -> Event:
    payload = {"account_id": "acc", "object": thing}
    return parse(json.dumps({"event": name, "event_ts": 1_794_000_000_123, "payload": payload, **envelope}).encode())


def file(**more: Any) -> dict[str, Any]:
    return {
        "id": "f1",
        "recording_start": "2026-11-20T09:00:12Z",
        "recording_end": "2026-11-20T09:52:40Z",
        "file_type": "M4A",
        "file_size": 48122334,
        "download_url": "https://us06web.zoom.us/rec/webhook_download/x",
        "status": "completed",
        **more,
    }


def recording(*files: dict[str, Any], tracks: tuple[dict[str, Any], ...] = (), **more: Any) -> Recording:
    thing = {
        "uuid": UUID,
        "id": 84011122234,
        "host_id": "h0st",
        "host_email": "dana.coach@example.com",
        "topic": "Séance 7",
        "start_time": "2026-11-20T09:00:00Z",
        "recording_files": list(files),
        "participant_audio_files": list(tracks),
        **more,
    }
    content = read("recording.completed", thing, download_token="t").content
    assert isinstance(content, RecordingReady)
    return content.recording


def test_a_recording_is_read_with_all_that_is_needed() -> None:
    """Meeting, file and token of recording.completed arrive as they were told; times are ms since 1970."""
    thing = {"uuid": UUID, "id": 1, "recording_files": [file()]}
    content = read("recording.completed", thing, download_token="t").content
    assert isinstance(content, RecordingReady)
    (one,) = content.recording.files
    assert (content.recording.meeting.uuid, content.download_token) == (UUID, "t")
    assert (one.zoom_id, one.kind, one.size, one.status) == ("f1", FileKind.MIXED, 48122334, "completed")
    assert one.start_ms == 1_795_165_212_000  # 2026-11-20 09:00:12 UTC
    assert one.end_ms - one.start_ms == (52 * 60 + 28) * 1000


def test_a_participants_own_audio_has_its_name() -> None:
    """participant_audio_files are tracks; the name stands behind "Audio only - "."""
    (track,) = recording(tracks=(file(file_name="Audio only - Ana (she/her)"),)).files
    assert (track.kind, track.participant) == (FileKind.TRACK, "Ana (she/her)")


@pytest.mark.parametrize(
    ("file_type", "kind"),
    [
        ("MP4", FileKind.VIDEO),
        ("M4A", FileKind.MIXED),
        ("TIMELINE", FileKind.TIMELINE),
        ("TB", FileKind.TIMELINE),
        ("TRANSCRIPT", FileKind.TRANSCRIPT),
        ("CC", FileKind.OTHER),
        ("", FileKind.OTHER),
        ("HOLOGRAM", FileKind.OTHER),
    ],
)
def test_17_every_type_of_file_is_kept(file_type: str, kind: FileKind) -> None:
    """Known types get their kind; unknown ones are kept as OTHER."""
    assert [one.kind for one in recording(file(file_type=file_type, surprise={"a": [1]})).files] == [kind]


def test_a_file_without_id_status_and_size_is_kept() -> None:
    """CC and TIMELINE come without them: the id is made of type and start, the same in every delivery."""
    bare = {"file_type": "TIMELINE", "recording_start": "2026-11-20T09:00:12Z", "download_url": "https://x"}
    (one,) = recording(bare).files
    assert (one.zoom_id, one.status, one.size) == ("TIMELINE//2026-11-20T09:00:12Z", "", 0)


def test_two_participants_of_one_name_are_two() -> None:
    """Equal file names, different ids: two tracks."""
    tracks = tuple(file(id=name, file_name="Audio only - Ana") for name in ("a", "b"))
    assert [track.zoom_id for track in recording(tracks=tracks).files] == ["a", "b"]


@pytest.mark.parametrize("number", [84011122234, "84011122234"])
def test_33_an_id_is_a_number_or_a_text(number: object) -> None:
    """object.id is read as text either way."""
    assert recording(file(), id=number).meeting.number == "84011122234"


def test_25_a_title_is_one_line_that_can_be_kept() -> None:
    """HTML stays text, line breaks and NUL become spaces, no more than 300 characters are kept."""
    title = recording(file(), topic="<b>A</b>\r\nB\0C\u202e" + "x" * 2000).meeting.title
    assert title.startswith("<b>A</b> BC\u202ex")
    assert len(title) == 300


def test_25_half_a_character_becomes_a_question_mark() -> None:
    """A lone surrogate in a name cannot be stored anywhere, so it is replaced."""
    assert recording(file(), topic="\ud800Dana").meeting.title == "?Dana"


@pytest.mark.parametrize("told", [1_794_000_000, 1_794_000_000_000])
def test_a_time_in_seconds_or_milliseconds(told: int) -> None:
    """event_ts is milliseconds since 1970 however it came."""
    assert read("meeting.ended", {"uuid": "a"}, event_ts=told).told_ms == 1_794_000_000_000


@pytest.mark.parametrize("value", ["soon", None, True, [], "1e3", "-5", "9" * 30])
def test_odd_numbers_are_no_numbers(value: object) -> None:
    """A size that is no whole number counts as not told."""
    assert [one.size for one in recording(file(file_size=value)).files] == [0]


@pytest.mark.parametrize(
    ("name", "fate"),
    [("recording.trashed", Fate.TRASHED), ("recording.deleted", Fate.DELETED), ("recording.recovered", Fate.LIVE)],
)
def test_28_one_recording_moved(name: str, fate: Fate) -> None:
    """trashed, deleted and recovered name the meeting and the files."""
    content = read(name, {"uuid": UUID, "recording_files": [file()]}).content
    assert content == RecordingsMoved(fate, (Moved(UUID, ("f1",)),))


def test_29_many_trashed() -> None:
    """batch_trashed lists uuids."""
    content = read("recording.batch_trashed", {"meeting_uuids": ["a", "b"]}).content
    assert content == RecordingsMoved(Fate.TRASHED, (Moved("a"), Moved("b")))


@pytest.mark.parametrize(
    ("name", "fate"), [("recording.batch_deleted", Fate.DELETED), ("recording.batch_recovered", Fate.LIVE)]
)
def test_29_many_deleted_or_recovered(name: str, fate: Fate) -> None:
    """batch_deleted and batch_recovered list meetings with their files."""
    meetings = [{"meeting_uuid": "a", "recording_file_ids": ["f1", "f2"]}, {"recording_file_ids": ["lost"]}]
    assert read(name, {"meetings": meetings}).content == RecordingsMoved(fate, (Moved("a", ("f1", "f2")),))


def test_29_ids_that_are_none_of_zooms() -> None:
    """Longer than any that Zoom gives: such a meeting is left out, such a file is known by its beginning."""
    meetings = [{"meeting_uuid": "x" * 201}, {"meeting_uuid": "y", "recording_file_ids": ["z" * 3000]}]
    moved = RecordingsMoved(Fate.DELETED, (Moved("y", ("z" * 200,)),))
    assert read("recording.batch_deleted", {"meetings": meetings}).content == moved


def test_renamed() -> None:
    """renamed carries the new title."""
    assert read("recording.renamed", {"uuid": UUID, "topic": "New"}).content == RecordingRenamed(UUID, "New")


def test_ended() -> None:
    """meeting.ended tells when."""
    content = read("meeting.ended", {"uuid": UUID, "id": "84", "end_time": "1970-01-01T00:00:01Z"}).content
    assert isinstance(content, MeetingEnded)
    assert (content.meeting.number, content.ended_ms) == ("84", 1000)


@pytest.mark.parametrize(("word", "key"), [("joined", "join_time"), ("left", "leave_time")])
def test_joined_and_left(word: str, key: str) -> None:
    """Who came or left is a number within the meeting; the name is not even read."""
    person = {"user_id": "16778240", "user_name": "Ana", key: "1970-01-01T00:00:02Z"}
    content = read(f"meeting.participant_{word}", {"uuid": UUID, "participant": person}).content
    assert isinstance(content, ParticipantMoved)
    assert (content.person, content.at_ms, content.joined) == ("16778240", 2000, word == "joined")
    assert "Ana" not in repr(content)


@pytest.mark.parametrize(("told", "keep"), [("true", True), ("false", False), (None, False)])
def test_98_deauthorised_in_its_odd_form(told: str | None, *, keep: bool) -> None:
    """event_ts sits inside the payload, as a date; without user_data_retention the data must go."""
    payload = {"account_id": "acc", "user_id": "u", "client_id": "c", "event_ts": "1970-01-01 00:00:03"}
    if told is not None:
        payload["user_data_retention"] = told
    event = parse(json.dumps({"event": "app_deauthorized", "payload": payload}).encode())
    assert (event.told_ms, event.content) == (3000, AppDeauthorized("u", "c", keep))


def test_the_challenge() -> None:
    """endpoint.url_validation carries a token, which no repr shows."""
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}}).encode()
    content = parse(body).content
    assert content == Challenge("abc")
    assert "abc" not in repr(content)


def test_16_what_nobody_asked_for() -> None:
    """An unknown event is Unhandled, whatever it holds."""
    assert read("meeting.sharing_started", {"x": [None]}).content == Unhandled()


@pytest.mark.parametrize("thing", [{}, {"uuid": ""}, {"uuid": "x" * 201}, {"uuid": None}])
def test_a_recording_without_a_usable_uuid_is_not_understood(thing: dict[str, Any]) -> None:
    """No uuid, or one longer than Zoom makes them: EVENT_FORM."""
    with pytest.raises(EventNotUnderstood) as fault:
        read("recording.completed", thing)
    assert fault.value.code == "EVENT_FORM"


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
KEYS = ["uuid", "id", "recording_files", "participant_audio_files", "meetings", "meeting_uuids", "topic", "end_time"]
NAMES = ["recording.completed", "recording.batch_deleted", "meeting.ended", "app_deauthorized"]


@given(some.sampled_from(NAMES), some.dictionaries(some.sampled_from(KEYS), JSON), JSON)
def test_whatever_comes_is_read_or_refused(name: str, thing: dict[str, Any], surprise: object) -> None:
    """Any JSON at all is either an event or EventNotUnderstood, never a crash."""
    body = json.dumps({"event": name, "event_ts": surprise, "payload": {"object": thing, "extra": surprise}}).encode()
    with contextlib.suppress(EventNotUnderstood):
        assert parse(body).name == name


def test_11_a_second_delivery_has_the_same_key() -> None:
    """Another token and another order of files: the same key. Another status of a file: another key."""

    def key(*files: dict[str, Any], token: str = "first") -> str:  # noqa: S107 - invented
        return read("recording.completed", {"uuid": UUID, "recording_files": list(files)}, download_token=token).key

    first, second = file(), file(id="f2")
    assert key(first, second) == key(second, first, token="second")
    assert key(first, second) != key(first, second | {"status": "processing"})
    assert key(first) != key(second)
