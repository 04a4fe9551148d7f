"""Every way in which a download goes wrong. A number in a test's name is the case's in docs/zoom-app.md."""

from __future__ import annotations

import time

import pytest

from integration.errors import DownloadFault, ZoomBusy
from integration.zoom.addresses import Allowed
from integration.zoom.download import Downloader, Limits, NotAccepted, StartAgain, Wanted
from integration.zoom.file_check import check_for
from integration.zoom.recordings import FileKind
from integration.zoom.standin.recordings import File, Meeting
from integration.zoom.standin.server import StandIn
from tests.integration.zoom.practice import DANA, NINE, film

CONTENT = film(300_000)


class Bench:
    """One recorded file and a downloader that does not sleep."""

    def __init__(self, zoom: StandIn) -> None:
        self.zoom = zoom
        self.meeting: Meeting = zoom.record(DANA, mixed=CONTENT, started=NINE)
        self.file: File = self.meeting.files[0]
        self.limits = Limits(largest_bytes=10_000_000, deadline_s=20)
        self.slept: list[float] = []

    def fetch(self, *, token: str | None = None, size: int | None = None, url: str | None = None) -> bytes:
        downloader = Downloader(Allowed(("zoom.us",), loopback=True), self.limits, lambda: 0, sleep=self.slept.append)
        wanted = Wanted(
            url or f"{self.zoom.url}/rec/webhook_download/{self.file.id}",
            self.zoom.world.grant_for(self.meeting) if token is None else token,
            self.file.size if size is None else size,
        )
        return b"".join(downloader.pieces(wanted, check_for(FileKind.MIXED)))

    def wrong(self, kind: str, value: object = None, *, times: int = 1, place: str = "host") -> None:
        self.zoom.world.misbehave(place, kind, value=value, times=times)

    def ranges(self) -> list[str]:
        return [line["range"] for line in self.zoom.world.noted("host")]


@pytest.fixture
def bench(zoom: StandIn) -> Bench:
    return Bench(zoom)


def code_of(fault: pytest.ExceptionInfo[DownloadFault | ZoomBusy]) -> str:
    return fault.value.code


def test_a_file_comes_whole(bench: Bench) -> None:
    """Through a redirect to another host: every byte, and the token was seen by the first host only."""
    assert bench.fetch() == CONTENT
    assert bench.zoom.world.noted("token_leaked") == []
    assert [line["query_token"] for line in bench.zoom.world.noted("file")] == [False]


@pytest.mark.parametrize(("kind", "value"), [("no_length", None), ("chunked", None), ("gzip", None)])
def test_a_file_comes_whole_in_every_coding(bench: Bench, kind: str, value: object) -> None:
    """Without a length, in chunks, or compressed without being asked."""
    bench.wrong(kind, value)
    assert bench.fetch() == CONTENT


def test_38_a_file_that_is_not_there_yet_is_asked_for_later(bench: Bench) -> None:
    """404: ZoomBusy, which the queue waits out for a day."""
    bench.wrong("status", 404, place="file")
    with pytest.raises(ZoomBusy) as fault:
        bench.fetch()
    assert code_of(fault) == "ZOOM_NO_FILE"


def test_39_zoom_says_how_long_to_wait(bench: Bench) -> None:
    """429 with Retry-After: ZoomBusy with just that time."""
    bench.wrong("rate", 17, place="file")
    with pytest.raises(ZoomBusy) as fault:
        bench.fetch()
    assert fault.value.retry_after_s == 17


@pytest.mark.parametrize(("kind", "value"), [("status", 500), ("status", 502), ("status", 503), ("reset", None)])
def test_40_short_troubles_are_tried_over(bench: Bench, kind: str, value: object) -> None:
    """Two failures of the server or the line: the third try brings the file, with growing waits between."""
    bench.wrong(kind, value, place="file", times=2)
    assert bench.fetch() == CONTENT
    assert bench.slept == [0, 0.5, 1.0]


def test_40_long_troubles_end_the_try(bench: Bench) -> None:
    """Six failures: ZoomBusy, for the queue to try later."""
    bench.wrong("status", 502, place="file", times=6)
    with pytest.raises(ZoomBusy) as fault:
        bench.fetch()
    assert code_of(fault) == "DOWNLOAD_BROKEN"


@pytest.mark.parametrize("kind", ["truncate", "truncate_unsaid", "reset"])
def test_41_a_short_read_is_taken_up_where_it_stopped(bench: Bench, kind: str) -> None:
    """Cut off after 100,000 bytes, with a length, without one, or by a reset: the rest is asked for and fits."""
    bench.wrong(kind, 100_000)
    assert bench.fetch() == CONTENT
    assert bench.ranges() == ["", "bytes=100000-"]


def test_41_without_ranges_the_file_is_begun_again(bench: Bench) -> None:
    """A host that ignores Range: StartAgain, never two beginnings in one file."""
    bench.zoom.world.serves_ranges = False
    bench.wrong("truncate", 100_000)
    with pytest.raises(StartAgain):
        bench.fetch()


def test_41_another_size_than_announced_is_not_kept(bench: Bench) -> None:
    """One byte less than Zoom announced, though the answer is complete: WRONG_SIZE."""
    with pytest.raises(DownloadFault) as fault:
        bench.fetch(size=len(CONTENT) + 1)
    assert code_of(fault) == "WRONG_SIZE"


