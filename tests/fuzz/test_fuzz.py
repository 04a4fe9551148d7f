"""Everything that comes from outside is understood or refused, whatever is done to it on the way.

Hypothesis changes good inputs: bytes flipped, cut, repeated and moved, and JSON values exchanged for others.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.fuzz.targets import TARGETS, seeds

ODD: some.SearchStrategy[Any] = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(-(10**20), 10**20),
    some.floats(),
    some.text(max_size=12),
    some.sampled_from(["", "\0", "1e999", "__proto__", "\ud800", "../../x", "NaN"]),
    some.just([]),
    some.just({}),
    some.just([[[[[]]]]]),
)
JSON_TARGETS = ("words_json", "reading", "findings_json", "timeline", "hook_body")
SLOW = {"reading": 40, "media": 60}
"""How many inputs the targets get that take their time; 150 for the others."""


def often(target: str) -> settings:
    return settings(
        max_examples=SLOW.get(target, 150), deadline=None, derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip


@some.composite
def bent_bytes(draw: some.DrawFn, target: str) -> bytes:
    """A good input with a few things done to its bytes."""
    data = bytearray(draw(some.sampled_from(seeds(target))))
    for _ in range(draw(some.integers(1, 6))):
        at = draw(some.integers(0, len(data)))
        match draw(some.sampled_from(["flip", "cut", "repeat", "insert", "end"])):
            case "flip" if at < len(data):
                data[at] = draw(some.integers(0, 255))
            case "cut":
                del data[at : at + draw(some.integers(1, 40))]
            case "repeat":
                data[at:at] = data[at : at + draw(some.integers(1, 200))]
            case "insert":
                data[at:at] = draw(some.binary(max_size=8))
            case "end":
                del data[at:]
    return bytes(data)


@some.composite
def bent_json(draw: some.DrawFn, target: str) -> bytes:
    """A good document with a few of its values exchanged, doubled or taken out."""
    root = json.loads(draw(some.sampled_from(seeds(target))))
    for _ in range(draw(some.integers(1, 4))):
        bend(draw, root)
    return json.dumps(root, ensure_ascii=draw(some.booleans())).encode("utf-8", "surrogatepass")


def bend(draw: some.DrawFn, root: Any) -> None:
    """Walk down at random and change what is found."""
    while isinstance(root, dict | list) and root:
        keys = list(root) if isinstance(root, dict) else list(range(len(root)))
        key = draw(some.sampled_from(keys))
        if isinstance(root[key], dict | list) and root[key] and draw(some.booleans()):
            root = root[key]
            continue
        match draw(some.sampled_from(["odd", "gone", "twice"])):
            case "odd":
                root[key] = draw(ODD)
            case "gone":
                del root[key]
            case "twice" if isinstance(root, list):
                root.append(root[key])
        return


@pytest.mark.parametrize("target", TARGETS)
def test_good_inputs_pass(target: str) -> None:
    """What fuzzing begins with is good."""
    for seed in seeds(target):
        TARGETS[target](seed)


FOUND = {
    "captions": b"WEBVTT\n\n1\n00\nz\n1000:00:01.000 --> 00:00.001-:0\xb6.000 --> 00:7.000",
    "film_check": b"<!doctype html><html></html>",
    "findings_json": b"[" * 100_000,
}
"""What fuzzing brought to light once."""


@pytest.mark.parametrize("target", FOUND)
def test_what_was_found_stays_mended(target: str) -> None:
    """A caption whose time is none; a page for signing in that comes byte by byte; brackets without end."""
    TARGETS[target](FOUND[target])


@pytest.mark.parametrize("target", TARGETS)
def test_bytes_that_were_damaged(target: str) -> None:
    """Flipped, cut, repeated or inserted bytes."""

    @often(target)
    @given(bent_bytes(target))
    def feed(data: bytes) -> None:
        TARGETS[target](data)

    feed()


@pytest.mark.parametrize("target", JSON_TARGETS)
def test_values_that_nobody_expected(target: str) -> None:
    """Right JSON with wrong values in it: other types, numbers without end, nothing at all."""

    @often(target)
    @given(bent_json(target))
    def feed(data: bytes) -> None:
        TARGETS[target](data)

    feed()


@pytest.mark.parametrize("target", TARGETS)
def test_any_bytes_at_all(target: str) -> None:
    """Nothing that looks like the format."""

    @often(target)
    @given(some.binary(max_size=200))
    def feed(data: bytes) -> None:
        TARGETS[target](data)

    feed()


@pytest.mark.parametrize("target", JSON_TARGETS)
def test_brackets_without_end(target: str) -> None:
    """A document nested deeper than any stack."""
    TARGETS[target](b'{"version": 1, "words": ' + b"[" * 100_000)
    TARGETS[target](b"[" * 100_000 + b"]" * 100_000)
