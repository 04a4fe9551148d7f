"""What a new secret of the web app ends, and what it leaves."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from integration.store.people import PersonKind
from integration.web.app import create_app
from integration.wiring import Services
from tests.visitors import Visitor, someone

COACH = "dana@practice.example"


def with_another_secret(services: Services) -> Services:
    web = services.settings.web.model_copy(update={"secret_key": type(services.settings.web.secret_key)("another one")})
    return replace(services, settings=services.settings.model_copy(update={"web": web}))


def test_everybody_signs_in_anew(app: Flask, services: Services) -> None:
    """Sessions end, and a code by mail opens a new one, although codes were made under the old secret before."""
    before = someone(app, services, COACH, PersonKind.COACH)
    assert before.get("/sessions").status_code == 200
    changed = with_another_secret(services)
    after = Visitor(create_app(changed), changed, COACH)
    for cookie in ("session", "remember_token"):
        if kept := before.browser.get_cookie(cookie):
            after.browser.set_cookie(cookie, kept.value)
    assert after.get("/sessions").status_code == 302
    fresh = Visitor(create_app(changed), changed, COACH)
    fresh.sign_in()
    assert fresh.get("/sessions").status_code == 200
