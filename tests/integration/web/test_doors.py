"""Every door and every kind of person: made from the map of addresses, so that a new page without a rule fails.

RULES says for each page who gets in. "coach of it", "supervisor of it" and "client of it" are the people
whose session it is; everybody else of the same kind, and every other kind, must find nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from integration.store.people import PersonKind
from integration.store.sharing_schema import Assignment
from integration.web.access import rule_of
from tests.practices import CLIENT, COACH, EVERY, SUPERVISOR, Practice
from tests.visitors import TOKEN, Visitor

OTHER_COACH, OTHER_CLIENT = "other@practice.example", "other-client@elsewhere.example"
OTHER_SUPERVISOR = "stranger@practice.example"
PEOPLE = (
    "stranger",
    "coach",
    "other coach",
    "supervisor",
    "other supervisor",
    "client",
    "other client",
    "administrator",
)

ANYBODY = frozenset(PEOPLE)
SIGNED_IN = ANYBODY - {"stranger"}
COACHES, SUPERVISORS, CLIENTS = {"coach", "other coach"}, {"supervisor", "other supervisor"}, {"client", "other client"}
OF_COACH, OF_SUPERVISOR, OF_CLIENT = {"coach"}, {"supervisor"}, {"client"}
OF_PAIR = {"coach", "supervisor"}
ADMINISTRATORS = {"administrator"}

RULES: dict[str, frozenset[str] | set[str]] = {
    "static": ANYBODY,
    "assets.sheet": ANYBODY,
    "assets.charts": ANYBODY,
    "health.health_of_server": ANYBODY,
    "zoom_hooks.receive": ANYBODY,
    "security.login": ANYBODY,
    "security.us_signin": ANYBODY,
    "security.us_signin_send_code": ANYBODY,
    "security.us_verify_link": set(),
    "security.us_setup": SIGNED_IN,
    "security.us_setup_validate": SIGNED_IN,
    "accounts.account": SIGNED_IN,
    "accounts.choose_mails": SIGNED_IN,
    "accounts.choose_name": SIGNED_IN - CLIENTS,
    "accounts.app_off": SIGNED_IN,
    "keeping.choose": COACHES,
    "accounts.sign_out": SIGNED_IN,
    "accounts.mail_off": ANYBODY,
    "accounts.stop_mails": ANYBODY,
    "home.home": SIGNED_IN,
    "invitations.read": ANYBODY,
    "invitations.accept": ANYBODY,
    "sessions.overview": COACHES,
    "sharing.supervisors": COACHES,
    "logbook.logbook": COACHES,
    "upload.form": COACHES,
    "zoom.overview": COACHES,
    "zoom.connect": COACHES,
    "zoom.back": COACHES,
    "zoom.disconnect": COACHES,
    "upload.receive": COACHES,
    "sessions.session": OF_COACH,
    "sessions.guess": OF_COACH,
    "sessions.experiment": OF_COACH,
    "sessions.retry": OF_COACH,
    "correction.correction": OF_COACH,
    "correction.voices": OF_COACH,
    "correction.strike": OF_COACH,
    "correction.finding": OF_COACH,
    "listening.listen": OF_COACH,
    "listening.audio": OF_COACH,
    "listening.keep": OF_COACH,
    "sharing.share": OF_COACH,
    "sharing.show_to": OF_COACH,
    "sharing.take_back": OF_COACH,
    "sharing.answer": OF_COACH,
    "inviting.client": OF_COACH,
    "inviting.invite": OF_COACH,
    "exporting.report_pdf": OF_COACH,
    "exporting.transcript_docx": OF_COACH,
    "exporting.transcript_vtt": OF_COACH,
    "erasing.ask": OF_COACH,
    "erasing.erase": OF_COACH,
    "supervising.overview": SUPERVISORS,
    "supervising.coaches": SUPERVISORS,
    "supervising.ask_or_end": SUPERVISORS,
    "agreeing.agreement": SUPERVISORS,
    "supervising.session": OF_SUPERVISOR,
    "supervising.mark": OF_SUPERVISOR,
    "supervising.comment": OF_SUPERVISOR,
    "listening.listen_as_supervisor": OF_SUPERVISOR,
    "listening.audio_for_supervisor": OF_SUPERVISOR,
    "mentoring.dossier": OF_PAIR,
    "mentoring.export": OF_PAIR,
    "mentoring.sign": OF_PAIR,
    "mentoring.add_hours": OF_SUPERVISOR,
    "client.overview": CLIENTS,
    "client.page": OF_CLIENT,
    "client.choices": OF_CLIENT,
    "client.choose": OF_CLIENT,
    "client.withdraw": OF_CLIENT,
    "administration.overview": ADMINISTRATORS,
    "administration.invite": ADMINISTRATORS,
    "administration.open_or_close": ADMINISTRATORS,
    "administration.assign": ADMINISTRATORS,
    "administration.end": ADMINISTRATORS,
    "practice.figures": ADMINISTRATORS,
}
ENDS_THINGS = {
    "erasing.erase",
    "client.withdraw",
    "accounts.sign_out",
    "administration.end",
    "sharing.answer",
    "sharing.take_back",
}
"""Tried last, and by those who may last of all: they end what the others need."""


@dataclass
class World:
    """A practice with one session that is shared, and the values for every address.

    `own` are other values for addresses that end something: each ends something else.
    """

    people: dict[str, Visitor]
    values: dict[str, object]
    own: dict[str, dict[str, object]]

    def values_for(self, endpoint: str) -> dict[str, object]:
        return self.values | self.own.get(endpoint, {})


@pytest.fixture
def world(practice: Practice) -> World:
    call = practice.session(client=CLIENT, purposes=EVERY, media=b"\0" * 50)
    second, third = (practice.session(client=CLIENT, purposes=EVERY) for _ in range(2))
    practice.session(coach=OTHER_COACH, client=OTHER_CLIENT, purposes=EVERY)
    tie = practice.tie()
    practice.share(call)
    (audio,) = [n for n in practice.services.record(call.id).names() if n.startswith("media")]
    people = {
        "stranger": Visitor(practice.app, practice.services),
        "coach": practice.coach(),
        "other coach": practice.coach(OTHER_COACH),
        "supervisor": practice.supervisor(),
        "other supervisor": practice.supervisor(OTHER_SUPERVISOR),
        "client": practice.client(),
        "other client": practice.client(OTHER_CLIENT),
        "administrator": practice.administrator(),
    }
    values: dict[str, object] = {
        "token": call.token,
        "name": audio,
        "filename": "app.css",
        "assignment_id": tie,
        "person_id": practice.person("spare@practice.example", PersonKind.COACH),
        "mentor_id": practice.person(SUPERVISOR, PersonKind.SUPERVISOR),
        "coach_id": practice.person(COACH, PersonKind.COACH),
    }
    own: dict[str, dict[str, object]] = {
        "erasing.erase": {"token": second.token},
        "sharing.take_back": {"token": third.token},
        "sharing.answer": {"assignment_id": practice.tie("second@practice.example")},
    }
    return World(people, values, own)


def rules(practice: Practice) -> list[Rule]:
    """Every address, those that end things last."""

    def rank(rule: Rule) -> tuple[int, str]:
        return (rule.endpoint in ENDS_THINGS) + (rule.endpoint == "accounts.sign_out"), rule.rule

    return sorted(practice.app.url_map.iter_rules(), key=rank)


def knock(practice: Practice, visitor: Visitor, rule: Rule, method: str, values: dict[str, object]) -> TestResponse:
    """Ask for the page as this person, with a good form token, so that only the door can refuse."""
    with practice.app.test_request_context():
        path = practice.app.url_map.bind("localhost").build(
            rule.endpoint, {k: v for k, v in values.items() if k in rule.arguments}, method=method
        )
    if method == "GET":
        return visitor.get(path, buffered=True)
    page = visitor.get("/account" if visitor.address else "/sign-in").text
    found = TOKEN.search(page)
    assert found
    return visitor.browser.post(path, data={"csrf_token": found[1]})


def is_let_in(answer: TestResponse) -> bool:
    """Not refused: neither "nothing here" nor "sign in first". What the form then says of its fields is no refusal."""
    assert answer.status_code != 500, answer.request.path
    to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?next=")
    return not to_sign_in and answer.status_code not in (401, 403, 404)


ASKS_FOR_MORE = {
    "invitations.read", "invitations.accept", "accounts.mail_off", "accounts.stop_mails", "correction.finding",
    "sharing.show_to", "inviting.invite", "zoom_hooks.receive", "supervising.ask_or_end", "security.us_setup_validate",
    "zoom.connect",
}
"""Doors that are open, but whose page needs a token or a field that this test does not have: 404 or 401 answers."""


def test_every_page_has_a_rule(practice: Practice) -> None:
    """Whoever adds a page says here who may see it."""
    assert {rule.endpoint for rule in practice.app.url_map.iter_rules()} == set(RULES)


def test_every_view_says_whom_it_admits(practice: Practice) -> None:
    """The kinds in the code are those of the rules; a view that says nothing is closed to all."""
    kinds = {"coach": PersonKind.COACH, "supervisor": PersonKind.SUPERVISOR, "client": PersonKind.CLIENT,
             "administrator": PersonKind.ADMINISTRATOR}
    for endpoint, people in RULES.items():
        if not people:
            with pytest.raises(KeyError):
                rule_of(practice.app, endpoint)
            continue
        admitted = rule_of(practice.app, endpoint)
        wanted = None if "stranger" in people else {kinds[p] for p in people if p in kinds}
        assert (None if admitted is None else set(admitted)) == wanted, endpoint


def test_nobody_gets_through_a_door_that_is_not_theirs(practice: Practice, world: World) -> None:
    """Each address, each method, each person: let in if and only if the rule says so."""
    wrong = []
    for rule in rules(practice):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            allowed = RULES[rule.endpoint]
            for person in sorted(PEOPLE, key=lambda p: p in allowed):
                answer = knock(practice, world.people[person], rule, method, world.values_for(rule.endpoint))
                expected = person in allowed
                if is_let_in(answer) != expected and not (expected and rule.endpoint in ASKS_FOR_MORE):
                    wrong.append(f"{person} at {method} {rule.rule}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_an_unassigned_supervisor_finds_nothing_at_once(practice: Practice, world: World) -> None:
    """With the assignment ended, every address of the session is closed, old links among them."""
    supervisor = world.people["supervisor"]
    with practice.services.database.transaction() as tx:
        tie = tx.get_one(Assignment, world.values["assignment_id"])
        tie.ended_ms = practice.services.now_ms()  # only the tie ends; the share is still there
    for rule in rules(practice):
        if RULES[rule.endpoint] in (OF_SUPERVISOR, OF_PAIR):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                answer = knock(practice, supervisor, rule, method, world.values)
                assert answer.status_code == 404, rule.rule
