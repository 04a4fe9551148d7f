"""Who may speak as Zoom. A number in a test's name is the case's in docs/zoom-app.md."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from integration.errors import SignatureFault
from integration.zoom.signature import Freshness, Matched, answer_challenge, sign, verify

# A delivery that Zoom's own sample (zoom/webhook-sample at e4d48a7) accepts: HMAC-SHA256 of v0:STAMP:BODY.
SECRET = "whsec_example_0123456789abcdef"
STAMP = "1794000000"
BODY = (
    b'{"event":"recording.completed","event_ts":1794000000123,"payload":{"account_id":"acc",'
    b'"object":{"uuid":"/ab//c==","topic":"Coaching"}}}'
)
SIGNATURE = "v0=5cd3deb30db48ca8e9c16ec8e2852c32b45b7a01a4a0b15a07b3f51e4221bcf8"
NOW_MS = 1_794_000_000_000
FRESH = Freshness(past_s=6000, future_s=300)


def check(
    body: bytes = BODY,
    *,
    signature: str = SIGNATURE,
    stamp: str = STAMP,
    secrets: tuple[str, ...] = (SECRET,),
    now_ms: int = NOW_MS,
) -> Matched:
    return verify(secrets, signature, stamp, body, now_ms=now_ms, freshness=FRESH).matched


def refusal(**given: object) -> str:
    with pytest.raises(SignatureFault) as fault:
        check(**given)
    return fault.value.code


def test_110_the_published_vector_is_what_we_sign() -> None:
    """Our signature of the published body is the published one."""
    assert sign(SECRET, STAMP, BODY) == SIGNATURE


def test_110_the_published_vector_is_accepted() -> None:
    """The published signature is accepted over the raw bytes."""
    assert check() is Matched.RAW


def test_110_the_published_challenge_is_answered_as_published() -> None:
    """The answer to the published plainToken is the published encryptedToken."""
    assert answer_challenge(SECRET, "qgg8vlvZRS6UYooatFL8Aw") == {
        "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
        "encryptedToken": "3885664a6f23b9e5fd748604003995c25f72803f5f3b3a90b865847b943c25fe",
    }


@pytest.mark.parametrize(("signature", "stamp"), [("", STAMP), (SIGNATURE, ""), ("", "")])
def test_2_nothing_is_believed_without_signature_and_time(signature: str, stamp: str) -> None:
    """A missing header is a refusal."""
    assert refusal(signature=signature, stamp=stamp) == "SIGNATURE_MISSING"


def test_3_without_a_secret_nothing_fits() -> None:
    """No secret, or an empty one, accepts nothing: not even what an empty secret signed."""
    forged = sign("", STAMP, BODY)
    assert refusal(secrets=()) == refusal(secrets=("",), signature=forged) == "SIGNATURE_WRONG"


@given(some.integers(0, len(BODY) - 1), some.integers(1, 255))
def test_4_one_byte_changed_is_another_body(place: int, change: int) -> None:
    """Whichever byte of the body is changed, the signature no longer fits."""
    changed = BODY[:place] + bytes([BODY[place] ^ change]) + BODY[place + 1 :]
    assert refusal(body=changed) == "SIGNATURE_WRONG"


def test_5_the_same_json_written_anew_fits_by_the_second_rule() -> None:
    """A body with other spaces, escapes and 1.0 for 1, signed as JSON.stringify writes it, is accepted as canonical."""
    compact = '{"topic":"Séance 第七次","duration":1,"url":"a/b"}'.encode()
    sent = b'{ "topic": "S\\u00e9ance \\u7b2c\\u4e03\\u6b21", "duration": 1.0, "url": "a\\/b" }'
    assert check(sent, signature=sign(SECRET, STAMP, compact)) is Matched.CANONICAL


def test_5_the_second_rule_needs_the_secret_too() -> None:
    """Written anew and signed with another secret: refused."""
    compact = json.dumps({"topic": "x"}, separators=(",", ":")).encode()
    assert refusal(body=b'{ "topic": "x" }', signature=sign("another", STAMP, compact)) == "SIGNATURE_WRONG"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"no json", b"[" * 100_000, b'"\\ud800"'])
def test_5_what_is_no_json_fits_raw_or_not_at_all(body: bytes) -> None:
    """Bytes that cannot be written anew are refused without a crash."""
    assert refusal(body=body) == "SIGNATURE_WRONG"
    assert check(body, signature=sign(SECRET, STAMP, body)) is Matched.RAW


def test_6_too_old_is_a_replay() -> None:
    """6,000 seconds back is believed, a second more is not, even with a right signature."""
    assert check(now_ms=NOW_MS + 6_000_000) is Matched.RAW
    assert refusal(now_ms=NOW_MS + 6_001_000) == "SIGNATURE_STALE"


def test_7_the_future_is_not_believed() -> None:
    """300 seconds ahead is believed, a second more is not."""
    assert check(now_ms=NOW_MS - 300_000) is Matched.RAW
    assert refusal(now_ms=NOW_MS - 301_000) == "SIGNATURE_FUTURE"


@pytest.mark.parametrize("stamp", ["soon", "-1794000000", "1794000000.5", " 1794000000", "١٧٩٤", "9" * 17])
def test_8_a_time_is_a_number(stamp: str) -> None:
    """What is no plain number is no time, whatever its signature."""
    assert refusal(stamp=stamp, signature=sign(SECRET, stamp, BODY)) == "SIGNATURE_TIME"


def test_8_milliseconds_are_a_time_too() -> None:
    """A timestamp of 13 digits is read as milliseconds, and signed as it stands."""
    stamp = STAMP + "000"
    assert check(stamp=stamp, signature=sign(SECRET, stamp, BODY)) is Matched.RAW


def test_23_during_a_rotation_both_secrets_fit_and_a_third_does_not() -> None:
    """Old and new secret are accepted, and it is known which of them signed."""
    verified = verify(("new", SECRET), SIGNATURE, STAMP, BODY, now_ms=NOW_MS, freshness=FRESH)
    assert verified.secret == SECRET
    assert check(signature=sign("new", STAMP, BODY), secrets=("new", SECRET)) is Matched.RAW
    assert refusal(signature=sign("third", STAMP, BODY), secrets=("new", SECRET)) == "SIGNATURE_WRONG"


@pytest.mark.parametrize("token", ["", "v0:1794000000:{}", "a:b", "x" * 129, "ä", "a b", "x" * 10_000, "a\n"])
def test_14_only_what_zoom_asks_is_answered(token: str) -> None:
    """A plainToken with ':', too long or with other characters gets no HMAC."""
    with pytest.raises(SignatureFault) as fault:
        answer_challenge(SECRET, token)
    assert fault.value.code == "CHALLENGE_FORM"


@given(some.text(max_size=200))
def test_15_no_answer_is_ever_the_signature_of_an_event(token: str) -> None:
    """Whatever is asked, what is signed never begins like the message that an event's signature is made over."""
    try:
        answered = answer_challenge(SECRET, token)["plainToken"]
    except SignatureFault:
        return
    assert ":" not in answered


def test_a_secret_is_not_shown() -> None:
    """The repr of what was verified leaves the secret out."""
    assert SECRET not in repr(verify((SECRET,), SIGNATURE, STAMP, BODY, now_ms=NOW_MS, freshness=FRESH))
