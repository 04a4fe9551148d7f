"""Hearing a call again, in parts, and how long its audio stays."""

from __future__ import annotations

import pytest

from tests.practices import Practice
from tests.visitors import Visitor

SOUND = b"\0\0\0\x18ftypM4A " + bytes(range(256)) * 5000  # over one sealed piece of a megabyte


def player(practice: Practice) -> tuple[Visitor, str, str]:
    """The coach, the session's path, and the path of its audio."""
    call = practice.session(media=SOUND)
    (name,) = [n for n in practice.services.record(call.id).names() if n.startswith("media")]
    return practice.coach(), f"/sessions/{call.token}", f"/sessions/{call.token}/audio/{name}"


def test_the_player_starts_at_the_moment(practice: Practice) -> None:
    """A link to second 65 opens the player there, said as a clock time."""
    coach, path, audio = player(practice)
    page = coach.get(f"{path}/listen?at=65").text
    assert f"{audio}#t=65" in page
    assert "From 1:05." in page


def test_the_whole_file_comes_back(practice: Practice) -> None:
    """What was sealed is what is played, named for what it is."""
    coach, _path, audio = player(practice)
    answer = coach.get(audio)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, SOUND, "audio/mp4")


@pytest.mark.parametrize(
    ("wanted", "first", "end"),
    [("bytes=0-99", 0, 100), ("bytes=1048570-1048585", 1048570, 1048586), ("bytes=-7", len(SOUND) - 7, len(SOUND))],
)
def test_a_part_comes_as_asked(practice: Practice, wanted: str, first: int, end: int) -> None:
    """A player asks for parts, also across two sealed pieces and at the end."""
    coach, _path, audio = player(practice)
    answer = coach.get(audio, headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer.data == SOUND[first:end]
    assert answer.headers["Content-Range"] == f"bytes {first}-{end - 1}/{len(SOUND)}"


def test_a_part_that_is_not_there_is_refused(practice: Practice) -> None:
    """Beyond the end there is nothing."""
    coach, _path, audio = player(practice)
    assert coach.get(audio, headers={"Range": "bytes=99999999-"}).status_code == 416


def test_nothing_but_audio_is_played(practice: Practice) -> None:
    """The words of a call are no audio, whatever the address says."""
    coach, path, _audio = player(practice)
    assert coach.get(f"{path}/audio/words.json").status_code == 404
    assert coach.get(f"{path}/audio/media-..%2F..%2Fkeys").status_code == 404


def test_audio_can_be_erased_now(practice: Practice) -> None:
    """Zero days: it is gone before the page answers, and the report has no links to it."""
    coach, path, audio = player(practice)
    coach.send(f"{path}/audio", page=f"{path}/listen", days="0")
    assert coach.get(audio).status_code == 404
    assert "The audio is not kept" in coach.get(f"{path}/listen").text
    coach.send(f"{path}/guess", page=path, do="skip")
    assert "/listen?at=" not in coach.get(path).text


def test_a_number_that_is_none_changes_nothing(practice: Practice) -> None:
    """Neither words nor two years."""
    coach, path, _audio = player(practice)
    for days in ("long", "730", "-1"):
        coach.send(f"{path}/audio", page=f"{path}/listen", days=days)
    assert "Nothing was changed" in coach.get(f"{path}/listen").text
