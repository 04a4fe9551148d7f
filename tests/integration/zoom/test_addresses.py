"""Where a file may come from. A number in a test's name is the case's in docs/zoom-app.md."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from integration.errors import DownloadFault
from integration.zoom.addresses import Allowed, check

ZOOM = Allowed(("zoom.us",))


def public(_host: str, _port: int) -> Sequence[str]:
    return ["170.114.52.2"]


def refusal(url: str, allowed: Allowed = ZOOM, addresses: Sequence[str] = ("170.114.52.2",)) -> str:
    with pytest.raises(DownloadFault) as fault:
        check(url, allowed, lambda _host, _port: addresses)
    return fault.value.code


def test_a_file_of_zoom() -> None:
    """https, a host under zoom.us, a public address: allowed, and the connection goes to that very address."""
    place = check("https://us06web.zoom.us/rec/x?a=1", ZOOM, public)
    assert (place.host, place.ip, place.port, place.target, place.secure) == (
        "us06web.zoom.us",
        "170.114.52.2",
        443,
        "/rec/x?a=1",
        True,
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://us06web.zoom.us/rec/x",
        "file:///etc/passwd",
        "ftp://zoom.us/x",
        "https://zoom.us@evil.example/x",
        "https://user:word@zoom.us/x",
        "https://evil.example/x",
        "https://notzoom.us/x",
        "https://zoom.us.evil.example/x",
        "https://zoom.us:8443/x",
        "https://169.254.169.254/latest",
        "http://169.254.169.254/latest",
        "https://localhost/x",
        "http://127.0.0.1/x",
        "https://[::1]/x",
        "https://zoom.us/a\r\nHost: evil",
        "https://zoom.us/a b",
        "https://zoom.us:port/x",
        "",
        "//zoom.us/x",
    ],
)
def test_49_other_places_are_refused(url: str) -> None:
    """No other scheme, host, port, user name or character: BAD_ADDRESS."""
    assert refusal(url) == "BAD_ADDRESS"


INSIDE = (
    "127.0.0.1 10.0.0.5 192.168.1.1 172.16.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 "
    "::1 fd00::1 fe80::1%eth0 ::ffff:10.0.0.5"
)


@pytest.mark.parametrize("address", INSIDE.split())
def test_49_a_name_that_leads_inside_is_refused(address: str) -> None:
    """A host of Zoom's that is looked up as a private address, alone or among public ones: refused."""
    assert refusal("https://us06web.zoom.us/x", addresses=[address]) == "BAD_ADDRESS"
    assert refusal("https://us06web.zoom.us/x", addresses=["170.114.52.2", address]) == "BAD_ADDRESS"


def test_50_a_name_is_looked_up_once() -> None:
    """A second look-up could be answered differently; there is none, and the checked address is the one used."""
    answers = iter([["170.114.52.2"], ["127.0.0.1"]])
    place = check("https://zoom.us/x", ZOOM, lambda _host, _port: next(answers))
    assert place.ip == "170.114.52.2"
    assert next(answers) == ["127.0.0.1"]


def test_loopback_is_for_demo_and_tests() -> None:
    """With the setting, http to loopback is allowed; to other private addresses it is not."""
    allowed = Allowed(("zoom.us",), loopback=True)
    assert check("http://localhost:8100/x", allowed, public).ip == "127.0.0.1"
    assert refusal("http://10.0.0.5/x", allowed) == "BAD_ADDRESS"
    assert refusal("http://localhost.evil.example/x", allowed) == "BAD_ADDRESS"
