"""Every page there is, on desk and telephone, light and dark: no rule of accessibility broken, nothing at the side.

The pages come from the map of addresses, so a new page is looked at without anybody thinking of it.
"""

from __future__ import annotations

import pytest
from werkzeug.routing import MapAdapter, Rule

from integration.reflection import keep_reflection
from integration.store import calls
from integration.store.people import PersonKind
from integration.store.states import State
from integration.web.app import create_app
from tests.integration.web.test_doors import RULES
from tests.journeys.office import Guest, Office
from tests.practices import CLIENT, COACH, EVERY, STARTED_MS, SUPERVISOR

pytestmark = pytest.mark.journey
ADMINISTRATOR = "admin@practice.example"
NO_PAGES = {
    "static", "assets.sheet", "assets.charts", "health.health_of_server", "listening.audio",
    "listening.audio_for_supervisor", "exporting.report_pdf", "exporting.transcript_docx", "exporting.transcript_vtt",
    "mentoring.export", "zoom.connect", "zoom.back",
}
"""Files, and the way to Zoom and back, which leaves this server."""
ADDRESSES = {"coach": COACH, "supervisor": SUPERVISOR, "client": CLIENT, "administrator": ADMINISTRATOR}
LOOKS = [(False, False), (True, True)]


def paths(office: Office) -> dict[str, list[str]]:
    """For each kind of person the pages that are theirs, with a session in every state that has a page of its own."""
    sessions, services = office.sessions, office.services
    call = sessions.session(client=CLIENT, purposes=EVERY, media=b"\0" * 50)
    keep_reflection(services.record(call.id), revealed=True)
    guessed = sessions.session(purposes=EVERY, started_ms=STARTED_MS - 1)
    stopped = sessions.session(started_ms=STARTED_MS - 2)
    waiting = sessions.session(purposes=(), started_ms=STARTED_MS - 3, state=State.RECEIVED)
    with services.database.transaction() as tx:
        calls.set_state(tx, calls.get_call(tx, stopped.id), State.FAILED, now_ms=1, reason="ZOOM")
    values = {
        "token": call.token,
        "mentor_id": sessions.person(SUPERVISOR, PersonKind.SUPERVISOR),
        "coach_id": sessions.person(COACH, PersonKind.COACH),
    }
    sessions.person(ADMINISTRATOR, PersonKind.ADMINISTRATOR)
    sessions.tie()
    for one in (call, guessed):
        sessions.share(one)
    adapter = create_app(services).url_map.bind("localhost")
    found: dict[str, list[str]] = {person: [] for person in ADDRESSES}
    for rule in adapter.map.iter_rules():
        person = next((p for p in ADDRESSES if p in RULES[rule.endpoint]), None)
        if person is not None and rule.endpoint not in NO_PAGES and "GET" in (rule.methods or ()):
            found[person].append(_path(adapter, rule, values))
    found["coach"] += [f"/sessions/{one.token}" for one in (guessed, stopped, waiting)]
    found["coach"] += ["/nowhere"]
    return found


def _path(adapter: MapAdapter, rule: Rule, values: dict[str, object]) -> str:
    return adapter.build(rule.endpoint, {name: values.get(name, "x") for name in rule.arguments}, method="GET")


@pytest.mark.parametrize(("phone", "dark"), LOOKS, ids=["desk-light", "phone-dark"])
def test_every_page_is_accessible(office: Office, phone: bool, dark: bool) -> None:  # noqa: FBT001 - columns of a table
    """axe-core finds nothing on any page, and no page is wider than its screen."""
    looked_at = 0
    for person, pages in paths(office).items():
        guest: Guest = office.visitor(phone=phone, dark=dark)
        guest.sign_in(ADDRESSES[person])
        for path in pages:
            guest.open(path)
            looked_at += 1
    assert looked_at > 30
