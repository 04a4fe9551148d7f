"""The watch over what the suite writes is awake: it hears of every kind of secret, and a leak fails the run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import requests
import structlog
from cryptography.fernet import Fernet
from pydantic import SecretStr

from integration import config
from integration.zoom.connections import depart
from integration.zoom.standin.server import StandIn
from tests.log_watch import WATCH, Watch

ROOT = Path(__file__).parent.parent
LEAK = """
from integration.zoom.standin.server import StandIn

def test_of_somebody():
    with StandIn() as zoom:
        print("the hook's secret is", zoom.world.app.webhook_secret{cut})
"""


def run_of(folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest over one test, watched."""
    (folder / "test_it.py").write_text(test)
    (folder / "pytest.ini").write_text("[pytest]")
    command = [sys.executable, "-m", "pytest", "-p", "tests.log_watch", "-p", "no:cacheprovider", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_a_leak_fails_the_run_aloud(tmp_path: Path) -> None:
    """A test passes and prints a secret: the run fails and says what was found where, without the secret."""
    ended = run_of(tmp_path, LEAK.format(cut=""))
    assert ended.returncode == 1
    assert "the webhook's secret in" in ended.stdout
    assert "1 passed" in ended.stdout
    assert "webhook-secret-of" not in ended.stdout


def test_what_is_no_secret_may_be_written(tmp_path: Path) -> None:
    """Half of a secret is none."""
    assert run_of(tmp_path, LEAK.format(cut="[:9]")).returncode == 0


@pytest.mark.parametrize("grant", ["account_credentials", "authorization_code"])
def test_tokens_and_codes_are_known(grant: str) -> None:
    """What the stand-in gives out is known from its first moment: codes, access, refresh and download tokens."""
    with StandIn() as zoom:
        app = zoom.world.app
        asked = {"response_type": "code", "client_id": app.client_id, "redirect_uri": "http://x"}
        back = requests.get(f"{zoom.url}/oauth/authorize", params=asked, allow_redirects=False, timeout=5)
        code = back.headers["Location"].partition("code=")[2].partition("&")[0]
        form = {"grant_type": grant, "account_id": app.account_id, "code": code, "redirect_uri": "http://x"}
        told = requests.post(
            f"{zoom.url}/oauth/token",
            data=form,
            auth=(app.client_id, app.client_secret),
            timeout=5,
        ).json()
        opener = zoom.world.grant_for(zoom.record("a@example.com", mixed=b"x"))
    given = {code, opener, told["access_token"], told.get("refresh_token", code)}
    assert given - set(WATCH.secrets) == set()


def test_settings_and_keys_are_known() -> None:
    """A secret that is taken out to be used, the password in an address, a master key, a way to Zoom."""
    key = Fernet.generate_key()
    Fernet(key)
    assert SecretStr("an-invented-secret").get_secret_value()
    settings = config.from_env({"REDIS_URL": "redis://:invented-password@127.0.0.1/0", "DATABASE_URL": ""})
    left = depart(settings.zoom, "http://127.0.0.1/back")
    known = {key.decode(), "an-invented-secret", "invented-password", left.state, left.verifier}
    assert known - set(WATCH.secrets) == set()


def test_lines_that_a_test_catches_are_read_too() -> None:
    """structlog's capture_logs keeps lines from the output; the watch has them all the same."""
    with structlog.testing.capture_logs():
        structlog.get_logger().info("caught", reason="quaggaline")
    assert any("quaggaline" in str(lines) for lines in WATCH._caught)


def test_a_short_secret_is_a_word() -> None:
    """Seven characters may stand anywhere; eight may not."""
    watch = Watch()
    watch.note("a short one", "sesame7")
    watch.note("a long one", "sesame88")
    watch.read("here", "sesame7 sesame88")
    assert watch.leaks() == ["a long one in here"]
