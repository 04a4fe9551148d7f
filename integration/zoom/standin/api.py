"""Zoom's API as far as recordings need it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from flask import Blueprint, Response, jsonify, request

from integration.zoom.standin import raw
from integration.zoom.standin.recordings import Meeting
from integration.zoom.standin.world import HOUR_S, World

Answer = Response | tuple[Response, int] | Any
LIST, FILES, DELETE = "list_user_recordings", "list_recording_files", "delete:meeting_recording"
WHO, SETTINGS = "user:read:user", "user:read:settings"
PAGE_TOKEN_S = 15 * 60
LONGEST_RANGE = timedelta(days=31)


def make_blueprint(world: World, host: str) -> Blueprint:
    """/v2: recordings of a user and of a meeting, their deletion and recovery, users and settings."""
    api = Blueprint("api", __name__, url_prefix="/v2")

    @api.before_request
    def guard() -> Answer | None:
        world.note("api", method=request.method, path=request.environ.get("RAW_URI", request.path))
        return _faulty(world) or _unauthorised(world)

    _answer_about_users(api, world, host)
    _answer_about_meetings(api, world, host)
    return api


def _answer_about_users(api: Blueprint, world: World, host: str) -> None:
    @api.get("/users/<user>/recordings")
    def recordings(user: str) -> Answer:
        return _out_of_scope(world, LIST) or _listed(world, host, user)

    @api.get("/users/<user>")
    def who(user: str) -> Answer:
        return _out_of_scope(world, WHO) or _of_user(world, user, _plain)

    @api.get("/users/<user>/settings")
    def settings(user: str) -> Answer:
        return _out_of_scope(world, SETTINGS) or _of_user(world, user, lambda found: found.get("settings", {}))


def _of_user(world: World, user: str, told: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    found = _user(world, user)
    return _missing(1001, "User does not exist") if found is None else jsonify(told(found))


def _answer_about_meetings(api: Blueprint, world: World, host: str) -> None:
    @api.route("/meetings/<uuid>/recordings", methods=["GET", "DELETE"])
    def meeting(uuid: str) -> Answer:  # noqa: ARG001 - taken from the raw address, where its encoding can be seen
        if (refused := _out_of_scope(world, FILES if request.method == "GET" else DELETE)) is not None:
            return refused
        found = _meeting(world)
        if found is None or not found.listed or found.place == "gone":
            return _missing(3301, "This recording does not exist")
        if request.method == "DELETE":
            found.place = "trash" if request.args.get("action", "trash") == "trash" else "gone"
            return Response(status=204)
        return jsonify(_one(world, host, found))

    @api.put("/meetings/<uuid>/recordings/status")
    def recover(uuid: str) -> Answer:  # noqa: ARG001 - as above
        found = _meeting(world)
        if found is None or found.place != "trash":
            return _missing(3301, "This recording does not exist")
        found.place = "live"
        return Response(status=204)


def _faulty(world: World) -> Answer | None:
    fault = world.fault("api")
    if fault is None:
        return None
    if fault.kind == "reset":
        raw.send("HTTP/1.0 200 OK", [], reset=True)
    if fault.kind == "slow":
        time.sleep(float(fault.value))
        return None
    answer: Response = jsonify({"code": 429, "message": "You have reached the maximum per-second rate limit"})
    answer.status_code = 429
    answer.headers["X-RateLimit-Category"] = "Medium"
    if fault.kind == "rate_second":
        answer.headers["X-RateLimit-Type"] = "QPS"
        answer.headers["X-RateLimit-Reset"] = str(int(world.now()) + int(fault.value or 1))
    elif fault.kind == "rate_day":
        answer.headers["X-RateLimit-Type"] = "Daily-limit"
        answer.headers["Retry-After"] = datetime.fromtimestamp(world.now() + float(fault.value), UTC).isoformat()
    elif fault.kind == "status":
        return Response("<html>bad gateway</html>", int(fault.value), mimetype="text/html")
    return answer


def _unauthorised(world: World) -> Answer | None:
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = world.token(bearer)
    if token is None or token.meeting_uuid:
        return jsonify({"code": 124, "message": "Invalid access token."}), 401
    return None


def _out_of_scope(world: World, scope: str) -> Answer | None:
    token = world.token(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if token is not None and any(scope in granted for granted in token.scopes):
        return None
    return jsonify({"code": 4711, "message": f"Invalid access token, does not contain scopes:[{scope}]."}), 400


def _user(world: World, user: str) -> dict[str, Any] | None:
    token = world.token(request.headers.get("Authorization", "").removeprefix("Bearer "))
    wanted = token.user_id if token is not None and user == "me" and token.user_id else user
    with world.lock:
        everybody = list(world.users.values())
    return next((one for one in everybody if wanted in {one["id"], one["email"], "me"}), None)


def _plain(user: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in user.items() if key != "settings"}


def _meeting(world: World) -> Meeting | None:
    """By uuid, which must be encoded twice when it holds a '/'; or the latest meeting with a number."""
    path = request.environ["RAW_URI"].partition("?")[0]
    segment = path.split("/meetings/", 1)[1].split("/", 1)[0]
    if segment.isdigit():
        return world.latest(int(segment))
    uuid = unquote(unquote(segment))
    twice = quote(quote(uuid, safe=""), safe="")
    if "/" in uuid and segment != twice:
        return None
    return world.meetings.get(uuid) or world.meetings.get(unquote(segment))


def _one(world: World, host: str, meeting: Meeting) -> dict[str, Any]:
    told = meeting.given_by_api(host) | {"password": "Inv3nted", "recording_play_passcode": "inventedPlayPasscode"}
    if "download_access_token" in request.args.get("include_fields", ""):
        seconds = int(request.args.get("ttl", HOUR_S))
        told["download_access_token"] = world.grant_for(meeting, seconds)
    return told


def _listed(world: World, host: str, user: str) -> Answer:
    found = _user(world, user)
    if found is None:
        return _missing(1001, "User does not exist")
    try:
        first = date.fromisoformat(request.args["from"])
        last = date.fromisoformat(request.args["to"])
    except (KeyError, ValueError):
        return jsonify({"code": 300, "message": "The from and to dates must be yyyy-mm-dd."}), 400
    if last - first > LONGEST_RANGE:
        return jsonify({"code": 300, "message": "The date range may be a month at most."}), 400
    place = "trash" if request.args.get("trash") == "true" else "live"
    with world.lock:
        meetings = [
            meeting
            for meeting in world.meetings.values()
            if meeting.host_id == found["id"] and meeting.place == place and meeting.listed
            if first <= meeting.started.date() <= last
        ]
    return _page(world, host, meetings, {"from": first.isoformat(), "to": last.isoformat()})


def _page(world: World, host: str, meetings: list[Meeting], told: dict[str, Any]) -> Answer:
    size, start = min(300, int(request.args.get("page_size", 30))), 0
    if asked := request.args.get("next_page_token"):
        made, start = world.pages.get(asked, (0.0, 0))
        if world.now() - made > PAGE_TOKEN_S:
            return jsonify({"code": 300, "message": "The next page token is invalid or expired."}), 400
    following = ""
    if start + size < len(meetings):
        following = world.unique("page")
        world.pages[following] = (world.now(), start + size)
    shown = [meeting.listed_by_api(host) for meeting in meetings[start : start + size]]
    return jsonify(
        told
        | {
            "page_count": -(-len(meetings) // size),
            "page_size": size,
            "total_records": len(meetings),
            "next_page_token": following,
            "meetings": shown,
        }
    )


def _missing(code: int, message: str) -> Answer:
    return jsonify({"code": code, "message": message}), 404
