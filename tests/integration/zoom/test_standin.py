"""The stand-in itself: the 36 behaviours without which a test against it would mean little.

A number in a test's name is the behaviour's. Behaviours that other tests rest on are held there: docs/zoom-app.md says
where.
"""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import time
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests

from integration.zoom.standin.server import StandIn
from integration.zoom.standin.world import App
from tests.conftest import Clock
from tests.integration.zoom.practice import DANA, NINE, film


class Caller:
    """Somebody who speaks to the stand-in as an app would."""

    def __init__(self, zoom: StandIn) -> None:
        self.zoom = zoom
        zoom.add_user(DANA)

    def sign_in(self, **form: str) -> requests.Response:
        app = self.zoom.world.app
        given = {"grant_type": "account_credentials", "account_id": app.account_id} | form
        return requests.post(
            f"{self.zoom.url}/oauth/token", data=given, auth=(app.client_id, app.client_secret), timeout=5
        )

    def get(self, path: str, token: str | None = None, method: str = "GET", **more: Any) -> requests.Response:
        bearer = self.sign_in().json()["access_token"] if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} | more.pop("headers", {})
        url = path if path.startswith("http") else f"{self.zoom.url}{path}"
        return requests.request(method, url, headers=headers, timeout=5, **more)

    def file(self, **record: Any) -> tuple[str, str]:
        """The address of a recorded file, and a token for it."""
        meeting = self.zoom.record(DANA, mixed=record.pop("mixed", film()), started=NINE)
        address = f"{self.zoom.url}/rec/webhook_download/{meeting.files[0].id}"
        return address, self.zoom.world.grant_for(meeting)


@pytest.fixture
def caller(zoom: StandIn) -> Caller:
    return Caller(zoom)


def uuid_path(uuid: str, times: int = 2) -> str:
    for _ in range(times):
        uuid = quote(uuid, safe="")
    return f"/v2/meetings/{uuid}/recordings"


