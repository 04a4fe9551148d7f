"""The stage fetch over real parts. A number in a test's name is the case's in docs/zoom-app.md."""

from __future__ import annotations

import struct

import pytest
from sqlalchemy import select

from integration.errors import DownloadFault, LeaseLost, ZoomBusy, ZoomFault
from integration.store.schema import Artefact
from integration.zoom import fetching
from tests.conftest import Clock
from tests.integration.zoom.practice import Practice, film, unplayable

DAY_MS = 24 * 3600 * 1000


def told(practice: Practice, what: str) -> int:
    return len(practice.zoom.world.noted(what))


def api_paths(practice: Practice) -> list[str]:
    return [line["path"].partition("?")[0] for line in practice.zoom.world.noted("api")]


def test_the_mixed_audio_comes_into_the_vault(practice: Practice) -> None:
    """One M4A: fetched with the webhook's token alone, sealed, under a name of ours."""
    meeting = practice.record(mixed=film(9000))
    practice.tell(meeting)
    (name,) = practice.fetch(meeting)
    assert name == f"media-mixed-{practice.call(meeting).files[0].id}"
    assert practice.kept(meeting, name) == film(9000)
    assert (told(practice, "oauth"), told(practice, "api")) == (0, 0)


def test_60_own_tracks_come_with_their_names(practice: Practice) -> None:
    """Two participants' own audio, the mix, timeline and transcript come, the film does not; names are sealed."""
    meeting = practice.record(mixed=film(), tracks={"Dana": film(100), "Ana": film(200)}, timeline=b'{"timeline":[]}')
    practice.add_file(meeting, "TRANSCRIPT", b"WEBVTT\n")
    practice.add_file(meeting, "MP4", film(9000))
    practice.tell(meeting)
    names = sorted(name.rpartition("-")[0] for name in practice.fetch(meeting))
    assert names == ["media-mixed", "media-track", "media-track", "timeline", "vtt"]
    record = practice.services.record(practice.call(meeting).id)
    people = {
        record.key.open_text(file.participant_sealed, f"participant:{file.zoom_id}")
        for file in record.call.files
        if file.participant_sealed
    }
    assert people == {"Dana", "Ana"}


def test_a_better_choice_takes_the_place_of_the_first(practice: Practice, clock: Clock) -> None:
    """Tracks that come later: the film that was fetched before is gone from the vault."""
    meeting = practice.record(tracks={})
    practice.add_file(meeting, "MP4", film())
    practice.tell(meeting)
    practice.fetch(meeting)
    for name in ("Dana", "Ana"):
        practice.add_file(meeting, "M4A", film(100), name=name)
    clock.pass_time(1000)
    practice.tell(meeting)
    assert {name.rpartition("-")[0] for name in practice.fetch(meeting)} == {"media-track"}


def test_what_is_there_is_not_fetched_again(practice: Practice) -> None:
    """The stage run twice, as after a killed worker: the second run asks Zoom for nothing."""
    meeting = practice.record()
    practice.tell(meeting)
    practice.fetch(meeting)
    asked = told(practice, "file")
    practice.fetch(meeting)
    assert told(practice, "file") == asked


def test_34_every_segment_comes(practice: Practice) -> None:
    """Stopped and restarted twice, the last for 3 seconds: two files, with their times kept."""
    meeting = practice.record()
    meeting.files.clear()
    for begin, end in ((0, 20), (24, 55), (55.1, 55.15)):
        practice.add_file(meeting, "M4A", film(), begin=begin, end=end)
    practice.tell(meeting)
    assert len(practice.fetch(meeting)) == 2
    starts = [file.start_ms for file in practice.call(meeting).files]
    assert starts[1] - starts[0] == 24 * 60_000


def test_37_an_expired_webhook_token_falls_back_to_the_api(practice: Practice, clock: Clock) -> None:
    """Two days late: the token of the webhook is not even tried; the API gives another; one sign-in."""
    meeting = practice.record()
    practice.tell(meeting)
    clock.pass_time(2 * DAY_MS)
    assert len(practice.fetch(meeting)) == 1
    assert (told(practice, "oauth"), told(practice, "api"), told(practice, "file")) == (1, 1, 1)


