"""One file comes from Zoom: checked at every hop, resumed when it breaks off, stopped when it does not end.

Only the first hop is shown a token, and only in a header. Redirects are followed by hand. What comes is a
stream of pieces; nothing of it touches a disk here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin

import certifi
import urllib3
from urllib3.exceptions import HTTPError

from integration.errors import DownloadFault, ZoomBusy
from integration.zoom.addresses import Allowed, Place, Resolver, check, resolve
from integration.zoom.file_check import Check, SignInPage
from integration.zoom.gateway import retry_after_s

MOST_HOPS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PIECE = 64 * 1024
CONNECT_S, READ_S = 10, 30
GRACE_S = 30
LEAST_BYTES_PER_S = 4096
"""Slower than this, after GRACE_S, is no download: a call of an hour would take half a day."""
MOST_RESUMES = 5


class NotAccepted(Exception):
    """Zoom did not accept the token: 401, 403, or a page for signing in."""


class StartAgain(Exception):
    """The file changed, or cannot be resumed: what came so far is worth nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be and how long it may take."""

    largest_bytes: int
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file: its address, the token for it, and how long it is (0 = not told)."""

    address: str = field(repr=False)
    token: str = field(repr=False)
    size: int = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """A good answer, its content not read yet. `total` = how long the whole file is, None when nobody tells."""

    response: urllib3.BaseHTTPResponse
    total: int | None
    etag: str
    encoded: bool


class Downloader:
    """Fetches files from `allowed` places within `limits`."""

    def __init__(
        self,
        allowed: Allowed,
        limits: Limits,
        now_ms: Callable[[], int],
        *,
        resolver: Resolver = resolve,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._allowed, self._limits, self._now_ms = allowed, limits, now_ms
        self._resolver, self._clock, self._sleep = resolver, clock, sleep

    def pieces(self, wanted: Wanted, look: Check) -> Iterator[bytes]:
        """The content, piece by piece, each looked at before it is given on.

        NotAccepted: try another token. StartAgain: ask for the file from its beginning. ZoomBusy: later.
        DownloadFault: BAD_ADDRESS, TOO_LARGE, EMPTY, WRONG_SIZE, WRONG_KIND, DAMAGED, NO_SOUND.
        """
        self._guard(wanted.size, self._clock())
        begun, received, etag, encoded = self._clock(), 0, "", False
        for attempt in range(MOST_RESUMES + 1):
            self._sleep(0.25 * 2**attempt if attempt else 0)
            try:
                with self._opened(wanted, received, etag) as answer:
                    etag, encoded = answer.etag, answer.encoded
                    for piece in _read(answer):
                        received += len(piece)
                        self._guard(received, begun)
                        _feed(look, piece)
                        yield piece
            except (HTTPError, OSError) as fault:
                if encoded and received:
                    raise StartAgain from fault  # a compressed stream cannot be taken up in its middle
                continue
            if received >= (wanted.size if answer.total is None else answer.total):
                _finish(look, received, wanted.size)
                return
        raise ZoomBusy("the recording breaks off again and again; it will be tried later", code="DOWNLOAD_BROKEN")

    @contextmanager
    def _opened(self, wanted: Wanted, received: int, etag: str) -> Iterator[_Answer]:
        """The answer at the end of the redirects, from byte `received` on."""
        headers = {"Accept-Encoding": "identity", "User-Agent": "Partnering"}
        if received:
            headers |= {"Range": f"bytes={received}-"} | ({"If-Range": etag} if etag else {})
        url, bearer = wanted.address, {"Authorization": f"Bearer {wanted.token}"}
        for _ in range(MOST_HOPS + 1):
            with self._asked(check(url, self._allowed, self._resolver), headers | bearer) as response:
                if response.status not in REDIRECTS:
                    yield _judge(response, received, self._now_ms())
                    return
                url, bearer = urljoin(url, response.headers.get("Location", "")), {}
        raise DownloadFault("the recording's address leads on and on; it is refused", code="BAD_ADDRESS")

    @contextmanager
    def _asked(self, place: Place, headers: Mapping[str, str]) -> Iterator[urllib3.BaseHTTPResponse]:
        """The answer of one hop, over a connection to exactly the address that was checked."""
        pool = open_pool(place)
        host = place.host if place.port in {80, 443} else f"{place.host}:{place.port}"
        try:
            response = pool.urlopen(
                "GET",
                place.target,
                headers={**headers, "Host": host},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
                timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S),
            )
            try:
                yield response
            finally:
                response.close()
        finally:
            pool.close()

    def _guard(self, received: int, begun: float) -> None:
        """Stop what is too large, too slow or too long."""
        if received > self._limits.largest_bytes:
            raise DownloadFault(
                "the recording is larger than PARTNERING_ZOOM__LARGEST_FILE_BYTES allows", code="TOO_LARGE"
            )
        took = self._clock() - begun
        if took > self._limits.deadline_s or (took > GRACE_S and received < took * LEAST_BYTES_PER_S):
            raise ZoomBusy("the recording comes too slowly; it will be tried later", code="DOWNLOAD_SLOW")


def open_pool(place: Place) -> urllib3.HTTPConnectionPool:
    """Connections to the checked address; over TLS the certificate must be the host's."""
    if not place.secure:
        return urllib3.HTTPConnectionPool(place.ip, place.port)
    return urllib3.HTTPSConnectionPool(
        place.ip,
        place.port,
        server_hostname=place.host,
        assert_hostname=place.host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )


def _judge(response: urllib3.BaseHTTPResponse, received: int, now_ms: int) -> _Answer:
    """What a last hop answered, if it is the file."""
    status, headers = response.status, response.headers
    if status in {401, 403} or (status == 200 and "text/html" in headers.get("Content-Type", "").lower()):
        raise NotAccepted
    if status == 404:
        raise ZoomBusy("Zoom does not have the file yet; it will be asked again", code="ZOOM_NO_FILE")
    if status == 429:
        wait = retry_after_s(headers, now_ms)
        raise ZoomBusy("Zoom asks to wait; it will be tried again", code="ZOOM_RATE", retry_after_s=wait)
    if status >= 500:
        raise HTTPError(f"status {status}")
    if status == 416 or (status == 200 and received):
        raise StartAgain
    length = headers.get("Content-Length", "")
    encoded = headers.get("Content-Encoding", "identity").lower() not in {"", "identity"}
    total = received + int(length) if length.isdigit() and not encoded else None
    if status == 206 and not headers.get("Content-Range", "").startswith(f"bytes {received}-"):
        raise StartAgain
    if status not in {200, 206}:
        raise DownloadFault("Zoom does not give the recording out", code="ZOOM_FILE_REFUSED")
    return _Answer(response, total, headers.get("ETag", ""), encoded)


def _read(answer: _Answer) -> Iterator[bytes]:
    """What comes as it comes, so that a slow stream is seen to be slow."""
    while piece := answer.response.read1(PIECE, decode_content=answer.encoded):
        yield piece


def _feed(look: Check, piece: bytes) -> None:
    try:
        look.feed(piece)
    except SignInPage as page:
        raise NotAccepted from page


def _finish(look: Check, received: int, told: int) -> None:
    if not received:
        raise DownloadFault("the recording is empty at Zoom; there is nothing to hear", code="EMPTY")
    try:
        look.finish()
    except SignInPage as page:
        raise NotAccepted from page
    if told and received != told:
        raise DownloadFault("the recording is not as long as Zoom said; nothing was kept", code="WRONG_SIZE")
