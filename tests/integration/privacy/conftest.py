"""A practice whose sessions can be kept, swept and erased."""

from __future__ import annotations

import pytest

from integration.web.app import create_app
from integration.wiring import Services
from tests.both_databases import database_url
from tests.practices import Practice

__all__ = ["database_url"]


@pytest.fixture
def practice(services: Services) -> Practice:
    return Practice(create_app(services), services)
