"""What is told of a stage: the part that will take longest, and how long that is."""

from __future__ import annotations

from integration.jobs.progress import Progress, Shown
from tests.conftest import Clock

MINUTE = 60_000


def after(*told: tuple[int, str, float]) -> Shown:
    """What is shown after news of (minute, part, share)."""
    clock = Clock(0)
    progress = Progress(clock)
    for minute, part, share in told:
        clock.now_ms = minute * MINUTE
        progress.tell(part, share)
    return progress.shown


def test_nothing_is_shown_at_first() -> None:
    """A stage that has told nothing has no part."""
    assert after() == Shown("", 0.0, None)


def test_the_first_news_say_no_time() -> None:
    """A tenth after no time at all is no pace."""
    assert after((3, "words", 0.1)) == Shown("words", 0.1, None)


def test_the_rest_takes_as_long_as_what_was_done() -> None:
    """A fifth in two minutes: the six tenths that are left take six minutes."""
    assert after((1, "words", 0.2), (3, "words", 0.4)) == Shown("words", 0.4, 6 * MINUTE)


def test_parts_that_an_earlier_run_finished_make_nobody_hopeful() -> None:
    """Half was there at once; the pace is that of the tenth which came after it."""
    assert after((0, "words", 0.5), (1, "words", 0.6)).left_ms == 4 * MINUTE


def test_of_two_parts_the_longer_one_is_shown() -> None:
    """Voices have a minute to go and words four, whichever told something last."""
    told = [(0, "words", 0.0), (0, "voices", 0.0), (1, "words", 0.2), (1, "voices", 0.5)]
    assert after(*told) == after(*told[:2], told[3], told[2]) == Shown("words", 0.2, 4 * MINUTE)


def test_a_part_that_is_done_gives_way() -> None:
    """Voices are done; words go on."""
    assert after((0, "words", 0.5), (1, "voices", 1.0)).part == "words"


def test_the_last_part_stays_until_the_stage_ends() -> None:
    """With everything done the part that ended last is shown, whole, with nothing left."""
    assert after((0, "words", 0.5), (1, "words", 1.0)) == Shown("words", 1.0, 0)
