"""Nothing that was said, nobody's name, no token and no key comes to light: not in logs, not in Redis, not in figures,
not in names of files, not in the database, and not in what a stranger is answered.

One story in real processes, in which everything confidential is a canary and much goes wrong; then every place is
searched for every canary.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from sqlalchemy import select

from integration.redis_server import free_port
from integration.store.record import WORDS
from integration.store.schema import Call
from integration.store.states import State
from tests.builders import session
from tests.integration.zoom.practice import film
from tests.journeys.conftest import nursery
from tests.journeys.parts import Nursery
from tests.journeys.practice import COACH, Practice

__all__ = ["nursery"]
pytestmark = pytest.mark.journey

SPOKEN = "zanzibarword"
TOPIC = "Quokkatopic"
CLIENT = "Wilhelminaclient"
VISITOR = "numbatvisitor"
PASSWORD = "platypuspassword"
WEB_KEY = "echidnawebkey"
TALK = session(f"""
    0:01 coach: Hello, what would you like to look at today?
    0:06 client: I am afraid of {SPOKEN}, said {CLIENT} to me.
    0:12 coach: What does {SPOKEN} mean to you?
    0:18 client: It means that I never {SPOKEN} enough.
    0:24 coach: So {SPOKEN} matters.
    0:30 client: Yes, {SPOKEN} sets the tone.
""")


@dataclass
class Story:
    """The practice after all happened, what it must not have told, and what was seen of it."""

    practice: Practice
    secrets: dict[str, str]
    answers: str
    figures: str

    def found_in(self, content: bytes, *but: str) -> list[str]:
        """The canaries in `content`, leaving out those that may be there."""
        return [name for name, canary in self.secrets.items() if name not in but and canary.encode() in content]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Story]:
    port = free_port()
    settings = {
        "PARTNERING_METRICS_PORT": str(port),
        "PARTNERING_WEB__SECRET_KEY": WEB_KEY,
        "PARTNERING_LOG_LEVEL": "debug",
        "PARTNERING_MAIL__PASSWORD": PASSWORD,
    }
    with Practice(tmp_path_factory.mktemp("confidential"), nursery, **settings) as practice:
        practice.serve()
        for part in (("clock",), ("worker", "io"), ("worker", "audio")):
            practice.start(*part)
        much_happens(practice)
        answers = strangers_ask(practice)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            figures = answer.read().decode()
        yield Story(practice, secrets_of(practice), answers, figures)


def much_happens(practice: Practice) -> None:
    """Calls are delivered, refused and broken; Zoom and the mail server misbehave."""
    practice.post.answers.extend(["451 not now", f"550 {COACH} is unknown, says {CLIENT}"])
    delivered = [practice.call_at(State.HEARD, TALK) for _ in range(3)]
    broken = practice.call_at(State.HEARD, TALK)
    practice.services.record(broken).keep_text(WORDS, json.dumps({"version": 1, "words": [{SPOKEN: CLIENT}]}))
    practice.zoom.world.misbehave("file", "login_page")
    meeting = practice.record(film(), topic=TOPIC, timeline=json.dumps({"timeline": [{CLIENT: SPOKEN}]}).encode())
    practice.zoom.tell_completed(meeting, f"{practice.web_url}/zoom/events")
    practice.until_state(broken, State.FAILED)
    practice.until(lambda: sum(practice.call(one).state == State.DELIVERED for one in delivered) == 2, "two are out")
    practice.pass_time(5 * 60_000)
    for call_id in delivered:
        practice.until_state(call_id, State.DELIVERED)
    with practice.services.database.reading() as tx:
        fetched = tx.scalars(select(Call.id).where(Call.origin == "zoom")).one()
    practice.until_state(fetched, State.REFUSED)


def strangers_ask(practice: Practice) -> str:
    """What a stranger is answered: pages that are not there, wrong forms, forged webhooks."""
    web = practice.web_url
    sender = practice.zoom.sender(f"{web}/zoom/events")
    forged = sender.post(json.dumps({"event": VISITOR, SPOKEN: CLIENT}).encode(), secret="another").body
    answers = [
        requests.get(f"{web}/sessions/{VISITOR}", params={"q": VISITOR}, timeout=10),
        requests.get(f"{web}/invitations/{VISITOR}", timeout=10),
        requests.post(f"{web}/sign-in/send", data={"identity": f"{VISITOR}@example.com"}, timeout=10),
        requests.get(f"{web}/health", timeout=10),
    ]
    return forged.decode() + "".join(answer.text + str(answer.headers) for answer in answers)


def secrets_of(practice: Practice) -> dict[str, str]:
    return {
        "a spoken word": SPOKEN,
        "a topic": TOPIC,
        "a client's name": CLIENT,
        "what a visitor typed": VISITOR,
        "the mail password": PASSWORD,
        "the web key": WEB_KEY,
        **practice.secrets(),
    }


def test_the_story_holds_what_is_searched_for(story: Story) -> None:
    """Letters were sent, a call broke, tokens were given: a search that finds nothing has something to find."""
    assert [letter["To"] for letter in story.practice.post.letters] == [COACH] * 2
    assert sum(name.startswith("token") for name in story.secrets) >= 2
    assert len(story.practice.log.read_text().splitlines()) > 20


def test_logs(story: Story) -> None:
    """No process wrote a canary into its log, at the level debug."""
    assert story.found_in(story.practice.log.read_bytes()) == []


def test_redis(story: Story) -> None:
    """Redis holds no canary, in no key and in no value, now or earlier (its append-only file keeps every write)."""
    written = b"".join(path.read_bytes() for path in (story.practice.folder / "redis").rglob("*") if path.is_file())
    assert b"call-1-" in written
    assert story.found_in(written) == []


def test_figures(story: Story) -> None:
    """The figures for monitoring tell of states and codes only."""
    assert "partnering_stage_endings_total" in story.figures
    assert story.found_in(story.figures.encode()) == []


def test_names_of_files(story: Story) -> None:
    """No file or folder is named for a canary."""
    names = "\n".join(str(path.relative_to(story.practice.folder)) for path in story.practice.folder.rglob("*"))
    assert "00000001/words.json" in names
    assert story.found_in(names.encode()) == []


def test_the_disk(story: Story) -> None:
    """Neither the database nor the vault holds a canary in the clear; people's own addresses are in the database."""
    var = story.practice.folder / "var"
    kept = [path for path in var.rglob("*") if path.is_file() and path.parent.name != "keys"]
    assert any(path.name == "partnering.sqlite3" for path in kept)
    for path in kept:
        assert story.found_in(path.read_bytes(), "a coach's address") == [], path.name


def test_letters(story: Story) -> None:
    """A letter names neither the client nor a word that was said, in any of its parts."""
    for letter in story.practice.post.letters:
        text = "\n".join(str(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "text")
        assert story.found_in((text + str(letter["Subject"])).encode(), "a coach's address") == []


def test_answers_to_strangers(story: Story) -> None:
    """Pages, errors and headers tell a stranger nothing of ours (what they typed themselves may come back to them)."""
    assert story.found_in(story.answers.encode(), "what a visitor typed") == []
