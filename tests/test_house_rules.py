"""The house rules that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("integration", "processor", "reports")
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40
CATCH_ALL = {"utils", "util", "helpers", "helper", "manager", "base", "common", "info", "data", "misc"}


def modules(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, "a rule that looks at nothing holds nothing"
    return [path for path in found if "migrations/versions" not in path.as_posix()]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_no_module_is_longer_than_a_reader_keeps_in_mind() -> None:
    """No module has more than 300 lines."""
    long = {p.relative_to(ROOT).as_posix(): n for p in modules(*PACKAGES, "tests", "training", "bench", "looks")
            if (n := len(p.read_text().splitlines())) > LONGEST_MODULE}
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    """No function has more than 40 lines under its docstring."""
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": length(node)
        for path in modules(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    """Every module begins with a docstring."""
    silent = [p.as_posix() for p in modules(*PACKAGES) if not ast.get_docstring(ast.parse(p.read_text()))]
    assert silent == []


def test_names_say_something() -> None:
    """No module or folder has a catch-all name."""
    vague = [p.as_posix() for p in modules(*PACKAGES) if CATCH_ALL & {*p.relative_to(ROOT).with_suffix("").parts}]
    assert vague == []


def test_no_setting_is_read_past_the_settings() -> None:
    """os.environ is touched in three places, and none of them reads a setting from it: the demo sets what it runs with
    and hands the rest on, the processes hand it on to a new one, and processor/speech sets what its libraries read."""
    expected = {"integration/demo.py", "integration/processes.py", "processor/speech/offline.py"}
    touches = re.compile(r"os\.(environ|getenv)")
    assert {p.relative_to(ROOT).as_posix() for p in modules(*PACKAGES) if touches.search(p.read_text())} == expected


def test_the_import_contracts_are_kept() -> None:
    """integration stands on reports, reports on processor; model and analysis are pure; no torch in the web."""
    command = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("module", ["web.app", "process", "reading", "cli", "jobs.tasks", "jobs.clock"])
def test_torch_stays_out(module: str) -> None:
    """Neither the web app, nor the reading of stored words, nor a worker that fetches and forks imports torch."""
    code = f"import sys, integration.{module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_three_packages_are_ours() -> None:
    """No other distribution owns a package called `integration`, `processor` or `reports`."""
    owners = metadata.packages_distributions()
    assert {owner for name in PACKAGES for owner in owners.get(name, [])} <= {"partnering"}
    assert metadata.version("partnering")


def test_the_lock_names_no_registry() -> None:
    """requirements.lock holds names, versions and hashes, and no address."""
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert "://" not in lock


def test_no_file_names_one_machine() -> None:
    """No tracked text names a path of the machine it was written on."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    pattern = re.compile(r"(^|[^\w./])/(work|root|home)/")
    wrong = []
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".txt", ".html", ".json", ".yml", ""} and path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            wrong += [name] if pattern.search(text) and path != Path(__file__) else []
    assert wrong == []
