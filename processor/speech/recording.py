"""What is handed in to be heard: media files, and what is known about them beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Track:
    """One participant's own audio.

    `name` is the display name, None when it is not known. `offset_ms` says how long after the start of
    the recording this file starts (somebody who joined late); it is checked against the mixed file when
    there is one.
    """

    name: str | None
    path: Path
    offset_ms: int = 0


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded call: the mixed audio, the participants' own tracks, or both.

    `language` is a code such as "en"; None = to be detected. `speakers` is how many people talk; None =
    to be found. With neither a mixed file nor a track it is a ValueError.
    """

    mixed: Path | None
    tracks: tuple[Track, ...] = ()
    language: str | None = None
    speakers: int | None = None

    def __post_init__(self) -> None:
        if self.mixed is None and not self.tracks:
            raise ValueError("a recording has a mixed file or at least one track")
        if self.speakers is not None and self.speakers < 1:
            raise ValueError("a call has at least one speaker")
