"""Who speaks to Zoom for a call."""

from __future__ import annotations

from integration.store.schema import Call
from integration.wiring import Services
from integration.zoom.gateway import ZoomGateway
from integration.zoom.tokens import AccountTokens


def gateway_for(services: Services, _call: Call) -> ZoomGateway:
    """The way to Zoom with the rights of whoever the call belongs to."""
    return ZoomGateway(services.settings.zoom, AccountTokens(services.settings.zoom, services.now_ms))
