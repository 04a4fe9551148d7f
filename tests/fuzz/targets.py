"""What is given to us from outside, and the only two ways in which each may end: understood, or refused in our words.

A target takes any bytes. It raises when something else happens: another error, or a result that breaks
its own rules. test_fuzz.py feeds the targets in every test run; guided.py lets
atheris look for inputs that reach new code.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import av
import numpy as np

from integration.errors import DownloadFault, EventNotUnderstood
from integration.zoom import events
from integration.zoom.file_check import SignInPage, check_for
from integration.zoom.recordings import FileKind
from integration.zoom.standin.events import deauthorized
from integration.zoom.standin.server import StandIn
from integration.zoom.standin.webhooks import compact
from processor import knowledge
from processor.analysis.knowledge import Knowledge
from processor.analysis.read import read_session
from processor.errors import ExchangeFileFault, RecordingUnusable
from processor.formats import captions, findings_json, rttm, timeline, words_json
from processor.formats.findings_json import Pipeline
from processor.speech.samples import decode
from tests import builders
from tests.integration.zoom.practice import film

LONGEST = 100_000
CALL = """
    0:01 coach: Hello, what would you like to look at today?
    0:06 client: I keep putting off the talk with my sister.
    0:12 coach: What would make this half hour worth your time?
    0:18 client: To know how I want to begin.
"""


def fuzz_words_json(data: bytes) -> None:
    """words.json: a session that comes back when it is written down, or a refusal."""
    text = data.decode("utf-8", "replace")
    try:
        session = words_json.load(text)
    except ExchangeFileFault:
        return
    assert words_json.load(words_json.dump(session)) == session


def fuzz_reading(data: bytes) -> None:
    """Whatever words.json is understood can be read, and its findings survive being written down."""
    try:
        session = words_json.load(data.decode("utf-8", "replace"))
    except ExchangeFileFault:
        return
    findings = read_session(session, _knowledge())
    text = findings_json.dump(findings, Pipeline("fuzz", "given", ()))
    assert "NaN" not in text
    assert "Infinity" not in text
    for measure in json.loads(text)["measures"]:
        if measure["unit"] == "ratio" and measure["value"] is not None:
            assert 0 <= measure["value"] <= 1, measure
    findings_json.load(text, session)


def fuzz_findings_json(data: bytes) -> None:
    """findings.json comes from us; one that was damaged is refused as such."""
    try:
        findings_json.load(data.decode("utf-8", "replace"), builders.session(CALL))
    except ExchangeFileFault:
        return


def fuzz_timeline(data: bytes) -> None:
    """TIMELINE is a help and not a need: whatever it holds, spans of time or nothing."""
    for span in timeline.load(data.decode("utf-8", "replace")).spans:
        assert 0 <= span.segment.start_ms < span.segment.end_ms


def fuzz_captions(data: bytes) -> None:
    """VTT, the same."""
    for span in captions.load(data.decode("utf-8", "replace")).spans:
        assert 0 <= span.segment.start_ms < span.segment.end_ms


def fuzz_rttm(data: bytes) -> None:
    """RTTM: spans, or the line that cannot be read."""
    try:
        rttm.load(data.decode("utf-8", "replace"))
    except ExchangeFileFault:
        return


def fuzz_hook_body(data: bytes) -> None:
    """A signed webhook: an event with a key of its own, or not understood."""
    try:
        event = events.parse(data)
    except EventNotUnderstood:
        return
    assert event.key
    assert events.parse(data).key == event.key


def fuzz_film_check(data: bytes) -> None:
    """A download is judged the same in one piece and byte by byte."""
    whole, bytewise = _judged(data, len(data) or 1), _judged(data, 1)
    assert whole == bytewise, (whole, bytewise)


def fuzz_media(data: bytes) -> None:
    """A media file: samples, or a recording that cannot be used."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "media"
        path.write_bytes(data)
        try:
            samples = decode(path)
        except RecordingUnusable:
            return
        assert samples.duration_ms >= 0


Target = Callable[[bytes], None]
TARGETS: Mapping[str, Target] = {
    name.removeprefix("fuzz_"): target for name, target in list(globals().items()) if name.startswith("fuzz_")
}


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """Good inputs to begin with."""
    return _SEEDS[target]()


def _judged(data: bytes, step: int) -> str:
    check = check_for(FileKind.MIXED)
    try:
        for at in range(0, len(data), step):
            check.feed(data[at : at + step])
        check.finish()
    except DownloadFault as fault:
        return fault.code
    except SignInPage:
        return "SIGN_IN"
    return "GOOD"


@cache
def _knowledge() -> Knowledge:
    return knowledge.load("en")


def _findings() -> tuple[bytes, ...]:
    findings = read_session(builders.session(CALL), _knowledge())
    return (findings_json.dump(findings, Pipeline("fuzz", "given", ())).encode(),)


def _events() -> tuple[bytes, ...]:
    with StandIn() as zoom:
        begun = datetime(2026, 11, 6, 9, tzinfo=UTC)
        meeting = zoom.record("dana@example.com", mixed=b"sound", tracks={"Dana": b"a"}, timeline=b"{}", started=begun)
        told = [zoom.event(meeting, name) for name in ("recording.completed", "recording.trashed", "recording.renamed")]
        challenge = {"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}, "event_ts": 1}
        return tuple(compact(event) for event in (*told, deauthorized(zoom.world, "user-1"), challenge))


def _sound(container: str, codec: str) -> bytes:
    """A fifth of a second of a tone."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=16_000, layout="mono")
        tone = (8000 * np.sin(np.arange(3200) * 0.2)).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(tone, format="s16", layout="mono")
        frame.rate = 16_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)
    return out.getvalue()


def _words() -> tuple[bytes, ...]:
    return (words_json.dump(builders.session(CALL)).encode(),)


def _shown() -> tuple[bytes, ...]:
    shown = {"timeline": [{"ts": "00:00:01.000", "users": [{"username": "Dana"}]}, {"ts": "00:00:09", "users": []}]}
    return (json.dumps(shown).encode(),)


def _captioned() -> tuple[bytes, ...]:
    vtt = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\nDana: Hello\n\n2\n00:00:05.000 --> 00:00:07.000\nDana: So\n"
    return vtt.encode(), vtt.replace("\n", "\r\n").encode()


_SEEDS: Mapping[str, Callable[[], tuple[bytes, ...]]] = {
    "words_json": _words,
    "reading": _words,
    "findings_json": _findings,
    "timeline": _shown,
    "captions": _captioned,
    "rttm": lambda: (b"SPEAKER call 1 0.500 2.250 <NA> <NA> SPEAKER_00 <NA> <NA>\n",),
    "hook_body": _events,
    "film_check": lambda: (film(40), b"<!doctype html><html></html>"),
    "media": lambda: (_sound("mp4", "aac"), _sound("wav", "pcm_s16le"), _sound("flac", "flac")),
}
