"""A supervisor's ear beside the software: by behaviour, by quarter, and nothing of any coach."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from integration.store import supervision
from integration.store.people import PersonKind
from tests.practices import COACH, SUPERVISOR, Practice

DAY_MS = 86_400_000
AUGUST = int(datetime(2026, 8, 10, tzinfo=UTC).timestamp() * 1000)
NOVEMBER = int(datetime(2026, 11, 10, tzinfo=UTC).timestamp() * 1000)


def marked(practice: Practice, marker: str, seen: str, heard: str, *, done_ms: int) -> None:
    """One session whose marker was `seen` by the supervisor and `heard` by the software."""
    call, supervisor = practice.session(), practice.person(SUPERVISOR, PersonKind.SUPERVISOR)
    with practice.services.database.transaction() as tx:
        marking = supervision.marking_of(tx, call.id, supervisor, "pcc_2020")
        supervision.keep_marks(tx, marking, {marker: seen})
        supervision.marks_of(tx, marking)[marker].heard = heard
        marking.done_ms = done_ms


def page(practice: Practice) -> str:
    """The words of the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", practice.supervisor().get("/supervision/agreement").text).split())


def test_without_marks_the_page_says_how_it_begins(practice: Practice) -> None:
    """No table of noughts."""
    assert "It begins with the first session whose marks you finish." in page(practice)


def test_the_halves_show_what_changed(practice: Practice) -> None:
    """Five sessions with two of another opinion, then five of one: 8 of 10 the same, and kappa 1 in the second half.

    All: seen in 6, heard in 4 of 10; by chance 0.6 * 0.4 + 0.4 * 0.6 = 0.48; (0.8 - 0.48) / (1 - 0.48) = 0.62.
    """
    first = [("seen", "heard"), ("seen", "not_heard"), ("not_seen", "not_heard"), ("seen", "not_heard"),
             ("seen", "partly")]
    second = [("seen", "heard"), ("seen", "heard"), *[("not_seen", "not_heard")] * 3]
    for i, (seen, heard) in enumerate([*first, *second]):
        marked(practice, "8.1", seen, heard, done_ms=AUGUST + i * DAY_MS)
    shown = page(practice)
    assert "Same in 8 of 10 sessions." in shown
    assert re.search(r"8\.1 .* 0\.62 0\.\d\d to 0\.\d\d", shown)
    assert re.search(r"second half: 1\.00", shown)


def test_quarters_put_all_behaviours_together(practice: Practice) -> None:
    """Two marks in August, one of them the same; one in November, the same."""
    marked(practice, "8.1", "seen", "heard", done_ms=AUGUST)
    marked(practice, "3.1", "seen", "not_heard", done_ms=AUGUST)
    marked(practice, "3.1", "not_seen", "not_heard", done_ms=NOVEMBER)
    shown = page(practice)
    assert re.search(r"2026 Q3 1 of 2 too little to tell 2026 Q4 1 of 1", shown)
    assert shown.count("too little to tell") == 4


def test_what_a_machine_cannot_speak_to_is_left_out(practice: Practice) -> None:
    """Neither its own "human only" nor the supervisor's "cannot tell" is an opinion."""
    marked(practice, "5.1", "seen", "human", done_ms=AUGUST)
    marked(practice, "8.1", "cannot_tell", "heard", done_ms=AUGUST)
    assert "there is nothing to lay beside your marks" in page(practice)


def test_no_coach_is_named(practice: Practice) -> None:
    """The figures are over all coaches together."""
    marked(practice, "8.1", "seen", "heard", done_ms=AUGUST)
    assert COACH not in page(practice)
