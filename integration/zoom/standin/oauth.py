"""Zoom's sign-in: tokens for server-to-server apps and for coaches' own accounts; a refresh token works once."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request

from integration.zoom.standin.world import Token, World

Answer = Response | tuple[Response, int] | Any


def make_blueprint(world: World, api_url: str) -> Blueprint:
    """POST /oauth/token and GET /oauth/authorize (which says yes at once)."""
    oauth = Blueprint("oauth", __name__)

    @oauth.post("/oauth/token")
    def token() -> Answer:
        grant = request.form.get("grant_type", "")
        world.note("oauth", grant=grant)
        if (faulty := _faulty(world)) is not None:
            return faulty
        if not _is_the_app(world):
            return _refused("Invalid client_id or client_secret", "invalid_client", 400)
        return {
            "account_credentials": _account,
            "authorization_code": _code,
            "refresh_token": _refresh,
        }.get(grant, _unknown)(world, api_url)

    @oauth.get("/oauth/authorize")
    def authorize() -> Answer:
        given = request.args.to_dict()
        if given.get("client_id") != world.app.client_id or given.get("response_type") != "code":
            return _refused("Invalid client", "invalid_client", 400)
        code = world.unique("code")
        with world.lock:
            world.codes[code] = {**given, "user_id": next(iter(world.users), "")}
        return redirect(f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given.get('state', '')})}")

    return oauth


def _faulty(world: World) -> Answer | None:
    fault = world.fault("oauth")
    if fault is None:
        return None
    if fault.kind in {"hang", "slow"}:
        time.sleep(float(fault.value))
        return None
    if fault.kind == "html":
        return Response("<html><body>Service Unavailable</body></html>", 503, mimetype="text/html")
    return jsonify({"surprise": True})


def _is_the_app(world: World) -> bool:
    pair = f"{world.app.client_id}:{world.app.client_secret}"
    return request.headers.get("Authorization", "") == f"Basic {base64.b64encode(pair.encode()).decode()}"


def _account(world: World, api_url: str) -> Answer:
    if request.form.get("account_id") != world.app.account_id:
        return _refused("Invalid account", "invalid_request", 400)
    return jsonify(_issued(world, api_url, ""))


def _code(world: World, api_url: str) -> Answer:
    with world.lock:
        asked = world.codes.pop(request.form.get("code", ""), None)
    if asked is None or asked.get("redirect_uri") != request.form.get("redirect_uri"):
        return _refused("Invalid authorization code", "invalid_grant", 400)
    verifier = request.form.get("code_verifier", "")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    if asked.get("code_challenge") and asked["code_challenge"] != challenge:
        return _refused("Invalid code verifier", "invalid_grant", 400)
    return jsonify(_issued(world, api_url, asked["user_id"]) | _refreshable(world, asked["user_id"]))


def _refresh(world: World, api_url: str) -> Answer:
    """A refresh token works once; to show it again ends the whole grant."""
    given = request.form.get("refresh_token", "")
    with world.lock:
        user_id = world.refresh.pop(given, None)
        if user_id is None:
            if (owner := world.spent.get(given)) is not None:
                world.revoke(owner)
                world.note("grant_revoked", user=owner)
            return _refused("Invalid Token!", "invalid_grant", 400)
        world.spent[given] = user_id
        return jsonify(_issued(world, api_url, user_id) | _refreshable(world, user_id))


def _unknown(_world: World, _api_url: str) -> Answer:
    return _refused("unsupported grant type", "unsupported_grant_type", 400)


def _issued(world: World, api_url: str, user_id: str) -> dict[str, Any]:
    token = Token(
        until=world.now() + world.token_seconds, scopes=frozenset(world.app.scopes.split()), user_id=user_id
    )
    return {
        "access_token": world.issue("access", token),
        "token_type": "bearer",
        "expires_in": world.token_seconds,
        "scope": world.app.scopes,
        "api_url": api_url,
    }


def _refreshable(world: World, user_id: str) -> dict[str, str]:
    with world.lock:
        token = world.unique("refresh")
        world.refresh[token] = user_id
        return {"refresh_token": token}


def _refused(reason: str, error: str, status: int) -> Answer:
    return jsonify({"reason": reason, "error": error}), status
