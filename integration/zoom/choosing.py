"""Which files of a recording are heard. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from integration.zoom.recordings import READY, FileKind

FALSE_START_MS = 10_000
"""A segment shorter than this, beside a longer one, is a recording that was started by mistake."""
FEWEST_VOICES = 2
"""One person's track alone lacks the other voice; then the mixed audio says more."""


class Choosable(Protocol):
    """What is known of a file: a RecordingFile, or its row in the store."""

    @property
    def zoom_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...


F = TypeVar("F", bound=Choosable)


def choose_audio(files: Iterable[F]) -> tuple[F, ...]:
    """The files to hear, by start; empty when there is nothing to hear yet.

    Each participant's own audio when at least two were recorded at once, and the mixed audio beside it, which
    shows when a track lacks a voice or runs late. Else, for each segment of a recording that was stopped and
    restarted, the mixed audio, or the smallest film where there is none.
    """
    ready = [file for file in files if file.status in READY]
    tracks = _without_false_starts([file for file in ready if file.kind == FileKind.TRACK])
    if _voices_at_once(tracks) >= FEWEST_VOICES:
        return _by_start([*tracks, *_without_false_starts([file for file in ready if file.kind == FileKind.MIXED])])
    segments: defaultdict[int, list[F]] = defaultdict(list)
    for file in ready:
        if file.kind in {FileKind.MIXED, FileKind.VIDEO}:
            segments[file.start_ms].append(file)
    return _without_false_starts([_best(segment) for segment in segments.values()])


def choose_beside(files: Iterable[F]) -> tuple[F, ...]:
    """The files that help to name who speaks: Zoom's timeline and transcript."""
    return tuple(
        file for file in files if file.status in READY and file.kind in {FileKind.TIMELINE, FileKind.TRANSCRIPT}
    )


def _without_false_starts(files: Sequence[F]) -> tuple[F, ...]:
    """`files` by start, without the very short ones when there are longer ones. A file without times stays."""
    lasting = [file for file in files if not 0 <= file.end_ms - file.start_ms < FALSE_START_MS or not file.end_ms]
    return _by_start(lasting or files)


def _by_start(files: Sequence[F]) -> tuple[F, ...]:
    return tuple(sorted(files, key=lambda file: (file.start_ms, file.zoom_id)))


def _voices_at_once(tracks: Sequence[F]) -> int:
    def at(moment_ms: int) -> int:
        return sum(track.start_ms <= moment_ms < max(track.end_ms, track.start_ms + 1) for track in tracks)

    return max((at(track.start_ms) for track in tracks), default=0)


def _best(segment: Sequence[F]) -> F:
    return min(segment, key=lambda file: (file.kind != FileKind.MIXED, file.size, file.zoom_id))
