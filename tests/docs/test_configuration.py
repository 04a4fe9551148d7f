"""docs/configuration.md and the settings say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from integration import config
from integration.errors import ConfigFault

PAGE = Path(__file__).parent.parent.parent / "docs" / "configuration.md"


def variables(part: type[BaseModel], prefix: str) -> set[str]:
    found: set[str] = set()
    for name, field in part.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= variables(inner, f"{prefix}{name.upper()}__")
        else:
            found.add(str(field.validation_alias or f"{prefix}{name.upper()}"))
    return found


def test_every_setting_has_a_row_and_every_row_a_setting() -> None:
    """Nothing can be set that is not described, and nothing is described that cannot be set."""
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert described == variables(config.Settings, "PARTNERING_")


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two wrong variables are both named, and neither value is."""
    monkeypatch.setenv("PARTNERING_MAIL__PORT", "port-of-secrets")
    monkeypatch.setenv("PARTNERING_LOG_LEVEL", "whisper-of-secrets")
    with pytest.raises(ConfigFault) as fault:
        config.from_env()
    assert "PARTNERING_MAIL__PORT" in fault.value.message
    assert "PARTNERING_LOG_LEVEL" in fault.value.message
    assert "of-secrets" not in fault.value.message


def test_secrets_do_not_print() -> None:
    """Printing the settings shows no secret."""
    settings = config.from_env({"zoom": {"client_secret": "open-sesame", "webhook_secrets": ["open-barley"]}})
    assert "open-" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:///x.db", "sqlite:///x.db"),
    ],
)
def test_the_usual_addresses_of_postgresql_work(given: str, used: str) -> None:
    """DATABASE_URL may be written as hosts write it."""
    assert config.from_env({"DATABASE_URL": given}).database == used
