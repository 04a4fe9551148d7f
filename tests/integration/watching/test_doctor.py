"""`partnering doctor` looks at the real parts, tells one from the other, and says what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from integration import wiring
from integration.redis_server import free_port
from integration.store.heartbeats import CLOCK, note_seen, worker_name
from integration.watching import doctor
from integration.watching.doctor import Finding, Verdict
from integration.wiring import Services
from integration.zoom.standin.server import StandIn
from tests.conftest import Clock, settings_for
from tests.journeys.servers import PostOffice


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, redis_url: str) -> pytest.MonkeyPatch:
    """This process's settings lead to a fresh data folder and a real Redis."""
    monkeypatch.setenv("PARTNERING_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", redis_url)
    return monkeypatch


def found() -> dict[str, Finding]:
    return {finding.part: finding for finding in doctor.examine()}


def prepare(tmp_path: Path, redis_url: str) -> Services:
    """The database with its schema, all processes seen just now."""
    services = wiring.build(settings_for(tmp_path, redis_url))
    services.database.migrate()
    with services.database.transaction() as tx:
        for name in (CLOCK, worker_name("io", "one"), worker_name("audio", "two")):
            note_seen(tx, name, services.now_ms())
    return services


def test_a_machine_on_which_all_works(environment: pytest.MonkeyPatch, tmp_path: Path, redis_url: str) -> None:
    """Every part is ok; what was never set up is said to be off, with the setting that turns it on."""
    prepare(tmp_path, redis_url)
    verdicts = {part: finding.verdict for part, finding in found().items()}
    assert verdicts == {
        "settings": Verdict.OK, "disk": Verdict.OK, "database": Verdict.OK, "redis": Verdict.OK, "vault": Verdict.OK,
        "models": Verdict.OK, "mail": Verdict.OFF, "zoom": Verdict.OFF, "processes": Verdict.OK,
    }  # fmt: skip


def test_a_fresh_machine(environment: pytest.MonkeyPatch) -> None:
    """A database without tables names the command that makes them; processes that never ran are named."""
    parts = found()
    assert parts["database"].sentence.endswith("partnering migrate")
    assert parts["database"].verdict is parts["processes"].verdict is Verdict.WRONG


def test_settings_that_cannot_be_used(environment: pytest.MonkeyPatch) -> None:
    """A setting of the wrong form is named, and nothing else is looked at."""
    environment.setenv("PARTNERING_MAIL__PORT", "twenty-five")
    assert list(found()) == ["settings"]
    assert "PARTNERING_MAIL__PORT" in found()["settings"].sentence


def test_a_public_address_without_tls(environment: pytest.MonkeyPatch) -> None:
    """Reports must not travel in the clear."""
    environment.setenv("PARTNERING_WEB__PUBLIC_URL", "http://coach.example.org")
    assert found()["settings"].verdict is Verdict.WRONG


def test_a_redis_that_is_away(environment: pytest.MonkeyPatch) -> None:
    """The setting to check is named, and the password in it is not."""
    environment.setenv("REDIS_URL", f"redis://:hush-hush@127.0.0.1:{free_port()}/0")
    redis = found()["redis"]
    assert redis.verdict is Verdict.WRONG
    assert "REDIS_URL" in redis.sentence
    assert "hush" not in redis.sentence


def test_models_that_are_missing(environment: pytest.MonkeyPatch) -> None:
    """The standard profile without its models says which one to get, and how."""
    environment.setenv("PARTNERING_SPEECH__PROFILE", "standard")
    assert "hf download" in found()["models"].sentence


def test_a_mail_server(environment: pytest.MonkeyPatch) -> None:
    """A real SMTP server that greets us is ok; when it is closed the settings to check are named."""
    post = PostOffice()
    for name, value in post.settings().items():
        environment.setenv(name, value)
    post.open()
    try:
        assert found()["mail"].verdict is Verdict.OK
    finally:
        post.close()
    assert "PARTNERING_MAIL__HOST" in found()["mail"].sentence


def test_zoom(environment: pytest.MonkeyPatch) -> None:
    """A token was given; with a wrong secret it was not; without a webhook secret the hook is closed."""
    with StandIn() as zoom:
        for name, value in zoom.environment().items():
            environment.setenv(name, value)
        assert found()["zoom"].verdict is Verdict.OK
        environment.setenv("PARTNERING_ZOOM__CLIENT_SECRET", "wrong")
        assert "credentials" in found()["zoom"].sentence
        environment.setenv("PARTNERING_ZOOM__WEBHOOK_SECRETS", "[]")
        assert "WEBHOOK_SECRETS" in found()["zoom"].sentence


def test_a_worker_that_sleeps(
    environment: pytest.MonkeyPatch, tmp_path: Path, redis_url: str, clock: Clock
) -> None:
    """A process that was not seen for five minutes is named as the command that starts it."""
    services = prepare(tmp_path, redis_url)
    with services.database.transaction() as tx:
        note_seen(tx, CLOCK, services.now_ms() - 6 * 60_000)
    assert found()["processes"].sentence == "not seen for 5 minutes: `partnering clock`"


def test_the_command_ends_with_2_when_something_is_wrong(environment: pytest.MonkeyPatch) -> None:
    """Scripts can rely on the exit status, and each part has one line."""
    command = Path(sys.executable).with_name("partnering")
    run = subprocess.run([command, "doctor"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert len(run.stdout.splitlines()) == 9
    assert "Traceback" not in run.stderr
