"""The page on which a coach connects Zoom."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask

from integration.store import calls
from integration.store.people import PersonKind
from integration.store.schema import CallFile
from integration.web.app import create_app
from integration.wiring import Services
from integration.zoom.connections import connection_of
from integration.zoom.signature import sign
from integration.zoom.standin.server import StandIn
from integration.zoom.standin.webhooks import compact
from tests.integration.zoom.conftest import own_accounts, services, zoom
from tests.integration.zoom.practice import DANA, film
from tests.visitors import Visitor, known, someone

__all__ = ["own_accounts", "services", "zoom"]  # the stand-in's fixtures serve here too

coaches_connect = pytest.mark.usefixtures("own_accounts")


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def dana(app: Flask, services: Services) -> Visitor:
    return someone(app, services, DANA, PersonKind.COACH, name="Dana")


def say_yes(visitor: Visitor) -> str:
    """Follow the link to Zoom and say yes there; the way back, as the browser gets it from Zoom."""
    there = visitor.get("/account/zoom/connect").headers["Location"]
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])
    return f"{back.path}?{back.query}"


@coaches_connect
def test_a_coach_connects_and_disconnects(dana: Visitor, services: Services, zoom: StandIn) -> None:
    """There and back: connected, and what to switch on is shown at once; disconnected by a form."""
    zoom.add_user(DANA, recording={"cloud_recording": False})
    page = dana.get(say_yes(dana), follow_redirects=True).text
    assert "Zoom is connected" in page
    assert "off: without it nothing comes" in page
    assert "Connected since 6 November 2026" in page
    dana.send("/account/zoom/disconnect", page="/account/zoom")
    assert connection_of(services, known(services, DANA)) is None


@coaches_connect
def test_105_a_way_back_that_was_not_begun_here_is_refused(dana: Visitor, services: Services, zoom: StandIn) -> None:
    """The way back of somebody else's yes, brought to Dana's browser: refused, in words."""
    zoom.add_user(DANA)
    other = someone(dana.browser.application, services, "eve@example.com", PersonKind.COACH)
    page = dana.get(say_yes(other), follow_redirects=True).text
    assert "begun in another browser" in page
    assert connection_of(services, known(services, DANA)) is None


@coaches_connect
def test_a_no_at_zoom_is_no_error(dana: Visitor, zoom: StandIn) -> None:
    """Back with Zoom's word for a no: said as what it was, and the page stands."""
    dana.get("/account/zoom/connect")
    answer = dana.get("/account/zoom/back?error=access_denied", follow_redirects=True)
    assert answer.status_code == 200
    assert "because you did not say yes there" in answer.text


def test_in_the_practices_account_nobody_needs_to_connect(dana: Visitor, zoom: StandIn) -> None:
    """A server-to-server app knows no connections of coaches: the page says so and offers none."""
    page = dana.get("/account/zoom").text
    assert "Your practice's own Zoom account is connected" in page.replace("&#39;", "'")
    assert "/account/zoom/connect" not in page
    assert dana.get("/account/zoom/connect").status_code == 404


def states(page: str) -> list[str]:
    """What the page says of each setting."""
    return [part.partition("<")[0].partition(">")[2] for part in page.split('<span class="stand ')[1:]]


def test_what_to_switch_on_is_looked_up(dana: Visitor, services: Services, zoom: StandIn) -> None:
    """Own tracks off, cloud recording on, the rest untold: each said, the most helpful first."""
    recording = {"record_audio_file_each_participant": False, "cloud_recording": True, "auto_recording": "local"}
    zoom.add_user(DANA, recording=recording)
    page = dana.get("/account/zoom?check=1").text
    first, second = "Record a separate audio file of each participant", "Cloud recording</span>"
    assert page.index(first) < page.index(second)
    untold = "Zoom does not say: please look there"
    assert states(page) == ["off", "on", *[untold] * 4, "off", untold]


@pytest.mark.parametrize(
    ("kind", "said"), [("track", "on in your last recording"), ("mixed", "off in your last recording")]
)
def test_what_zoom_does_not_say_the_last_recording_shows(
    dana: Visitor, services: Services, zoom: StandIn, kind: str, said: str
) -> None:
    """Of a user Zoom does not say whether participants are recorded apart: the latest of two recordings does."""
    zoom.add_user(DANA, recording={"cloud_recording": True})
    coach_id = known(services, DANA)
    with services.database.transaction() as tx:
        for started_ms, file in ((2, kind), (1, {"track": "mixed", "mixed": "track"}[kind])):
            call, _ = calls.add_call(
                tx, services.keys, origin="zoom", started_ms=started_ms, now_ms=1, coach_id=coach_id
            )
            call.files.append(CallFile(zoom_id="f", kind=file, status="completed"))
    assert states(dana.get("/account/zoom?check=1").text)[0] == said


def test_settings_that_cannot_be_read_are_said(dana: Visitor, zoom: StandIn) -> None:
    """Zoom does not know the coach, does not answer, or the app lacks a scope: a sentence instead of a list."""
    page = dana.get("/account/zoom?check=1")
    assert page.status_code == 200
    assert "nobody has the address that you sign in with" in page.text
    zoom.add_user(DANA)
    zoom.world.misbehave("oauth", "html")
    assert "Zoom cannot be reached just now" in dana.get("/account/zoom?check=1").text
    zoom.world.app = replace(zoom.world.app, scopes="user:read:user:admin")
    assert "own connection to Zoom is not complete" in dana.get("/account/zoom?check=1").text


@coaches_connect
def test_an_ended_connection_is_shown(dana: Visitor, services: Services, zoom: StandIn) -> None:
    """After Zoom ended it: the page asks to connect again."""
    zoom.add_user(DANA)
    dana.get(say_yes(dana))
    with services.database.transaction() as tx:
        row = tx.merge(connection_of(services, known(services, DANA)))
        row.access_sealed = row.refresh_sealed = None
    assert "Connect again" in dana.get("/account/zoom").text


def test_it_is_a_coachs_page(app: Flask, services: Services, zoom: StandIn) -> None:
    """A supervisor does not find it, a stranger is sent to sign in."""
    sue = someone(app, services, "sue@example.com", PersonKind.SUPERVISOR)
    assert sue.get("/account/zoom").status_code == 404
    assert "/sign-in" in Visitor(app, services).get("/account/zoom").headers["Location"]


@pytest.mark.parametrize(("padding", "status"), [(300_000, 204), (5_000_000, 413)])
def test_the_door_stands_open_in_the_whole_app(
    app: Flask, services: Services, zoom: StandIn, padding: int, status: int
) -> None:
    """A signed event needs neither sign-in nor form token, and may be larger than a form, up to 5 MB."""
    known(services, DANA, PersonKind.COACH)
    event = zoom.event(zoom.record(DANA, mixed=film()))
    body = compact(event | {"padding": "x" * padding})
    stamp = str(services.now_ms() // 1000)
    signature = sign(zoom.world.app.webhook_secret, stamp, body)
    answer = app.test_client().post(
        "/zoom/events", data=body, headers={"x-zm-request-timestamp": stamp, "x-zm-signature": signature}
    )
    assert answer.status_code == status
