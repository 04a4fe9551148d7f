"""A practice of its own for each journey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.practice import Practice

pytestmark = pytest.mark.journey


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """Redis, mail server and Zoom run; the product's own parts are started by the test."""
    with Practice(tmp_path) as running:
        yield running
