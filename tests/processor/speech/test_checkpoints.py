"""Finished parts outlive the process that finished them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from processor.model.segment import Segment
from processor.model.speech import Word
from processor.speech.checkpoints import Checkpoints, fingerprint

HEARD = (Word("déjà", Segment(0, 400), None, 0.5), Word("vu", Segment(400, 700), None, None))


class Drawer:
    """Parts in memory."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}

    def read(self, part: str) -> bytes | None:
        return self.parts.get(part)

    def keep(self, part: str, content: bytes) -> None:
        self.parts[part] = content


def refuse() -> tuple[Word, ...]:
    pytest.fail("a part that was kept is not heard again")


def test_a_kept_part_is_not_heard_again() -> None:
    """A second process finds the words of the first."""
    drawer = Drawer()
    assert Checkpoints(drawer, "x").words("part", lambda: HEARD) == HEARD
    assert Checkpoints(drawer, "x").words("part", refuse) == HEARD


def test_activity_is_kept_too() -> None:
    """What was seen of a block comes back as the same numbers."""
    seen, drawer = np.array([[0, 1], [2, 1]], dtype=np.int8), Drawer()
    Checkpoints(drawer, "x").activity("block", lambda: seen)
    assert np.array_equal(Checkpoints(drawer, "x").activity("block", lambda: seen * 0), seen)


def test_parts_of_something_else_are_not_used() -> None:
    """Another recording, or the same one heard otherwise, starts anew."""
    drawer = Drawer()
    Checkpoints(drawer, "x").words("part", lambda: HEARD)
    assert Checkpoints(drawer, "y").words("part", tuple) == ()


def test_a_part_that_failed_is_not_kept() -> None:
    """What was not finished is heard again."""

    def fail() -> tuple[Word, ...]:
        raise ZeroDivisionError

    kept = Checkpoints(Drawer(), "x")
    with pytest.raises(ZeroDivisionError):
        kept.words("part", fail)
    assert kept.words("part", lambda: HEARD) == HEARD


def test_a_part_holds_words_times_and_scores() -> None:
    """That is all that is handed out of a stretch of speech."""
    drawer = Drawer()
    Checkpoints(drawer, "x").words("part", lambda: HEARD)
    assert {name: json.loads(kept) for name, kept in drawer.parts.items()} == {
        "x-part": [["déjà", 0, 400, 0.5], ["vu", 400, 700, None]]
    }


def test_without_a_store_nothing_is_kept() -> None:
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