def test_37_a_refused_token_falls_back_step_by_step(practice: Practice) -> None:
    """Webhook's and API's token refused: the account's own is tried, and works; still one sign-in."""
    meeting = practice.record()
    practice.tell(meeting)
    practice.zoom.world.misbehave("file", "login_page", times=2)
    assert len(practice.fetch(meeting)) == 1
    assert (told(practice, "file"), told(practice, "oauth")) == (3, 1)


def test_37_refused_everywhere_is_said(practice: Practice) -> None:
    """No token is accepted: ZoomFault, nothing kept."""
    meeting = practice.record()
    practice.tell(meeting)
    practice.zoom.world.misbehave("file", "login_page", times=9)
    with pytest.raises(ZoomFault) as fault:
        practice.fetch(meeting)
    assert fault.value.code == "ZOOM_FILE_REFUSED"
    assert practice.services.record(practice.call(meeting).id).names() == ()


@pytest.mark.parametrize("uuid", ["/x==", "a//b==", "a/b==", "a+b==", "plain=="])
def test_31_every_uuid_finds_its_recording(practice: Practice, clock: Clock, uuid: str) -> None:
    """Uuids with '/', '//' and '+': the API is asked with the uuid encoded twice, and finds it."""
    meeting = practice.record(uuid=uuid)
    practice.tell(meeting)
    clock.pass_time(2 * DAY_MS)
    assert len(practice.fetch(meeting)) == 1
    twice = {"/": "%252F", "+": "%252B", "=": "%253D"}
    assert api_paths(practice) == [f"/v2/meetings/{''.join(twice.get(c, c) for c in uuid)}/recordings"]


def test_38_audio_that_zoom_still_works_on_is_waited_for(practice: Practice) -> None:
    """Told of a transcript only: the API is asked, has no audio either, and the stage waits; later it has."""
    meeting = practice.record()
    meeting.files[0].status = "processing"
    transcript = practice.add_file(meeting, "TRANSCRIPT", b"WEBVTT\n")
    practice.tell(meeting, files=[transcript])
    with pytest.raises(ZoomBusy) as fault:
        practice.fetch(meeting)
    assert fault.value.code == "ZOOM_NO_RECORDING"
    meeting.files[0].status = "completed"
    assert len(practice.fetch(meeting)) == 2


def test_38_a_recording_that_is_not_listed_yet_is_waited_for(practice: Practice, clock: Clock) -> None:
    """404 with code 3301: ZoomBusy."""
    meeting = practice.record()
    practice.tell(meeting)
    clock.pass_time(2 * DAY_MS)
    meeting.listed = False
    with pytest.raises(ZoomBusy) as fault:
        practice.fetch(meeting)
    assert fault.value.code == "ZOOM_NO_RECORDING"


def test_38_a_file_that_has_no_address_now_is_waited_for(practice: Practice, clock: Clock) -> None:
    """Told of as ready, then listed as processing and without an address: ZoomBusy, and no refusal for good."""
    meeting = practice.record()
    practice.tell(meeting)
    clock.pass_time(2 * DAY_MS)
    meeting.files[0].status = "processing"
    with pytest.raises(ZoomBusy) as fault:
        practice.fetch(meeting)
    assert fault.value.code == "ZOOM_NO_FILE"


def test_41_a_file_that_cannot_be_resumed_is_begun_again(practice: Practice) -> None:
    """The host knows no ranges and breaks off once: the second beginning brings the whole file."""
    meeting = practice.record(mixed=film(300_000))
    practice.tell(meeting)
    practice.zoom.world.serves_ranges = False
    practice.zoom.world.misbehave("host", "truncate", value=100_000)
    (name,) = practice.fetch(meeting)
    assert practice.kept(meeting, name) == film(300_000)


def test_44_a_damaged_recording_is_fetched_once_more(practice: Practice) -> None:
    """Damaged the first time, whole the second: kept."""
    meeting = practice.record(mixed=film(5000))
    practice.tell(meeting)
    broken = film(5000).replace(struct.pack(">I", 5008) + b"free", struct.pack(">I", 5009) + b"free")
    practice.zoom.world.misbehave("host", "body", value=broken)
    (name,) = practice.fetch(meeting)
    assert practice.kept(meeting, name) == film(5000)
    assert told(practice, "file") == 2


