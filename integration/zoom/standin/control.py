"""/_ctl: steer a stand-in that runs as a command, and read its journal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from integration.zoom.standin import events, webhooks
from integration.zoom.standin.world import World

if TYPE_CHECKING:
    from integration.zoom.standin.server import StandIn

Answer = Response | Any


def make_blueprint(stand_in: StandIn) -> Blueprint:
    """What can be asked of the stand-in, all as JSON.

    GET journal · POST faults {place, kind, times, value} · DELETE faults · POST clock {seconds} · POST recordings
    {host_email, topic, mixed, tracks, uuid} (paths) · POST recordings/<uuid> {place, listed, status} · POST events
    {uuid, event, hook} · POST validate {hook, plain_token} · POST deauthorize {user_id, hook}
    """
    ctl = Blueprint("ctl", __name__, url_prefix="/_ctl")
    _steer_the_world(ctl, stand_in.world)
    _steer_recordings(ctl, stand_in)
    _send(ctl, stand_in)
    return ctl


def _steer_the_world(ctl: Blueprint, world: World) -> None:
    @ctl.get("/journal")
    def journal() -> Answer:
        return jsonify(world.journal)

    @ctl.post("/faults")
    def misbehave() -> Answer:
        asked = request.get_json()
        world.misbehave(asked["place"], asked["kind"], times=int(asked.get("times", 1)), value=asked.get("value"))
        return Response(status=204)

    @ctl.delete("/faults")
    def behave() -> Answer:
        world.behave()
        return Response(status=204)

    @ctl.post("/clock")
    def clock() -> Answer:
        world.advance(float(request.get_json()["seconds"]))
        return jsonify({"now": world.now()})


def _steer_recordings(ctl: Blueprint, stand_in: StandIn) -> None:
    @ctl.post("/recordings")
    def record() -> Answer:
        asked = request.get_json()
        meeting = stand_in.record(
            asked["host_email"],
            topic=asked.get("topic", "Coaching"),
            mixed=Path(asked["mixed"]) if asked.get("mixed") else None,
            tracks={name: Path(path) for name, path in asked.get("tracks", {}).items()},
            uuid=asked.get("uuid"),
        )
        return jsonify({"uuid": meeting.uuid, "files": [file.id for file in meeting.files]})

    @ctl.post("/recordings/<path:uuid>")
    def change(uuid: str) -> Answer:
        asked, meeting = request.get_json(), stand_in.world.meetings[uuid]
        meeting.place = asked.get("place", meeting.place)
        meeting.listed = asked.get("listed", meeting.listed)
        for file in meeting.files:
            file.status = asked.get("status", file.status)
        return Response(status=204)


def _send(ctl: Blueprint, stand_in: StandIn) -> None:
    world = stand_in.world

    @ctl.post("/events")
    def deliver() -> Answer:
        asked = request.get_json()
        event = stand_in.event(world.meetings[asked["uuid"]], asked.get("event", "recording.completed"))
        return _told(stand_in.sender(asked["hook"]).deliver(event))

    @ctl.post("/validate")
    def validate() -> Answer:
        asked = request.get_json()
        return _told(stand_in.sender(asked["hook"]).validate(asked.get("plain_token")))

    @ctl.post("/deauthorize")
    def deauthorize() -> Answer:
        asked = request.get_json()
        world.revoke(asked["user_id"])
        event = events.deauthorized(world, asked["user_id"])
        return _told(stand_in.sender(asked["hook"]).deliver(event))


def _told(delivery: webhooks.Delivery) -> Answer:
    return jsonify({"status": delivery.status, "seconds": delivery.seconds, "taken": delivery.taken})
