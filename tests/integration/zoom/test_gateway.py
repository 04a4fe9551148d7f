"""Questions to Zoom. A number in a test's name is the case's in docs/zoom-app.md."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from integration.config import ZoomSettings
from integration.errors import ZoomBusy, ZoomFault
from integration.zoom.gateway import ZoomGateway, retry_after_s
from integration.zoom.standin.server import StandIn
from integration.zoom.standin.world import App
from integration.zoom.tokens import AccountTokens
from tests.conftest import Clock
from tests.integration.zoom.practice import DANA, NINE, film

DAY = date(2026, 11, 6)
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class Line:
    """A gateway to the stand-in that notes its waits instead of sleeping."""

    def __init__(self, zoom: StandIn, clock: Clock) -> None:
        self.zoom = zoom
        app = zoom.world.app
        self.settings = ZoomSettings(
            account_id=app.account_id,
            client_id=app.client_id,
            client_secret=app.client_secret,  # pydantic makes it a secret
            api_url=f"{zoom.url}/v2",
            oauth_url=f"{zoom.url}/oauth/token",
        )
        self.slept: list[float] = []
        self.gateway = ZoomGateway(self.settings, AccountTokens(self.settings, clock), clock, sleep=self.slept.append)

    def wrong(self, kind: str, value: object = None, *, times: int = 1) -> None:
        self.zoom.world.misbehave("api", kind, value=value, times=times)

    def list(self, first: date = DAY, last: date = DAY, *, trash: bool = False) -> list[str]:
        return [found.meeting.title for found in self.gateway.recordings_of(DANA, first, last, trash=trash)]

    def asked(self) -> list[str]:
        return [line["path"] for line in self.zoom.world.noted("api")]


@pytest.fixture
def line(zoom: StandIn, clock: Clock) -> Line:
    zoom.add_user(DANA)
    return Line(zoom, clock)


def record(line: Line, count: int = 1) -> None:
    for number in range(count):
        line.zoom.record(DANA, topic=f"call {number}", mixed=film(50), started=NINE)


def test_a_recording_and_a_token_for_its_files(line: Line) -> None:
    """One meeting: its files, the participants' own audio too, and a token that lives for a day."""
    meeting = line.zoom.record(DANA, mixed=film(), tracks={"Ana": film()}, started=NINE)
    fetched = line.gateway.recording(meeting.uuid)
    assert [file.kind for file in fetched.recording.files] == ["mixed", "track"]
    token = line.zoom.world.token(fetched.download_token)
    assert token is not None
    assert (token.meeting_uuid, token.until - line.zoom.world.now()) == (meeting.uuid, 24 * 3600)


def test_every_page_is_turned(line: Line) -> None:
    """601 recordings of a day: three pages of 300 at most, every recording once."""
    record(line, 601)
    assert line.list() == [f"call {number}" for number in range(601)]
    assert len(line.asked()) == 3


def test_a_page_mark_that_ended_starts_the_list_again(line: Line) -> None:
    """Sixteen minutes between two pages: begun again once, nothing missing."""
    record(line, 400)
    found = line.gateway.recordings_of(DANA, DAY, DAY)
    titles = {next(found).meeting.title}
    line.zoom.world.advance(16 * 60)
    titles |= {recording.meeting.title for recording in found}
    assert len(titles) == 400


def test_a_long_time_is_asked_for_month_by_month(line: Line) -> None:
    """Ninety days: three questions of thirty days, which Zoom accepts."""
    line.list(DAY - timedelta(days=89), DAY)
    windows = [(path.split("from=")[1][:10], path.split("to=")[1][:10]) for path in line.asked()]
    assert windows == [("2026-08-09", "2026-09-07"), ("2026-09-08", "2026-10-07"), ("2026-10-08", "2026-11-06")]


def test_the_bin_is_another_list(line: Line) -> None:
    """With trash, what lies in the bin; without, what does not."""
    record(line, 2)
    first = next(iter(line.zoom.world.meetings.values()))
    first.place = "trash"
    assert (line.list(), line.list(trash=True)) == (["call 1"], ["call 0"])


def test_a_token_is_asked_for_once(line: Line) -> None:
    """Five questions, one sign-in."""
    for _ in range(5):
        line.list()
    assert len(line.zoom.world.noted("oauth")) == 1


def test_a_token_that_ended_is_renewed_once(line: Line, clock: Clock) -> None:
    """Refused with 401 in the middle: one new token, and the answer comes."""
    line.list()
    line.zoom.world.access.clear()
    record(line)
    assert line.list() == ["call 0"]
    assert len(line.zoom.world.noted("oauth")) == 2


