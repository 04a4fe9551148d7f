"""Case 111: what zoomus 1.2.1 does and does not do. A test that fails after an upgrade tells of a defect mended."""

from __future__ import annotations

import inspect
import time
from datetime import datetime

import pytest
import requests
import zoomus
from zoomus.components.past_meeting import PastMeetingComponentV2
from zoomus.components.recording import RecordingComponentV2
from zoomus.util import encode_uuid, generate_token

from integration.zoom.standin.server import StandIn


def component(zoom: StandIn, **more: object) -> RecordingComponentV2:
    return RecordingComponentV2(base_uri=f"{zoom.url}/v2", config={"token": "t", "version": 2}, **more)


def asked(answer: requests.Response) -> str:
    """What was asked for: path and query."""
    return str(answer.request.path_url)


def test_1_its_client_asks_for_a_token_without_a_timeout(zoom: StandIn) -> None:
    """The token call passes no timeout on, so that a sign-in that hangs blocks for ever."""
    assert "timeout" not in inspect.getsource(generate_token)


def test_1_its_client_takes_no_token_for_a_token(zoom: StandIn) -> None:
    """Bad credentials: the token is None, and no error is raised."""
    client = zoomus.ZoomClient("bad", "pair", "acc", base_uri=f"{zoom.url}/v2", oauth_uri=f"{zoom.url}/oauth/token")
    assert client.config["token"] is None


def test_1_a_page_instead_of_json_is_a_bare_json_error(zoom: StandIn) -> None:
    """503 with HTML from the sign-in: JSONDecodeError out of the constructor."""
    zoom.world.misbehave("oauth", "html")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        zoomus.ZoomClient("id", "secret", "acc", oauth_uri=f"{zoom.url}/oauth/token")


def test_2_its_timeout_never_reaches_the_components(zoom: StandIn) -> None:
    """timeout=2 for the client, 15 in the component."""
    client = zoomus.ZoomClient("i", "s", "a", timeout=2, oauth_uri=f"{zoom.url}/oauth/token")
    assert (client.timeout, client.recording.timeout) == (2, 15)


def test_3_a_token_that_ended_is_not_renewed(zoom: StandIn) -> None:
    """401 comes back as an answer like any other."""
    assert component(zoom).get(meeting_id="x").status_code == 401


def test_4_a_uuid_is_not_encoded(zoom: StandIn) -> None:
    """recording.get leaves '/' as it is; past meetings encode at the beginning or doubled, not inside."""
    assert asked(component(zoom).get(meeting_id="/abc==")).startswith("/v2/meetings//abc==/recordings?")
    encoded = [encode_uuid(uuid) for uuid in ("/abc==", "a//b", "a/b")]
    assert encoded == ["%252Fabc%253D%253D", "a%252F%252Fb", "a/b"]


def test_5_what_is_in_the_path_is_in_the_query_too(zoom: StandIn) -> None:
    """?meeting_id=..., and for past meetings encoded three times."""
    assert asked(component(zoom).get(meeting_id="abc")) == "/v2/meetings/abc/recordings?meeting_id=abc"
    past = PastMeetingComponentV2(base_uri=f"{zoom.url}/v2", config={"token": "t", "version": 2})
    assert asked(past.get(meeting_id="/a")) == "/v2/past_meetings/%252Fa?meeting_id=%25252Fa"


def test_6_dates_are_not_written_as_zoom_wants_them(zoom: StandIn) -> None:
    """from= gets a time of day, which the API refuses."""
    answer = component(zoom).list(user_id="me", start=datetime(2026, 1, 2, 3, 4, 5))  # noqa: DTZ001 - no zone is read
    assert "from=2026-01-02T03%3A04%3A05Z" in asked(answer)


def test_7_a_failure_is_an_answer_like_any_other(zoom: StandIn) -> None:
    """429 and 502 raise nothing and are not tried again."""
    for kind, value, status in (("rate_second", 1, 429), ("status", 502, 502)):
        zoom.world.misbehave("api", kind, value=value)
        assert component(zoom).get(meeting_id="x").status_code == status
    assert len(zoom.world.noted("api")) == 2


def test_8_credentials_beyond_ascii_crash() -> None:
    """A client id with an umlaut: UnicodeEncodeError."""
    with pytest.raises(UnicodeEncodeError):
        generate_token("http://127.0.0.1:1", "ä", "secret", "acc")


def test_what_we_build_on_works(zoom: StandIn) -> None:
    """A component by itself makes no call when it is made, keeps to its timeout, and shares its settings."""
    config = {"token": "first", "version": 2}
    ours = RecordingComponentV2(base_uri=f"{zoom.url}/v2", config=config, timeout=1)
    assert zoom.world.journal == []
    config["token"] = "second"
    assert ours.config["token"] == "second"
    zoom.world.misbehave("api", "slow", value=1.5)
    begun = time.monotonic()
    with pytest.raises(requests.exceptions.ReadTimeout):
        ours.get_request("/meetings/x/recordings")
    assert time.monotonic() - begun < 1.4
