"""The headers that guard an answer stand on every answer: every address, every method, every fault."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from integration.web.access import public
from integration.web.guard import CONTENT_POLICY, HEADERS
from integration.wiring import Services
from tests.practices import Practice
from tests.visitors import Visitor

METHODS = ("GET", "POST", "PUT", "OPTIONS")


def bare(answer: TestResponse) -> list[str]:
    """Headers that are missing or differ."""
    wanted = {**HEADERS, "Content-Security-Policy": CONTENT_POLICY}
    missing = [name for name, value in wanted.items() if answer.headers.get(name) != value]
    kept = answer.headers.get("Cache-Control", "") == "no-store, private"
    return missing + ([] if kept or "/static/" in answer.request.path or answer.request.path.endswith((".css", ".js"))
                      else ["Cache-Control"])  # fmt: skip


def address(app: Flask, rule: Rule) -> str:
    """The rule's address with numbers and tokens of nothing."""
    with app.test_request_context():
        values: dict[str, object] = dict.fromkeys(rule.arguments, 1)
        return app.url_map.bind("localhost").build(rule.endpoint, values, append_unknown=False)


def test_every_address_by_every_method(practice: Practice) -> None:
    """Asked by a stranger and by a coach, with a form token or without: whatever is answered is guarded."""
    wrong = []
    for visitor in (Visitor(practice.app, practice.services), practice.coach()):
        for rule in practice.app.url_map.iter_rules():
            for method in METHODS:
                path = address(practice.app, rule)
                with visitor.browser.open(path, method=method, buffered=True) as answer:
                    wrong += [f"{method} {path}: {answer.status_code} lacks {name}" for name in bare(answer)]
    assert wrong == []


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 413, 429, 500, 503])
def test_every_fault(app: Flask, services: Services, code: int) -> None:
    """A fault's page is guarded as any other."""

    @public
    def fail() -> tuple[str, int]:
        from flask import abort

        abort(code)

    app.add_url_rule("/fail", view_func=fail)
    answer = Visitor(app, services).get("/fail")
    assert (answer.status_code, bare(answer)) == (code, [])


def test_a_page_over_tls_asks_for_tls_next_time(app: Flask, services: Services) -> None:
    """For a year; over plain HTTP the header would have no meaning."""
    visitor = Visitor(app, services)
    assert visitor.get("/sign-in", base_url="https://coach.example").headers["Strict-Transport-Security"] == (
        "max-age=31536000"
    )
    assert "Strict-Transport-Security" not in visitor.get("/sign-in").headers