def test_a_token_is_renewed_before_it_ends(line: Line, clock: Clock) -> None:
    """A minute before its hour is over a new one is asked for, without a refusal first."""
    line.list()
    clock.pass_time(3_541_000)
    line.list()
    assert (len(line.zoom.world.noted("oauth")), len(line.asked())) == (2, 2)


def test_a_token_that_is_refused_again_is_the_end(zoom: StandIn, clock: Clock) -> None:
    """Refused, renewed, refused: ZoomFault, and no third sign-in."""
    line = Line(zoom, clock)
    zoom.world.token_seconds = -10
    with pytest.raises(ZoomFault) as fault:
        line.list()
    assert fault.value.code == "ZOOM_TOKEN"
    assert len(zoom.world.noted("oauth")) == 2


def test_39_a_short_wait_is_slept_through(line: Line) -> None:
    """429 per second, over in 2 seconds: waited exactly so long, then answered."""
    record(line)
    line.wrong("rate_second", 2)
    assert line.list() == ["call 0"]
    assert line.slept == [2]


def test_39_a_long_wait_ends_the_stage(line: Line) -> None:
    """429 for the day, as a date: ZoomBusy that says when, and no sleep."""
    line.wrong("rate_day", 7200)
    with pytest.raises(ZoomBusy) as fault:
        line.list()
    assert (fault.value.code, fault.value.retry_after_s) == ("ZOOM_RATE", 7200)
    assert line.slept == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "2026-11-22T10:00:45Z"}, 45),
        ({"Retry-After": "2026-11-22T10:00:45+00:00"}, 45),
        ({"Retry-After": "2026-11-22T09:00:00Z"}, 0),
        ({"Retry-After": "2027-11-22T10:00:00Z"}, 24 * 3600),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 3)}, 3),
        ({"Retry-After": "tomorrow"}, None),
        ({"X-RateLimit-Reset": "soon"}, None),
        ({}, None),
    ],
)
def test_39_every_way_of_saying_how_long(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, a date, a moment of reset, or nothing; never more than a day, never less than nothing."""
    assert retry_after_s(headers, int(NOW.timestamp() * 1000)) == seconds


@pytest.mark.parametrize(("kind", "value"), [("status", 500), ("status", 502), ("status", 503), ("reset", None)])
def test_40_short_troubles_are_tried_over(line: Line, kind: str, value: object) -> None:
    """Three failures: the fourth try answers; waits double, each between half of it and all of it."""
    record(line)
    line.wrong(kind, value, times=3)
    assert line.list() == ["call 0"]
    assert [low <= wait <= 2 * low for low, wait in zip((0.25, 0.5, 1.0), line.slept, strict=True)] == [True] * 3


def test_40_long_troubles_end_the_stage(line: Line) -> None:
    """Four failures: ZoomBusy."""
    line.wrong("status", 502, times=4)
    with pytest.raises(ZoomBusy) as fault:
        line.list()
    assert fault.value.code == "ZOOM_AWAY"


def test_a_missing_scope_is_said(clock: Clock) -> None:
    """An app without the scope for lists: ZoomFault ZOOM_SCOPE, not tried again."""
    with StandIn(app=App(scopes="user:read:user:admin"), clock=lambda: clock.now_ms / 1000) as zoom:
        zoom.add_user(DANA)
        line = Line(zoom, clock)
        with pytest.raises(ZoomFault) as fault:
            line.list()
    assert fault.value.code == "ZOOM_SCOPE"
    assert line.slept == []


def test_a_user_whom_zoom_does_not_know(line: Line) -> None:
    """404 with code 1001: ZoomFault ZOOM_NO_USER."""
    with pytest.raises(ZoomFault) as fault:
        list(line.gateway.recordings_of("nobody@example.com", DAY, DAY))
    assert fault.value.code == "ZOOM_NO_USER"


def test_zoom_away_altogether(clock: Clock) -> None:
    """Nobody listens: ZoomBusy, from the sign-in already."""
    settings = ZoomSettings(account_id="a", oauth_url="http://127.0.0.1:1/oauth/token", api_url="http://127.0.0.1:1")
    with pytest.raises(ZoomBusy) as fault:
        ZoomGateway(settings, AccountTokens(settings, clock), clock).user()
    assert fault.value.code == "ZOOM_OAUTH_BUSY"