def test_1_a_wrong_pair_is_refused(zoom: StandIn) -> None:
    """Another secret: 400 with reason and error."""
    answer = requests.post(f"{zoom.url}/oauth/token", auth=("client", "wrong"), timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_2_tokens_are_new_each_time_and_end(caller: Caller, clock: Clock) -> None:
    """Two calls, two tokens; after their time 401 with code 124."""
    first, second = (caller.sign_in().json() for _ in range(2))
    assert first["access_token"] != second["access_token"]
    clock.pass_time(first["expires_in"] * 1000)
    ended = caller.get("/v2/users/me", first["access_token"])
    assert (ended.status_code, ended.json()["code"]) == (401, 124)


def test_3_a_spent_refresh_token_ends_the_grant(caller: Caller) -> None:
    """Shown again: invalid_grant, and the newer tokens are worth nothing either."""
    code = urlsplit(
        requests.get(
            f"{caller.zoom.url}/oauth/authorize?response_type=code&client_id={caller.zoom.world.app.client_id}"
            "&redirect_uri=http://x/back",
            allow_redirects=False,
            timeout=5,
        ).headers["Location"]
    ).query.split("code=")[1].split("&")[0]
    first = caller.sign_in(grant_type="authorization_code", code=code, redirect_uri="http://x/back").json()
    second = caller.sign_in(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    again = caller.sign_in(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert caller.get("/v2/users/me", second["access_token"]).status_code == 401
    assert caller.sign_in(grant_type="refresh_token", refresh_token=second["refresh_token"]).status_code == 400


@pytest.mark.parametrize(("kind", "status", "json"), [("html", 503, False), ("nonsense", 200, True)])
def test_4_the_sign_in_can_go_wrong(caller: Caller, kind: str, status: int, *, json: bool) -> None:
    """A page instead of an answer, or JSON without a token."""
    caller.zoom.world.misbehave("oauth", kind)
    answer = caller.sign_in()
    assert (answer.status_code, "json" in answer.headers["Content-Type"]) == (status, json)
    assert "access_token" not in answer.text


def test_4_the_sign_in_can_be_slow(caller: Caller) -> None:
    """An answer that takes its time."""
    caller.zoom.world.misbehave("oauth", "slow", value=0.3)
    begun = time.monotonic()
    assert caller.sign_in().status_code == 200
    assert time.monotonic() - begun >= 0.3


def test_5_6_calls_are_counted_and_say_where_the_api_is(caller: Caller) -> None:
    """Each sign-in is in the journal; api_url is given."""
    assert caller.sign_in().json()["api_url"] == caller.zoom.url
    assert len(caller.zoom.world.noted("oauth")) == 1


@pytest.mark.parametrize(("times", "status"), [(2, 200), (1, 404), (0, 404)])
@pytest.mark.parametrize("uuid", ["/x==", "a/b==", "a//b=="])
def test_7_a_uuid_is_found_only_when_it_is_encoded_twice(caller: Caller, uuid: str, times: int, status: int) -> None:
    """Encoded once or not at all: 404, no other route answers."""
    caller.zoom.record(DANA, mixed=film(), uuid=uuid, started=NINE)
    token = caller.sign_in().json()["access_token"]
    line = http.client.HTTPConnection(caller.zoom.url.removeprefix("http://"), timeout=5)
    line.request("GET", uuid_path(uuid, times), headers={"Authorization": f"Bearer {token}"})
    assert line.getresponse().status == status
    line.close()


def test_8_a_number_means_the_latest_meeting(caller: Caller) -> None:
    """Two meetings of a series: the number finds the later one."""
    caller.zoom.record(DANA, mixed=film(), uuid="early", started=NINE.replace(day=1))
    caller.zoom.record(DANA, mixed=film(), uuid="late", started=NINE)
    assert caller.get("/v2/meetings/84011122233/recordings").json()["uuid"] == "late"


def test_9_a_range_is_a_month_at_most(caller: Caller) -> None:
    """31 days: answered; 32 days, or a date with a time: 400."""
    for first, last, status in (
        ("2026-10-06", "2026-11-06", 200),
        ("2026-10-05", "2026-11-06", 400),
        ("2026-11-06T00:00:00Z", "2026-11-07", 400),
    ):
        assert caller.get(f"/v2/users/me/recordings?from={first}&to={last}").status_code == status


def test_11_a_token_for_one_meeting_opens_that_meeting_only(caller: Caller, clock: Clock) -> None:
    """download_access_token: opens its meeting's file, not another's, and not after its time."""
    mine, other = (caller.zoom.record(DANA, mixed=film(), started=NINE) for _ in range(2))
    asked = f"{uuid_path(mine.uuid)}?include_fields=download_access_token&ttl=60"
    token = caller.get(asked).json()["download_access_token"]

    def opens(file_id: str) -> bool:
        return "html" not in caller.get(f"/rec/webhook_download/{file_id}", token).headers["Content-Type"]

    assert (opens(mine.files[0].id), opens(other.files[0].id)) == (True, False)
    clock.pass_time(60_000)
    assert not opens(mine.files[0].id)


def test_12_a_missing_scope_is_named(clock: Clock) -> None:
    """Without the scope for lists: 4711 that names it."""
    with StandIn(app=App(scopes="user:read:user:admin"), clock=lambda: clock.now_ms / 1000) as zoom:
        answer = Caller(zoom).get("/v2/users/me/recordings?from=2026-11-06&to=2026-11-06")
    assert (answer.json()["code"], "list_user_recordings" in answer.json()["message"]) == (4711, True)


def test_14_a_recording_appears_when_it_is_ready(caller: Caller) -> None:
    """3301 first; then files that are processing, without an address; then completed."""
    meeting = caller.zoom.record(DANA, mixed=film(), started=NINE)
    meeting.listed = False
    assert caller.get(uuid_path(meeting.uuid)).json()["code"] == 3301
    meeting.listed, meeting.files[0].status = True, "processing"
    (file,) = caller.get(uuid_path(meeting.uuid)).json()["recording_files"]
    assert (file["status"], file["download_url"]) == ("processing", "")
    meeting.files[0].status = "completed"
    assert caller.get(uuid_path(meeting.uuid)).json()["recording_files"][0]["download_url"]


def test_15_deleting_puts_into_the_bin_and_recovering_takes_out(caller: Caller) -> None:
    """DELETE, then PUT recover; DELETE for good cannot be undone."""
    meeting = caller.zoom.record(DANA, mixed=film(), started=NINE)
    path = uuid_path(meeting.uuid)
    assert caller.get(path, method="DELETE").status_code == 204
    assert meeting.place == "trash"
    assert caller.get(f"{path}/status", method="PUT", json={"action": "recover"}).status_code == 204
    assert meeting.place == "live"
    assert caller.get(f"{path}?action=delete", method="DELETE").status_code == 204
    assert caller.get(f"{path}/status", method="PUT", json={"action": "recover"}).status_code == 404


def test_17_18_the_file_lies_on_another_host_that_must_not_see_the_token(caller: Caller) -> None:
    """302 to another host and port; a token there is refused and noted."""
    address, token = caller.file()
    hop = caller.get(address, token, allow_redirects=False)
    there = hop.headers["Location"]
    assert (hop.status_code, urlsplit(there).netloc != urlsplit(address).netloc) == (302, True)
    assert requests.get(there, timeout=5).content == film()
    assert caller.get(there, token).status_code == 400
    assert len(caller.zoom.world.noted("token_leaked")) == 1


@pytest.mark.parametrize("seconds", [0, 61])
def test_17_an_address_of_the_file_host_is_signed_and_ends(caller: Caller, clock: Clock, seconds: int) -> None:
    """Within a minute: the file; later, or with another id: 403."""
    address, token = caller.file()
    there = caller.get(address, token, allow_redirects=False).headers["Location"]
    clock.pass_time(seconds * 1000)
    assert requests.get(there, timeout=5).status_code == (403 if seconds else 200)
    assert requests.get(re.sub(r"file-\d+", "file-999999", there), timeout=5).status_code == 403


def test_19_a_bad_token_gets_a_page_with_status_200(caller: Caller) -> None:
    """As Zoom does it: no error, but a page for signing in."""
    address, _ = caller.file()
    answer = caller.get(address, "bad")
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, "text/html")


def test_20_ranges_as_the_standard_has_them(caller: Caller) -> None:
    """206 with its range, 416 behind the end, 200 for a changed file."""
    address, token = caller.file()
    there = caller.get(address, token, allow_redirects=False).headers["Location"]
    whole = requests.get(there, timeout=5)
    answers = [
        requests.get(there, headers={"Range": "bytes=100-", **more}, timeout=5)
        for more in ({}, {"If-Range": whole.headers["ETag"]}, {"If-Range": '"other"'})
    ]
    assert [answer.status_code for answer in answers] == [206, 206, 200]
    assert answers[0].content == film()[100:]
    assert requests.get(there, headers={"Range": "bytes=99999-"}, timeout=5).status_code == 416


def test_24_a_file_name_that_leads_elsewhere(caller: Caller) -> None:
    """Content-Disposition holds a path out of every folder."""
    address, token = caller.file()
    there = caller.get(address, token, allow_redirects=False).headers["Location"]
    assert "../../" in requests.get(there, timeout=5).headers["Content-Disposition"]


def test_29_an_address_is_validated_anew_after_72_hours(zoom: StandIn, clock: Clock) -> None:
    """A hook that never answers is not valid: it is asked again before each event."""
    sender = zoom.sender("http://127.0.0.1:1/zoom/events")
    zoom.add_user(DANA)
    event = zoom.event(zoom.record(DANA, mixed=film(), started=NINE))
    assert sender.deliver(event).status == 0
    assert [line["valid"] for line in zoom.world.noted("validated")] == [False]


def test_33_it_is_steered_over_http(zoom: StandIn) -> None:
    """Recordings, faults, the clock and the journal through /_ctl."""
    steer = f"{zoom.url}/_ctl"
    made = requests.post(f"{steer}/recordings", json={"host_email": DANA, "uuid": "u"}, timeout=5).json()
    requests.post(f"{steer}/faults", json={"place": "oauth", "kind": "html"}, timeout=5)
    before = zoom.world.now()
    requests.post(f"{steer}/clock", json={"seconds": 3600}, timeout=5)
    assert (made["uuid"], zoom.world.now() - before) == ("u", 3600)
    assert requests.post(f"{zoom.url}/oauth/token", timeout=5).status_code == 503
    told = requests.post(f"{steer}/events", json={"uuid": "u", "hook": "http://127.0.0.1:1/"}, timeout=5).json()
    assert not told["taken"]
    journal = requests.get(f"{steer}/journal", timeout=5).json()
    assert [line["what"] for line in journal] == ["oauth", "delivered", "validated", "delivered"]


def test_34_it_runs_as_a_command() -> None:
    """`python -m integration.zoom.standin` prints the settings to use with it, and serves."""
    command = [sys.executable, "-m", "integration.zoom.standin", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed = ""
        while "/_ctl/journal" not in printed:
            printed += process.stdout.readline()
        address = printed.split("journal: ")[1].strip()
        answer = requests.get(address, timeout=5)
        process.terminate()
    assert answer.json() == []
    assert "PARTNERING_ZOOM__API_URL=http://localhost:" in printed


def test_35_its_names_are_the_same_in_every_run(clock: Clock) -> None:
    """Two worlds that live through the same have the same ids and tokens."""

    def live() -> list[str]:
        with StandIn(clock=lambda: clock.now_ms / 1000) as zoom:
            meeting = zoom.record(DANA, mixed=film(), started=NINE)
            return [meeting.uuid, meeting.host_id, meeting.files[0].id, zoom.world.grant_for(meeting)]

    assert live() == live()
