"""No secret is in the project: tracked files are searched for what keys and tokens look like."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOOKS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a Fernet key": r"(?<![\w=/+-])[A-Za-z0-9_-]{43}=(?![\w=])",
    "a token that signs itself": r"\beyJ[\w-]{15,}\.[\w-]{15,}\.[\w-]{15,}",
    "a hub's token": r"\bhf_[A-Za-z0-9]{30,}",
    "a code host's token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40,}|glpat-[\w-]{20})",
    "a cloud's key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a chat's token": r"\bxox[abprs]-[\w-]{20,}",
    "a mail service's key": r"\b(?:SG\.[\w-]{20,}\.[\w-]{20,}|key-[0-9a-f]{32})\b",
    "a password in an address": r"\b[a-z][a-z0-9+]*://[^\s:/@{}$]*:(?!password@)[^\s:/@{}$]{6,}@(?!127\.|localhost|host\b)[\w.-]+",
}
"""Shapes as the makers of these keys publish them. `password`, variables, and what opens a server of this very machine
are no secret."""
SEARCHES = {what: re.compile(look) for what, look in LOOKS.items()}
KEY_FILES = re.compile(r"(^|/)(\.env|id_(rsa|dsa|ecdsa|ed25519)|[^/]+\.(pem|p12|pfx|key|keystore))$")

SAMPLES = {
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a Fernet key": "aB3_" * 10 + "aB3" + "=",
    "a token that signs itself": ".".join(["eyJ" + "hbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "c2lnbmF0dXJlLW9mLWl0"]),
    "a hub's token": "hf_" + "aB3d" * 9,
    "a code host's token": "ghp_" + "aB3d" * 9,
    "a cloud's key": "AKIA" + "ABCD" * 4,
    "a chat's token": "xoxb-" + "12345678901-" * 2,
    "a mail service's key": "SG." + "aB3d" * 6 + "." + "aB3d" * 6,
    "a password in an address": "redis://:" + "Tr0ub4dor" + "@db.internal:6379",
}


def found_in(text: str) -> list[str]:
    return [what for what, search in SEARCHES.items() if search.search(text)]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name]


@pytest.mark.parametrize("what", LOOKS)
def test_the_search_finds_each_kind(what: str) -> None:
    """A made-up secret of each kind is found, so that finding nothing means something."""
    assert found_in(f"x = '{SAMPLES[what]}'") == [what]


def test_no_tracked_file_holds_a_secret() -> None:
    """Neither code nor tests nor documents nor data."""
    found = {}
    for path in tracked():
        content = path.read_bytes() if path.is_file() else b""
        if b"\0" not in content[:8000] and (kinds := found_in(content.decode("utf-8", "ignore"))):
            found[path.relative_to(ROOT).as_posix()] = kinds
    assert found == {}


def test_no_key_file_is_tracked() -> None:
    """What keys usually lie in is not part of the project."""
    assert [path.name for path in tracked() if KEY_FILES.search(path.as_posix())] == []
