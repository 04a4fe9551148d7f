"""Finished parts outlive the process that finished them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from processor.model.segment import Segment
from processor.model.speech import Word
from processor.speech.checkpoints import Checkpoints, fingerprint

HEARD = (Word("déjà", Segment(0, 400), None, 0.5), Word("vu", Segment(400, 700), None, None))


def refuse() -> tuple[Word, ...]:
    pytest.fail("a part that was kept is not heard again")


def test_a_kept_part_is_not_heard_again(tmp_path: Path) -> None:
    """A second process finds the words of the first."""
    assert Checkpoints(tmp_path, "x").words("part", lambda: HEARD) == HEARD
    assert Checkpoints(tmp_path, "x").words("part", refuse) == HEARD


def test_activity_is_kept_too(tmp_path: Path) -> None:
    """What was seen of a block comes back as the same numbers."""
    seen = np.array([[0, 1], [2, 1]], dtype=np.int8)
    Checkpoints(tmp_path, "x").activity("block", lambda: seen)
    assert np.array_equal(Checkpoints(tmp_path, "x").activity("block", lambda: seen * 0), seen)


def test_parts_of_something_else_are_not_used(tmp_path: Path) -> None:
    """Another recording, or the same one heard otherwise, starts anew."""
    Checkpoints(tmp_path, "x").words("part", lambda: HEARD)
    assert Checkpoints(tmp_path, "y").words("part", tuple) == ()


def test_a_part_that_failed_is_not_kept(tmp_path: Path) -> None:
    """What was not finished is heard again."""

    def fail() -> tuple[Word, ...]:
        raise OSError

    kept = Checkpoints(tmp_path, "x")
    with pytest.raises(OSError):  # noqa: PT011  # any of them; this one is ours
        kept.words("part", fail)
    assert kept.words("part", lambda: HEARD) == HEARD


def test_parts_are_for_their_owner_only(tmp_path: Path) -> None:
    """Folder and files can be read by this user alone."""
    Checkpoints(tmp_path, "x").words("part", lambda: HEARD)
    assert (tmp_path / "x").stat().st_mode & 0o077 == 0
    assert (tmp_path / "x" / "part").stat().st_mode & 0o077 == 0


def test_erasing_leaves_nothing(tmp_path: Path) -> None:
    """After the call is heard its parts are gone."""
    kept = Checkpoints(tmp_path, "x")
    kept.words("part", lambda: HEARD)
    kept.erase()
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_nothing_is_kept() -> None:
    """A hearing that is not a job keeps nothing."""
    kept = Checkpoints(None, "")
    assert kept.words("part", lambda: HEARD) == HEARD
    assert kept.words("part", tuple) == ()


def test_the_fingerprint_is_of_content_and_settings(tmp_path: Path) -> None:
    """The same sound under another name is the same; another language is not."""
    one, two, other = tmp_path / "one", tmp_path / "two", tmp_path / "other"
    one.write_bytes(b"sound")
    two.write_bytes(b"sound")
    other.write_bytes(b"noise")
    assert fingerprint([one], ["en"]) == fingerprint([two], ["en"])
    assert fingerprint([one], ["en"]) != fingerprint([other], ["en"])
    assert fingerprint([one], ["en"]) != fingerprint([one], ["de"])
