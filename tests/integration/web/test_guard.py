"""What stands on every answer, whatever it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, request
from flask_limiter.util import get_remote_address

from integration.web.access import public
from integration.web.app import create_app
from integration.wiring import Services
from tests.practices import EVERY, TALK, Practice
from tests.visitors import Visitor

STRANGERS_PAGES = ["/sign-in", "/health", "/nowhere", "/static/app.css", "/report.css", "/sessions"]


@pytest.mark.parametrize("path", STRANGERS_PAGES)
def test_every_answer_is_guarded(app: Flask, services: Services, path: str) -> None:
    """Pages, faults, redirects and files carry the policy: nothing inline, nothing from elsewhere, no frame."""
    answer = Visitor(app, services).get(path, buffered=True)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/sign-in", "/sessions", "/nowhere", "/health"])
def test_private_pages_are_never_stored(practice: Practice, path: str) -> None:
    """Neither browsers nor proxies keep a page; only style sheets and the chart script are kept."""
    assert practice.coach().get(path).headers["Cache-Control"] == "no-store, private"


def test_nothing_is_asked_of_others(practice: Practice) -> None:
    """No page names another host."""
    call = practice.session(media=b"\0" * 10)
    coach = practice.coach()
    coach.send(f"/sessions/{call.token}/guess", page=f"/sessions/{call.token}", do="skip")
    for path in ("/sessions", f"/sessions/{call.token}", "/account", f"/sessions/{call.token}/listen"):
        page = coach.get(path).text
        assert "src=\"http" not in page
        assert "href=\"http://" not in page.replace('href="http://127.0.0.1:8000', "")


def test_pages_hold_no_inline_script_or_style(practice: Practice) -> None:
    """The policy would block them, so there are none: data for charts is JSON, not script."""
    call = practice.session()
    coach = practice.coach()
    coach.send(f"/sessions/{call.token}/guess", page=f"/sessions/{call.token}", do="skip")
    page = coach.get(f"/sessions/{call.token}").text
    assert "<style" not in page
    assert "onclick" not in page
    scripts = [part.split(">")[0] for part in page.split("<script")[1:]]
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)


def test_what_was_said_cannot_become_markup(practice: Practice) -> None:
    """Words, titles and remarks are shown as they are."""
    sly = TALK.replace("client: ", "client: <script>alert(1)</script> <img src=x onerror=alert(1)> ")
    call = practice.session(sly, purposes=EVERY)
    coach = practice.coach()
    coach.send(f"/sessions/{call.token}/guess", page=f"/sessions/{call.token}", do="skip")
    page = coach.get(f"/sessions/{call.token}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("proxies", "place", "address", "secure"),
    [
        (0, "127.0.0.1", "http://localhost/place", False),
        (1, "203.0.113.7", "https://notes.practice.example/place", True),
    ],
)
def test_what_a_proxy_says_counts_when_there_is_one(
    services: Services, proxies: int, place: str, address: str, secure: bool  # noqa: FBT001 - a column of a table
) -> None:
    """Without a proxy before the app anybody could write these headers, so they change nothing: neither whose tries are
    counted, nor which address we go by. With one, what it wrote counts (the last), and not what came to it."""
    web = services.settings.web.model_copy(update={"trusted_proxies": proxies})
    app = create_app(replace(services, settings=services.settings.model_copy(update={"web": web})))

    @public
    def where() -> dict[str, str]:
        return {"place": get_remote_address(), "address": request.url}

    app.add_url_rule("/place", view_func=where)
    told = {"For": "198.51.100.1, 203.0.113.7", "Proto": "https", "Host": "notes.practice.example"}
    answer = app.test_client().get("/place", headers={f"X-Forwarded-{name}": value for name, value in told.items()})
    assert answer.json == {"place": place, "address": address}
    assert ("Strict-Transport-Security" in answer.headers) is secure


def test_health_says_nothing_to_strangers(app: Flask, services: Services) -> None:
    """One word, no versions, no numbers."""
    answer = Visitor(app, services).get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_health_fails_with_the_database(app: Flask, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a database the server says that it is failing."""
    monkeypatch.setattr(type(services.database), "is_reachable", lambda _self: False)
    answer = Visitor(app, services).get("/health")
    assert (answer.status_code, answer.json) == (503, {"status": "failing"})


def test_a_bug_is_told_without_its_words(
    app: Flask, services: Services, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """What crashed and where stands in the log; what it said might be what somebody said, and does not."""

    @public
    def crash() -> str:
        raise RuntimeError("secretly pushed")

    app.add_url_rule("/crash", view_func=crash)
    answer = Visitor(app, services).get("/crash")
    said = "".join(capsys.readouterr()) + caplog.text
    assert answer.status_code == 500
    assert "RuntimeError" in said
    assert "secretly" not in answer.text + said
