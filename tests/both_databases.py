"""A fixture for tests that must hold on SQLite and on PostgreSQL alike: import it into a folder's conftest."""

from __future__ import annotations

import pytest

from tests.conftest import empty_postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return ""
    url: str = request.getfixturevalue("postgresql_url")
    empty_postgresql(url)
    return url
