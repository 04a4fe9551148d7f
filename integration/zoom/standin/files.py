"""Where files are fetched: the first hop asks for a token and leads to a file host, which must never see one."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request

from integration.zoom.standin import raw
from integration.zoom.standin.recordings import File, Meeting
from integration.zoom.standin.world import Fault, World, seal

Answer = Response | tuple[Response, int] | Any
ADDRESS_S = 60
LOGIN_PAGE = "<!doctype html><html><body>Only the host can download this recording.</body></html>"
FTYP = bytes.fromhex("00000020667479704d344120000002004d34412069736f6d69736f3200000000")


def make_first_hop(world: World, file_host: Callable[[], str]) -> Blueprint:
    """GET /rec/webhook_download/<id>: 302 to the file host for who may, a page with status 200 for who may not."""
    hop = Blueprint("first_hop", __name__)

    @hop.get("/rec/webhook_download/<file_id>")
    def download(file_id: str) -> Answer:
        world.note("file", id=file_id, query_token="access_token" in request.args)
        found = find(world, file_id)
        if found is None:
            return jsonify({"code": 3301, "message": "This recording does not exist"}), 404
        if (faulty := _faulty_hop(world)) is not None:
            return faulty
        if not _may_have(world, found[0]):
            return Response(LOGIN_PAGE, mimetype="text/html")
        until = str(int(world.now()) + ADDRESS_S)
        mark = seal(world.app.client_secret, f"{file_id}:{until}")
        return redirect(f"{file_host()}/ssrweb/{file_id}?{urlencode({'until': until, 'mark': mark})}")

    return hop


def make_file_host(world: World) -> Blueprint:
    """GET /ssrweb/<id>: the content, for a signed and short-lived address, without any token."""
    host = Blueprint("file_host", __name__)

    @host.get("/ssrweb/<file_id>")
    def content(file_id: str) -> Answer:
        world.note("host", id=file_id, range=request.headers.get("Range", ""))
        if "Authorization" in request.headers:
            world.note("token_leaked", id=file_id)
            return Response("a token has no business here", 400)
        until = request.args.get("until", "0")
        right = seal(world.app.client_secret, f"{file_id}:{until}") == request.args.get("mark")
        found = find(world, file_id)
        if not right or world.now() > int(until) or found is None:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, mimetype="application/xml")
        fault = world.fault("host")
        return _content(world, found[1]) if fault is None else _faulty_content(found[1], fault)

    return host


def find(world: World, file_id: str) -> tuple[Meeting, File] | None:
    """The file and its meeting, while both can be had."""
    with world.lock:
        for meeting in world.meetings.values():
            for file in meeting.files:
                if file.id == file_id and meeting.place == "live":
                    return meeting, file
    return None


def _may_have(world: World, meeting: Meeting) -> bool:
    """A grant opens its own meeting only; a token of the account opens all, where Zoom lets it."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ") or request.args.get("access_token", "")
    token = world.token(bearer)
    if token is None:
        return False
    return token.meeting_uuid == meeting.uuid if token.meeting_uuid else world.oauth_opens_files


def _faulty_hop(world: World) -> Answer | None:
    fault = world.fault("file")
    if fault is None:
        return None
    if fault.kind == "reset":
        raw.send("HTTP/1.0 200 OK", [], reset=True)
    answers: dict[str, Callable[[], Answer]] = {
        "redirect": lambda: redirect(str(fault.value)),
        "loop": lambda: redirect(request.url),
        "login_page": lambda: Response(LOGIN_PAGE, mimetype="text/html"),
        "rate": lambda: Response(status=429, headers={"Retry-After": str(fault.value)}),
        "status": lambda: Response(status=int(fault.value)),
    }
    return answers[fault.kind]()


def _content(world: World, file: File) -> Answer:
    """The file, or the part of it that was asked for."""
    body, asked = file.read(), request.headers.get("Range", "")
    same = request.headers.get("If-Range", file.etag) == file.etag
    start = asked.removeprefix("bytes=").removesuffix("-")
    headers = {"ETag": file.etag, "Content-Disposition": 'attachment; filename="../../outside.m4a"'}
    if not (asked and same and world.serves_ranges and start.isdigit()):
        return Response(body, headers=headers, mimetype="application/octet-stream")
    if int(start) >= len(body):
        return Response(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
    headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
    return Response(body[int(start) :], 206, headers=headers, mimetype="application/octet-stream")


def _faulty_content(file: File, fault: Fault) -> Answer:
    """One of the many ways in which a file does not come as it should."""
    if fault.kind == "body":
        return Response(fault.value, mimetype="application/octet-stream")
    if fault.kind == "status":
        return Response(status=int(fault.value))
    if fault.kind == "gzip":
        packed = {"Content-Encoding": "gzip", "Content-Type": "application/octet-stream", "ETag": file.etag}
        return Response(gzip.compress(file.read()), headers=packed)
    head, body = _raw_content(file, fault)
    if fault.kind == "changed_after":
        file.etag = file.etag[:-1] + '+"'
    start = f"HTTP/1.1 200 OK\nContent-Type: application/octet-stream\nConnection: close\n{head}"
    pause_s = float(fault.value) if fault.kind == "drip" else 0.0
    return raw.send(start, body, reset=fault.kind == "reset", pause_s=pause_s)


def _raw_content(file: File, fault: Fault) -> tuple[str, Iterable[bytes]]:
    """Head and body of an answer that is written by hand. The value is a number of bytes, or of seconds for a drip."""
    content, number = file.read(), int(fault.value or 0)
    etag, length = f"ETag: {file.etag}", f"ETag: {file.etag}\nContent-Length: {len(content)}"
    return {
        "truncate": (length, [content[:number]]),
        "changed_after": (length, [content[:number]]),
        "reset": (length, [content[:number]]),
        "truncate_unsaid": (etag, [content[:number]]),
        "no_length": (etag, [content]),
        "chunked": (f"{etag}\nTransfer-Encoding: chunked", raw.chunked(content)),
        "wrong_length": (f"{etag}\nContent-Length: {len(content) - number}", [content]),
        "drip": (length, (content[at : at + 1] for at in range(len(content)))),
        "endless": (f"{etag}\nContent-Length: {number}", raw.endless(number, FTYP)),
    }[fault.kind]
