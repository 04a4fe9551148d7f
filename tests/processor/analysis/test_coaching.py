"""Whether a call is coaching: by the mean of its lines, and not said when there is too little."""

from __future__ import annotations

import pytest

from processor.analysis.coaching import is_coaching
from processor.analysis.script import Script, write_script
from processor.analysis.thresholds import COACHING_NO, COACHING_YES, FEWEST_COACH_TURNS
from processor.analysis.utterances import find_stretches
from processor.knowledge.loading import FOLDER, read_lexicon
from processor.model.people import Role
from processor.model.reading import IsCoaching
from tests import builders

LEXICON = read_lexicon(FOLDER / "en" / "lexicon.toml")


def script(coach_lines: int) -> Script:
    """So many questions, each answered."""
    asked = "0:{:02} coach: What would help?\n0:{:02} client: A quiet hour."
    text = "\n".join(asked.format(8 * i, 8 * i + 4) for i in range(coach_lines))
    stretches = find_stretches(builders.session(text), LEXICON)
    return write_script(stretches, frozenset(), {"SPEAKER_00": Role.COACH, "SPEAKER_01": Role.CLIENT}, LEXICON)


@pytest.mark.parametrize(
    ("chance", "said"),
    [(COACHING_YES + 0.01, IsCoaching.YES), (COACHING_NO - 0.01, IsCoaching.NO),
     ((COACHING_YES + COACHING_NO) / 2, IsCoaching.CANNOT_TELL)],
)  # fmt: skip
def test_the_mean_of_the_lines_decides(chance: float, said: IsCoaching) -> None:
    """From the upper limit on yes, up to the lower one no, between them neither."""
    lines = script(FEWEST_COACH_TURNS)
    assert is_coaching(lines, [chance] * len(lines.lines))[0] is said


def test_lines_make_up_for_one_another() -> None:
    """Of ten lines eight surely from a coaching call and two surely not are 0.8 in the mean."""
    lines = script(5)
    assert is_coaching(lines, [1.0, 1.0, 1.0, 1.0, 0.0] * 2)[0] is IsCoaching.YES


def test_too_few_lines_of_the_coach_cannot_tell() -> None:
    """However sure each of them is."""
    lines = script(FEWEST_COACH_TURNS - 1)
    assert is_coaching(lines, [0.99] * len(lines.lines))[0] is IsCoaching.CANNOT_TELL
