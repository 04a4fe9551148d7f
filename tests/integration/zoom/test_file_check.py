"""What comes is looked at while it streams by."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as some

from integration.errors import DownloadFault
from integration.zoom.file_check import SignInPage, check_for
from integration.zoom.recordings import FileKind
from tests.integration.zoom.practice import box, boxes


def look(kind: FileKind, content: bytes, step: int = 1 << 16) -> None:
    check = check_for(kind)
    for start in range(0, len(content), step):
        check.feed(content[start : start + step])
    check.finish()


def refusal(kind: FileKind, content: bytes) -> str:
    with pytest.raises(DownloadFault) as fault:
        look(kind, content)
    return fault.value.code


@given(some.integers(1, 5000))
def test_a_whole_recording_is_good_in_pieces_of_any_size(step: int) -> None:
    """Type, index with sound, content: accepted however it is cut."""
    look(FileKind.MIXED, boxes(3000), step)


def test_the_index_may_stand_at_the_end() -> None:
    """Content first, index last, as recorders write it."""
    whole = boxes(100)
    kind, index, content = whole[:20], whole[20:60], whole[60:]
    look(FileKind.TRACK, kind + content + index)


def test_a_box_may_be_longer_than_four_gigabytes_can_say() -> None:
    """Size 1 means that the size follows in eight bytes."""
    large = struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 16 + 100) + bytes(100)
    look(FileKind.VIDEO, boxes(0) + large)


def test_the_last_box_may_run_to_the_end() -> None:
    """Size 0 means: to the end of the file."""
    look(FileKind.VIDEO, boxes(0) + struct.pack(">I", 0) + b"mdat" + bytes(100))


@given(some.integers(24, len(boxes(3000)) - 1))
def test_44_a_recording_that_was_cut_off_is_found_out(end: int) -> None:
    """Wherever it was cut behind its first box, it is damaged."""
    assert refusal(FileKind.MIXED, boxes(3000)[:end]) == "DAMAGED"


def test_44_a_recording_cut_off_before_its_content_is_damaged() -> None:
    """Type (20 bytes) and index (40) are whole, and nothing follows."""
    assert refusal(FileKind.MIXED, boxes(3000)[:60]) == "DAMAGED"


def test_44_a_recording_without_an_index_is_damaged() -> None:
    """Type and content alone cannot be played."""
    assert refusal(FileKind.MIXED, box(b"ftyp", b"M4A \0\0\2\0isom") + box(b"mdat", bytes(50))) == "DAMAGED"


def test_a_film_without_sound_is_no_recording() -> None:
    """An index without a sound track: NO_SOUND."""
    assert refusal(FileKind.VIDEO, boxes(sound=False)) == "NO_SOUND"


@pytest.mark.parametrize("content", [b"RIFF\0\0\0\0WAVEfmt " * 9, bytes(100), b"{}" * 50, b"\0\0\0\4ftyp" + bytes(90)])
def test_45_another_kind_of_file_is_refused(content: bytes) -> None:
    """A WAV, zeros, JSON or a box of an impossible size are no M4A."""
    assert refusal(FileKind.MIXED, content) == "WRONG_KIND"


@pytest.mark.parametrize("kind", [FileKind.MIXED, FileKind.TIMELINE, FileKind.TRANSCRIPT])
@pytest.mark.parametrize("page", [b"<!DOCTYPE html><html>" + bytes(30), b"\xef\xbb\xbf \n<html lang=en>..", b"<HTML>"])
def test_42_a_page_for_signing_in_is_known(kind: FileKind, page: bytes) -> None:
    """A web page instead of a file means that the token was not accepted."""
    with pytest.raises(SignInPage):
        look(kind, page)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (FileKind.TRANSCRIPT, b"WEBVTT\n\n1\n"),
        (FileKind.TRANSCRIPT, b"\xef\xbb\xbfWEBVTT\r\n"),
        (FileKind.TIMELINE, b'{"timeline":[]}'),
        (FileKind.TIMELINE, b"\n {}"),
    ],
)
def test_text_files_begin_with_their_mark(kind: FileKind, content: bytes) -> None:
    """WEBVTT or "{", perhaps after a byte order mark, in one piece or byte by byte."""
    look(kind, content)
    look(kind, content, 1)


def test_text_files_of_another_kind_are_refused() -> None:
    """A chat is no transcript."""
    assert refusal(FileKind.TRANSCRIPT, b"09:00:01 Ana: hello") == "WRONG_KIND"
