"""The web app over real services."""

from __future__ import annotations

import pytest
from flask import Flask

from integration.web.app import create_app
from integration.wiring import Services
from tests.practices import Practice


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def practice(app: Flask, services: Services) -> Practice:
    return Practice(app, services)
