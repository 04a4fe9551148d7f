"""Where a file may be fetched from: Zoom's own hosts over TLS, and never a machine inside the practice's network.

An address comes from outside, so each hop is checked, its name is looked up once, and the connection goes
to the very address that was checked (a second look-up could be answered differently).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from integration.errors import DownloadFault, ZoomBusy

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1"})
Resolver = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """One checked hop: connect to `ip`, speak as to `host`."""

    secure: bool
    host: str
    port: int
    ip: str
    target: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts that files may come from, with everything below them; loopback for demo and tests only."""

    hosts: tuple[str, ...]
    loopback: bool = False


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of `host`. ZoomBusy when the name cannot be looked up now."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as fault:
        raise ZoomBusy("a host of Zoom cannot be looked up; check this machine's name server") from fault
    return [str(entry[4][0]) for entry in found]


def check(url: str, allowed: Allowed, resolver: Resolver = resolve) -> Place:
    """The place that `url` names. DownloadFault BAD_ADDRESS when no file may be fetched from there."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as fault:
        raise _refused("it is no address") from fault
    if parts.username is not None or parts.password is not None:
        raise _refused("it carries a user name")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(ord(character) <= 32 or ord(character) > 126 for character in target):
        raise _refused("it holds characters that no address holds")
    if allowed.loopback and host in LOOPBACK_NAMES and parts.scheme == "http":
        return Place(secure=False, host=host, port=port or 80, ip="127.0.0.1", target=target)
    if parts.scheme != "https" or port not in {None, 443}:
        raise _refused("it is not https on the usual port")
    if not any(host == name or host.endswith(f".{name}") for name in allowed.hosts):
        raise _refused("its host is not in PARTNERING_ZOOM__FILE_HOSTS")
    return Place(secure=True, host=host, port=443, ip=_public(resolver(host, 443)), target=target)


def _public(addresses: Sequence[str]) -> str:
    """The first address, when all are public: one private one among them is an attack or a mistake."""
    for address in addresses:
        ip = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(ip, "ipv4_mapped", None)
        if not (mapped or ip).is_global or ip.is_multicast:
            raise _refused("it leads into a private network")
    if not addresses:
        raise _refused("its host has no address")
    return addresses[0]


def _refused(why: str) -> DownloadFault:
    return DownloadFault(f"the recording's address is refused: {why}", code="BAD_ADDRESS")
