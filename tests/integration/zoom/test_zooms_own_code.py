"""Independent judges: the types that Zoom publishes in its own library, and the way its sample checks a signature.

Both need node. Nothing of Zoom's is kept in this project: its library is installed for the run and thrown away.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from integration.zoom.advice import APART, advise
from integration.zoom.signature import sign
from integration.zoom.standin import events
from integration.zoom.standin.recordings import Meeting
from integration.zoom.standin.server import StandIn
from integration.zoom.standin.webhooks import compact
from tests.conftest import missing
from tests.integration.zoom.practice import DANA, NINE, film

PACKAGES = ("@zoom/rivet@0.4.0", "typescript@5", "ts-json-schema-generator@2", "ajv@8")
JUDGE = """
const {createGenerator} = require("ts-json-schema-generator"), Ajv = require("ajv").default;
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const of = part => createGenerator({
  path: `node_modules/@zoom/rivet/${part}/${part}.d.ts`, skipTypeCheck: true, additionalProperties: true, expose: "all"
});
const parts = {meetings: of("meetings"), marketplace: of("marketplace")};
process.stdout.write(JSON.stringify(asked.map(([part, type, value]) => {
  const check = new Ajv({strict: false, allErrors: true}).compile(parts[part].createSchema(type));
  return check(value) ? "" : check.errors.map(fault => `${fault.instancePath} ${fault.message}`).join("; ");
})));
"""
SAMPLE = """
const crypto = require("crypto"), asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const message = `v0:${asked.timestamp}:${JSON.stringify(JSON.parse(asked.body))}`;
const right = "v0=" + crypto.createHmac("sha256", asked.secret).update(message).digest("hex");
process.stdout.write(JSON.stringify(right === asked.signature));
"""


def node(script: str, asked: object, folder: Path) -> Any:
    """What a script answers. Skips aloud where there is no node."""
    if shutil.which("node") is None:
        missing("node", "nodejs")
    run = subprocess.run(
        ["node", "-e", script],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        cwd=folder,
        check=True,
        timeout=120,
    )
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def zooms_types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Zoom's library and what makes a JSON Schema of its types."""
    if shutil.which("npm") is None:
        missing("npm", "npm")
    folder = tmp_path_factory.mktemp("rivet")
    (folder / "package.json").write_text('{"private": true}')
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        missing("the npm registry, where Zoom's library is,", "npm")
    return folder


def meeting(zoom: StandIn) -> Meeting:
    zoom.add_user(DANA)
    return zoom.record(DANA, mixed=film(), tracks={"Dana": film(), "Ana": film()}, timeline=b"{}", started=NINE)


def answers(zoom: StandIn, recorded: Meeting) -> tuple[Any, Any]:
    """What the stand-in's API says of one meeting, and of all of a user's."""
    app = zoom.world.app
    form = {"grant_type": "account_credentials", "account_id": app.account_id}
    granted = requests.post(
        f"{zoom.url}/oauth/token", data=form, auth=(app.client_id, app.client_secret), timeout=5
    ).json()
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    uuid = recorded.uuid.replace("/", "%252F").replace("=", "%253D")
    one = requests.get(f"{zoom.url}/v2/meetings/{uuid}/recordings", headers=headers, timeout=5).json()
    day: date = NINE.date()
    listed = requests.get(
        f"{zoom.url}/v2/users/me/recordings?from={day}&to={day}", headers=headers, timeout=5
    ).json()
    return one, listed


def test_109_the_stand_in_speaks_as_zoom_does(zoom: StandIn, zooms_types: Path) -> None:
    """Every event and both answers about recordings are valid against the types of Zoom's own library."""
    recorded, world = meeting(zoom), zoom.world
    one, listed = answers(zoom, recorded)
    told = {
        "RecordingCompletedEvent": zoom.event(recorded),
        "RecordingTranscriptCompletedEvent": zoom.event(recorded, "recording.transcript_completed"),
        "RecordingTrashedEvent": zoom.event(recorded, "recording.trashed"),
        "RecordingDeletedEvent": zoom.event(recorded, "recording.deleted"),
        "RecordingRecoveredEvent": zoom.event(recorded, "recording.recovered"),
        "RecordingBatchTrashedEvent": events.batch_trashed(world, [recorded]),
        "RecordingBatchDeletedEvent": events.batch(world, [recorded], "recording.batch_deleted"),
        "RecordingBatchRecoveredEvent": events.batch(world, [recorded], "recording.batch_recovered"),
        "RecordingRenamedEvent": events.renamed(world, recorded, "New"),
        "MeetingEndedEvent": events.ended(world, recorded, NINE + timedelta(minutes=50)),
        "MeetingParticipantJoinedEvent": events.participant(world, recorded, "1", NINE, joined=True),
        "MeetingParticipantLeftEvent": events.participant(world, recorded, "1", NINE, joined=False),
        "CloudRecordingGetMeetingRecordingsResponse": one,
        "CloudRecordingListAllRecordingsResponse": listed,
    }
    asked = [["meetings", kind, value] for kind, value in told.items()]
    asked.append(["marketplace", "AppDeauthorizedEvent", events.deauthorized(world, "u")])
    judged = dict(zip([*told, "AppDeauthorizedEvent"], node(JUDGE, asked, zooms_types), strict=True))
    assert {kind: fault for kind, fault in judged.items() if fault} == {}


