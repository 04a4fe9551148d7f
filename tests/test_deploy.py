"""The ways to run all processes for good (Procfile, systemd, compose) agree with each other and with the product."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from integration import config
from integration.cli import commands

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
LONG_RUNNING = {("serve",), ("worker", "io"), ("worker", "audio"), ("clock",)}


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


def ours() -> dict[str, dict[str, Any]]:
    """The services that run the product."""
    return {name: service for name, service in compose()["services"].items() if service["image"] == "partnering"}


def procfile() -> dict[str, list[str]]:
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: shlex.split(command)[1:] for name, _, command in (line.partition(": ") for line in lines)}


def units() -> list[list[str]]:
    """What partnering.target wants, without systemd's escapes."""
    target = (DEPLOY / "systemd" / "partnering.target").read_text()
    return [name.replace("\\x20", " ").split() for name in re.findall(r"partnering@(\S+)\.service", target)]


def without_options(command: list[str]) -> tuple[str, ...]:
    """`serve --bind 0.0.0.0:8000` is `serve`."""
    return tuple(command[: next((at for at, word in enumerate(command) if word.startswith("-")), len(command))])


def assert_can_be_run(command: list[str]) -> None:
    """The command line is understood; nothing is started."""
    found = commands.get_command(click.Context(commands), command[0])
    assert found is not None, command
    found.make_context(command[0], command[1:])  # raises a UsageError when it is not


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param(lambda: [command for name, command in procfile().items() if name != "release"], id="Procfile"),
        pytest.param(units, id="systemd"),
        pytest.param(lambda: [one["command"] for name, one in ours().items() if name != "migrate"], id="compose"),
    ],
)
def test_all_name_the_same_four_processes(listed: Any) -> None:
    """Web app, both workers and the clock, as commands that exist."""
    found = listed()
    assert sorted(map(without_options, found)) == sorted(LONG_RUNNING)
    for command in found:
        assert_can_be_run(command)


def test_the_schema_is_made_before_anything_starts() -> None:
    """Procfile and compose run `migrate` first."""
    assert procfile()["release"] == ours()["migrate"]["command"] == ["migrate"]
    for name, service in ours().items():
        waits = service["depends_on"].get("migrate", {}).get("condition")
        assert waits == (None if name == "migrate" else "service_completed_successfully")


def test_what_the_compose_file_names_is_there() -> None:
    """Services that others wait for, their health checks, volumes, and the files of the image."""
    whole = compose()
    for service in whole["services"].values():
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in whole["services"][other]
        for volume in service["volumes"]:
            assert volume.partition(":")[0] in whole["volumes"]
    for service in ours().values():
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
        assert service["env_file"] == "partnering.env"


def test_the_processes_of_the_compose_file_may_do_little() -> None:
    """No root, no capability, nothing writable but the data and /tmp, time to end a stage; no port to the world."""
    for service in ours().values():
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True
        assert service["stop_grace_period"] == "1h"
    assert re.search(r"^USER partnering$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    ports = [port for service in compose()["services"].values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]


def test_the_example_of_settings_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line is a setting that exists, with a value that it takes; the passwords are read by compose alone."""
    lines = shlex.split((DEPLOY / "partnering.env.example").read_text(), comments=True)
    pairs = dict(line.split("=", 1) for line in lines)
    described = (ROOT / "docs" / "configuration.md").read_text()
    assert [name for name in pairs if f"`{name}`" not in described] == ["POSTGRES_PASSWORD", "REDIS_PASSWORD"]
    for name, value in pairs.items():
        monkeypatch.setenv(name, value)
    assert config.from_env().web.trusted_proxies == 1


def test_the_page_on_installing_agrees_with_the_units() -> None:
    """One checkout, one file of settings, one user; each command that it shows is understood."""
    page = (ROOT / "docs" / "install.md").read_text()
    unit, command = ((DEPLOY / "systemd" / name).read_text() for name in ("partnering@.service", "partnering"))
    for named in ("/srv/partnering/checkout", "/etc/partnering.env", "partnering"):
        assert all(re.search(rf"{named}\b", text) for text in (page, unit, command))
    shown = [shlex.split(line)[2:] for line in page.splitlines() if line.strip().startswith("sudo partnering ")]
    assert [words[0] for words in shown] == ["check-config", "migrate", "add-person", "add-person"]
    for words in shown:
        assert_can_be_run(words)


def test_the_settings_of_the_compose_file_exist() -> None:
    """The addresses that it makes up are read by the product."""
    described = (ROOT / "docs" / "configuration.md").read_text()
    for service in ours().values():
        assert all(f"`{name}`" in described for name in service["environment"])


def test_systemd_understands_the_units() -> None:
    """Looked at by systemd itself, where there is one."""
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd-analyze is not on this machine; it comes with systemd")
    files = [DEPLOY / "systemd" / name for name in ("partnering.target", "partnering@.service")]
    done = subprocess.run([verify, "verify", *files], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "partnering" in line] == []
