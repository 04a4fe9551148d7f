"""Every way in which a session can end or wait has a sentence for its coach."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from integration.store.states import Purpose, State
from integration.web import wording
from integration.web.app import create_app
from integration.wiring import Services

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


@pytest.mark.parametrize(
    ("left_ms", "said"),
    [(None, ""), (20_000, "less than a minute left"), (70_000, "about 1 min left"),
     (400_000, "about 7 min left")],
)
def test_time_is_told_to_the_minute(services: Services, left_ms: int | None, said: str) -> None:
    """400 s are 6 minutes and 40 seconds; nothing is said while nothing is known."""
    with create_app(services).test_request_context():
        assert wording.time_left(left_ms) == said