def shapes(zoom: StandIn) -> dict[str, dict[str, Any]]:
    """recording.completed of an ordinary call, of one that was stopped twice, of a phone call, and of one whose
    files are not all ready."""
    zoom.add_user(DANA)
    ordinary = zoom.record(DANA, mixed=film(), timeline=b"{}", started=NINE, topic="Séance 7 / 第七次 🌱")
    stopped, phone, early = (zoom.record(DANA, started=NINE) for _ in range(3))
    for kind, name in (("MP4", "shared_screen_with_speaker_view"), ("CHAT", "chat_file")):
        ordinary.files.append(zoom.file(kind, name, b"x", NINE, NINE + timedelta(minutes=50)))
    for begin, end in ((0, 20), (24, 55), (56, 57)):
        times = NINE + timedelta(minutes=begin), NINE + timedelta(minutes=end)
        for kind, name in (("M4A", "audio_only"), ("MP4", "active_speaker")):
            stopped.files.append(zoom.file(kind, name, b"x", *times))
    phone.files.append(zoom.file("M4A", "audio_only", b"x", NINE, NINE + timedelta(minutes=31)))
    early.files.append(zoom.file("MP4", "gallery_view", b"x", NINE, NINE + timedelta(minutes=31)))
    early.files[0].status = "processing"
    told = {"ordinary": ordinary, "stopped": stopped, "phone": phone, "early": early}
    return {name: zoom.event(recorded) for name, recorded in told.items()}


def test_109_every_shape_of_a_recording(zoom: StandIn, zooms_types: Path) -> None:
    """Films, chats, segments, a phone call, files that are not ready: as Zoom's types have them."""
    told = shapes(zoom)
    asked = [["meetings", "RecordingCompletedEvent", event] for event in told.values()]
    judged = dict(zip(told, node(JUDGE, asked, zooms_types), strict=True))
    assert {name: fault for name, fault in judged.items() if fault} == {}


def test_settings_have_the_names_that_zoom_gives_them(zooms_types: Path) -> None:
    """Every setting that is looked up stands in Zoom's types of a user's settings, but the one that Zoom leaves out."""
    types = (zooms_types / "node_modules/@zoom/rivet/users/users.d.ts").read_text()
    told = types.partition("type UsersGetUserSettingsResponse = {")[2].partition("\n};")[0]
    assert "cloud_recording?: boolean" in told
    assert [one.key for one in advise({}, last_had_tracks=None) if f" {one.key}?:" not in told] == [APART]


def test_109_the_judge_finds_what_is_wrong(zoom: StandIn, zooms_types: Path) -> None:
    """An event without its files and with a text for a number is refused: the judge is awake."""
    event = zoom.event(meeting(zoom))
    event["payload"]["object"]["duration"] = "long"
    del event["payload"]["object"]["topic"]
    (fault,) = node(JUDGE, [["meetings", "RecordingCompletedEvent", event]], zooms_types)
    assert "duration must be number" in fault
    assert "must have required property 'topic'" in fault


@pytest.mark.parametrize("topic", ["Coaching", "Séance 7 / 第七次", "🌱", 'say "yes"', "line\nbreak"])
def test_110_zooms_sample_accepts_what_we_sign(zoom: StandIn, tmp_path: Path, topic: str) -> None:
    """Checked the way Zoom's sample does, over JSON.stringify of the parsed body, by node."""
    recorded = meeting(zoom)
    recorded.topic = topic
    body = compact(zoom.event(recorded))
    asked = {
        "secret": "whsec_example",
        "timestamp": "1794000000",
        "body": body.decode(),
        "signature": sign("whsec_example", "1794000000", body),
    }
    assert node(SAMPLE, asked, tmp_path) is True