def test_44_damaged_twice_is_given_up(practice: Practice) -> None:
    """Damaged at Zoom itself: two tries, then DAMAGED, nothing kept."""
    meeting = practice.record(mixed=film(5000)[:-900])
    practice.tell(meeting)
    with pytest.raises(DownloadFault) as fault:
        practice.fetch(meeting)
    assert (fault.value.code, told(practice, "file")) == ("DAMAGED", 2)
    assert practice.services.record(practice.call(meeting).id).names() == ()


def test_44_sound_that_does_not_play_is_fetched_once_more(practice: Practice) -> None:
    """Every box as long as it says, and nothing that plays in it at first; then it is kept."""
    meeting = practice.record(mixed=film(5000))
    practice.tell(meeting)
    practice.zoom.world.misbehave("host", "body", value=unplayable(film(5000)))
    (name,) = practice.fetch(meeting)
    assert practice.kept(meeting, name) == film(5000)
    assert told(practice, "file") == 2


def test_44_sound_that_does_not_play_at_zoom_is_given_up(practice: Practice) -> None:
    """Spoilt at Zoom itself: two tries, then DAMAGED; nothing is kept, sealed or plain."""
    meeting = practice.record(mixed=unplayable(film(5000)))
    practice.tell(meeting)
    with pytest.raises(DownloadFault) as fault:
        practice.fetch(meeting)
    assert (fault.value.code, told(practice, "file")) == ("DAMAGED", 2)
    assert practice.services.record(practice.call(meeting).id).names() == ()
    left = practice.services.settings.data_dir.glob("[vs][ac]*/**/*")  # vault and scratch
    assert [path for path in left if path.is_file()] == []


def test_41_a_size_that_changed_after_the_webhook_is_asked_for(practice: Practice) -> None:
    """The webhook told another size than the file has now: the API's size counts."""
    meeting = practice.record(mixed=film(5000))
    meeting.files[0].told_size = 4711
    practice.tell(meeting)
    meeting.files[0].told_size = None
    (name,) = practice.fetch(meeting)
    assert practice.kept(meeting, name) == film(5000)


@pytest.mark.parametrize("content", [b"", b"chat: hello", b"<html>Sign in</html>"])
def test_a_bad_side_file_does_not_stop_the_call(practice: Practice, content: bytes) -> None:
    """A timeline that is empty, no JSON, or a web page: the audio is there without it."""
    meeting = practice.record(timeline=content)
    practice.tell(meeting)
    assert [name.rpartition("-")[0] for name in practice.fetch(meeting)] == ["media-mixed"]


def test_51_no_name_of_zooms_is_used_on_disk(practice: Practice) -> None:
    """A Content-Disposition of "../../outside.m4a" and a topic like a path: every file lies in the vault."""
    meeting = practice.record(topic="../../../etc/passwd")
    practice.tell(meeting)
    before = {path for path in practice.services.settings.data_dir.parent.rglob("*") if path.is_file()}
    practice.fetch(meeting)
    new = {path for path in practice.services.settings.data_dir.parent.rglob("*") if path.is_file()} - before
    vault = practice.services.settings.data_dir / "vault"
    assert {path.is_relative_to(vault) for path in new if ".sqlite3" not in path.name} == {True}


def test_the_webhooks_token_is_forgotten_after_the_fetch(practice: Practice) -> None:
    """What opened the files is not kept longer than it serves."""
    meeting = practice.record()
    practice.tell(meeting)
    assert practice.call(meeting).grant_sealed is not None
    practice.fetch(meeting)
    assert practice.call(meeting).grant_sealed is None


def test_progress_is_the_share_of_the_bytes(practice: Practice) -> None:
    """Two tracks of one size: half after the first, all after the second."""
    meeting = practice.record(tracks={"Dana": film(1000), "Ana": film(1000)})  # and no mix
    practice.tell(meeting)
    shares: list[float] = []
    fetching.fetch_call(practice.services, practice.call(meeting).id, lambda _part, share: shares.append(share))
    assert shares == [0.5, 1.0]


def test_30_a_lost_lease_stops_the_download(practice: Practice) -> None:
    """When telling progress says that the call was taken away, nothing more is written."""
    meeting = practice.record(mixed=film(300_000))
    practice.tell(meeting)

    def lost(_part: str, _share: float) -> None:
        raise LeaseLost("taken over")

    with pytest.raises(LeaseLost):
        fetching.fetch_call(practice.services, practice.call(meeting).id, lost)
    with practice.services.database.transaction() as tx:
        assert tx.scalars(select(Artefact)).all() == []