def test_41_a_length_that_is_too_small_is_found_out(bench: Bench) -> None:
    """Content-Length 10 bytes short: the last box lacks its end."""
    bench.wrong("wrong_length", 10)
    with pytest.raises(DownloadFault) as fault:
        bench.fetch()
    assert code_of(fault) == "DAMAGED"


@pytest.mark.parametrize("token", ["", "expired", "eyJ.invented"])
def test_42_a_page_for_signing_in_is_never_kept(bench: Bench, token: str) -> None:
    """A token that is not accepted brings a page with status 200: NotAccepted, and no byte is given on."""
    with pytest.raises(NotAccepted):
        bench.fetch(token=token)


def test_42_a_page_that_calls_itself_a_file_is_known(bench: Bench) -> None:
    """HTML under application/octet-stream: known by its first bytes."""
    bench.wrong("body", b"<!doctype html><html><body>Sign in</body></html>")
    with pytest.raises(NotAccepted):
        bench.fetch(size=0)


@pytest.mark.parametrize("status", [401, 403])
def test_37_a_refused_token_is_told_apart(bench: Bench, status: int) -> None:
    """401 and 403: NotAccepted."""
    bench.wrong("status", status, place="file")
    with pytest.raises(NotAccepted):
        bench.fetch()


def test_43_nothing_is_no_recording(bench: Bench) -> None:
    """Zero bytes: EMPTY."""
    bench.file.content = b""
    with pytest.raises(DownloadFault) as fault:
        bench.fetch()
    assert code_of(fault) == "EMPTY"


def test_44_a_damaged_recording_is_not_kept(bench: Bench) -> None:
    """Cut off at Zoom itself, with a length that agrees: DAMAGED."""
    bench.file.content = CONTENT[:-5000]
    with pytest.raises(DownloadFault) as fault:
        bench.fetch()
    assert code_of(fault) == "DAMAGED"


def test_45_another_kind_of_file_is_not_kept(bench: Bench) -> None:
    """A WAV under the name of an M4A: WRONG_KIND."""
    bench.file.content = b"RIFF\0\0\0\0WAVEfmt " + bytes(1000)
    with pytest.raises(DownloadFault) as fault:
        bench.fetch()
    assert code_of(fault) == "WRONG_KIND"


def test_46_a_drip_ends_at_the_deadline(bench: Bench) -> None:
    """A byte each 50 ms never times out by itself: the total deadline of one second ends it."""
    bench.limits = Limits(largest_bytes=10_000_000, deadline_s=1)
    bench.wrong("drip", 0.05)
    begun = time.monotonic()
    with pytest.raises(ZoomBusy) as fault:
        bench.fetch()
    assert code_of(fault) == "DOWNLOAD_SLOW"
    assert 1 <= time.monotonic() - begun < 3


def test_46_slower_than_a_call_lasts_is_too_slow(bench: Bench) -> None:
    """After half a minute a kilobyte a second is given up, long before the deadline of hours."""
    seconds = iter(range(0, 1000, 40))
    downloader = Downloader(
        Allowed((), loopback=True),
        Limits(10_000_000, 7200),
        lambda: 0,
        clock=lambda: next(seconds),
        sleep=bench.slept.append,
    )
    wanted = Wanted(f"{bench.zoom.url}/rec/webhook_download/{bench.file.id}", bench.zoom.world.grant_for(bench.meeting))
    with pytest.raises(ZoomBusy) as fault:
        b"".join(downloader.pieces(wanted, check_for(FileKind.MIXED)))
    assert code_of(fault) == "DOWNLOAD_SLOW"


def test_47_three_gigabytes_end_at_the_limit(bench: Bench) -> None:
    """A stream of 3 GB with a limit of 1 MB: stopped there, though no size was announced before."""
    bench.limits = Limits(largest_bytes=1_000_000, deadline_s=20)
    bench.wrong("endless", 3 * 1024**3)
    with pytest.raises(DownloadFault) as fault:
        bench.fetch(size=0)
    assert code_of(fault) == "TOO_LARGE"


def test_47_an_announced_size_above_the_limit_is_not_even_asked_for(bench: Bench) -> None:
    """Announced as too large: no request is made."""
    with pytest.raises(DownloadFault):
        bench.fetch(size=10_000_001)
    assert bench.zoom.world.noted("file") == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.5/x",
        "https://evil.example/x",
        "https://user@zoom.us/x",
        "file:///etc/passwd",
        "gopher://zoom.us/x",
    ],
)
def test_49_a_redirect_elsewhere_is_refused(bench: Bench, url: str) -> None:
    """A redirect to a link-local or private address, another host, another scheme, or with a user name."""
    bench.wrong("redirect", url, place="file")
    with pytest.raises(DownloadFault) as fault:
        bench.fetch()
    assert code_of(fault) == "BAD_ADDRESS"


def test_49_a_redirect_in_circles_ends(bench: Bench) -> None:
    """Four hops are too many."""
    bench.wrong("loop", place="file", times=10)
    with pytest.raises(DownloadFault) as fault:
        bench.fetch()
    assert code_of(fault) == "BAD_ADDRESS"
    assert len(bench.zoom.world.noted("file")) == 4


def test_52_a_file_that_changed_between_two_parts_is_begun_again(bench: Bench) -> None:
    """Another ETag when the rest is asked for: StartAgain."""
    bench.wrong("changed_after", 100_000)
    with pytest.raises(StartAgain):
        bench.fetch()


def test_a_token_is_not_shown() -> None:
    """The repr of what is wanted holds neither address nor token."""
    assert "secret" not in repr(Wanted("https://zoom.us/secret", "secret"))
