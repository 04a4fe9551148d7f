"""Every way in which a session can end or wait has a sentence for its coach."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from integration.store.states import Purpose, State
from integration.web import wording

ROOT = Path(__file__).parents[3]
CODE = re.compile(r'\bcode(?:: str)? = ?"([A-Z_]+)"|\bcode="([A-Z_]+)"|\breason="([A-Z_]+)"')
NO_REASONS = {
    "PRODUCT", "CONFIG", "MASTER_KEY", "NO_REDIS", "NO_BENCH", "NO_SAMPLE", "NO_INPUT", "NO_FILE", "OUT_FOLDER",
    "TRACK_FORM", "DEMO", "DEMO_START", "DEMO_TIME", "SIGNATURE", "SIGNATURE_MISSING", "SIGNATURE_TIME",
    "SIGNATURE_STALE", "SIGNATURE_FUTURE", "SIGNATURE_WRONG", "EVENT_FORM", "EVENT_JSON", "CHALLENGE_FORM",
    "OAUTH_STATE", "LEASE_LOST", "NOT_FOUND", "ERASED", "VAULT_NAME",
}
"""Codes that no session carries: of the command line, of webhooks at the door, of a call that is gone."""


def codes() -> list[str]:
    """Every code that stands in the code."""
    found: set[str] = set()
    for path in [*ROOT.glob("integration/**/*.py"), *ROOT.glob("processor/**/*.py")]:
        for match in CODE.finditer(path.read_text(encoding="utf-8")):
            found |= {code for code in match.groups() if code}
    return sorted(found - NO_REASONS)


@pytest.mark.parametrize("code", codes())
def test_every_reason_has_a_sentence(code: str) -> None:
    """A coach reads what happened and what to do, never a code."""
    assert code in wording.REASONS


def test_every_state_and_purpose_has_words() -> None:
    """No state and no purpose is shown as its id."""
    assert set(wording.STATES) == set(State)
    assert set(wording.PURPOSES) == set(Purpose)
