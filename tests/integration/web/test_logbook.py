"""Who looked: what a coach reads of what was done with their sessions."""

from __future__ import annotations

import re

from integration.store import audit
from tests.practices import CLIENT, EVERY, Practice


def test_the_log_never_names_a_client(practice: Practice) -> None:
    """Also when their session is erased and they have another with somebody else, they are called the client."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    practice.session(coach="other@practice.example", client=CLIENT, purposes=EVERY)
    practice.client().send(f"/my-sessions/{call.token}/withdraw", page=f"/my-sessions/{call.token}/choices")
    page = practice.coach().get("/logbook").text
    assert "Your client" in page
    assert CLIENT not in page


def test_the_log_is_read_page_by_page(practice: Practice) -> None:
    """Of 103 entries a hundred are on the first page and three on the next."""
    call, coach = practice.session(), practice.coach()
    with practice.services.database.transaction() as tx:
        for _ in range(103):
            audit.note(tx, audit.Action.CORRECT, audit.CALL, call.id, actor_id=None, now_ms=1)
    first = coach.get("/logbook").text
    assert first.count("corrected it") == 100
    older = re.search(r'href="(/logbook\?before=\d+)"', first)
    assert older
    assert coach.get(older[1]).text.count("corrected it") == 3


def test_an_entry_says_what_it_was_about(practice: Practice) -> None:
    """A yes to one purpose is named by that purpose, a file by what it is."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    choices = f"/my-sessions/{call.token}/choices"
    practice.client().send(choices, page=choices, quote="no")
    practice.coach().get(f"/sessions/{call.token}/report.pdf")
    page = practice.coach().get("/logbook").text
    assert "took a yes back: Quoting your client&#39;s words" in page
    assert "took a file along: the report" in page
