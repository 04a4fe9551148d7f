"""Whether a media file plays, found out without listening to all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

PLACES = 8
"""Places spread over the file that are tried; a whole call is judged in a fraction of a second."""

PACKETS = 16
"""Packets that are decoded at each place: about a third of a second of Zoom's audio."""


def plays(path: Path) -> bool:
    """Whether the file's sound decodes in at least half of the places that are tried.

    A file may be whole from outside, each box as long as it says, and hold nothing that plays. One damaged stretch
    is no reason to refuse a call, because the hearing skips it; that half of it must play is ours.
    False also for a file that cannot be opened, and for one without sound.
    """
    import av  # noqa: PLC0415  # a native library, for those who fetch

    try:
        with av.open(str(path.absolute()), mode="r", metadata_errors="ignore") as container:
            if not container.streams.audio:
                return False
            heard = [_sounds(container, start) for start in _places(container)]
    except (av.error.FFmpegError, OSError):
        return False
    return 2 * sum(heard) >= len(heard)


def _places(container: Any) -> Iterator[int]:
    """The middles of PLACES equal stretches, in microseconds; only the beginning when the file tells no length."""
    begin, length = container.start_time or 0, container.duration or 0
    return (begin + length * (2 * place + 1) // (2 * PLACES) for place in range(PLACES if length else 1))


def _sounds(container: Any, start: int) -> bool:
    """Whether at least half of the packets from `start` on decode."""
    import av  # noqa: PLC0415  # as in plays

    stream = container.streams.audio[0]
    tried = decoded = 0
    try:
        container.seek(start)
        for packet in container.demux(stream):
            if tried == PACKETS or not packet.size:  # the end of the file is a packet without content
                break
            tried += 1
            decoded += _decodes(packet)
    except av.error.FFmpegError:
        return False
    return 0 < tried <= 2 * decoded


def _decodes(packet: Any) -> bool:
    import av  # noqa: PLC0415  # as in plays

    try:
        return bool(packet.decode())
    except av.error.FFmpegError:
        return False
