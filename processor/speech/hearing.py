"""A recorded call becomes a Session: words, who spoke when, and what was hard to hear."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from processor.errors import OutOfMemory, RecordingUnusable
from processor.model.session import Session
from processor.speech.checkpoints import Checkpoints, PartStore, fingerprint
from processor.speech.lanes import Lanes, Piece, Progress
from processor.speech.mixed import hear_mixed, one_speaker
from processor.speech.profiles import Models, choose
from processor.speech.recognise import Task, known_language
from processor.speech.recording import Recording
from processor.speech.samples import Samples, decode
from processor.speech.sides import voice_a_side
from processor.speech.tracks import TrackSound, hear_tracks

SHORTEST_CALL_MS = 30_000

CONTAINER_LIMIT = Path("/sys/fs/cgroup/cpu.max")
"""Where a container finds the processor time it may use in a period, both in microseconds (Linux, cgroup v2)."""

NO_MEMORY = ("out of memory", "allocate memory")
"""What a full graphics card and torch say in a RuntimeError."""


def no_progress(stage: str, share: float) -> None:
    """Says nothing."""


class Hearing:
    """Hears one recording after the other with models that are loaded once, when the first one comes.

    Load it in the process that hears: a model that was loaded before a fork hangs the child.
    """

    def __init__(self, models: Models, cores: int) -> None:
        self._models = models
        self._cores = cores

    def warm_up(self) -> None:
        """Loads the models now, so that the first recording need not wait. Raises ModelMissing."""
        self._models.words()
        self._models.voices()

    def listen(
        self, recording: Recording, *, progress: Progress = no_progress, checkpoints: PartStore | None = None
    ) -> tuple[Session, tuple[tuple[str, float], ...]]:
        """The session that was recorded, and how many seconds each stage was worked on (all cores added up).

        `progress` is told a stage ("decode", "activity", "words", "voices" and others) and the share of it
        that is done (0 to 1); it is called from several threads, but never from two at once. `checkpoints` is
        where finished parts are kept, for a job that may be killed; once the session is safe the caller erases them.

        Raises RecordingUnusable with code AUDIO_UNREADABLE, NO_AUDIO, TOO_SHORT (under 30 s), SILENT or
        ONE_SPEAKER, or LANGUAGE_UNKNOWN; ModelMissing when a model is not on this machine; OutOfMemory.
        """
        if recording.speakers == 1:
            raise one_speaker()
        kept = Checkpoints(checkpoints, "" if checkpoints is None else _fingerprint(recording, self._models))
        try:
            with Lanes(self._cores, progress) as lanes:
                session = self._hear(recording, Task(self._models, lanes, kept))
        except (MemoryError, RuntimeError) as fault:
            if isinstance(fault, RuntimeError) and not any(words in str(fault) for words in NO_MEMORY):
                raise
            raise OutOfMemory("the machine ran out of memory while hearing; the recording is tried again") from fault
        return session, tuple((stage, round(seconds, 2)) for stage, seconds in lanes.seconds.items())

    def _hear(self, recording: Recording, task: Task) -> Session:
        mixed, sounds = _decode(recording, task.lanes)
        _check_length([mixed] if mixed is not None else [sound.samples for sound in sounds])
        language = None if recording.language is None else known_language(task, recording.language)
        if not sounds and mixed is not None and recording.speakers in {None, 2} and voice_a_side(mixed):
            sounds, mixed = [TrackSound(None, mixed.channel(side)) for side in (0, 1)], None
        if sounds:
            return hear_tracks(task, sounds, mixed, language, recording.speakers)
        if mixed is None:
            raise ValueError("a recording has a mixed file or at least one track")
        return hear_mixed(task, mixed, language, recording.speakers)


def load_hearing(
    profile: str = "embedded",
    cache: Path = Path("var/models"),
    threads: int | None = None,
    *,
    device: str | None = None,
) -> Hearing:
    """A Hearing with the models of `profile`: "embedded" (installed packages) or "standard" (hub models in `cache`).

    `cache` is where models lie that do not come ready from a package. `threads` is how many cores to use; None =
    as many as this process may use. `device` is "cpu" or "cuda"; None = a graphics card when there is one and
    the profile can use it. Nothing is loaded yet. Raises ValueError for an unknown profile.
    """
    cores = threads or cores_allowed()
    return Hearing(choose(profile, cache, cores, device), cores)


def cores_allowed(limit: Path = CONTAINER_LIMIT) -> int:
    """How many cores this process may use: those it may run on, or fewer where `limit` allows it the time of fewer.

    More threads than that would stand still most of the time, and each holds its own windows in memory.
    """
    cores = len(os.sched_getaffinity(0))
    try:
        time_us, period_us = limit.read_text().split()
        return min(cores, max(1, int(time_us) // int(period_us)))
    except (OSError, ValueError):  # no container of this kind, or "max": no limit
        return cores


def _decode(recording: Recording, lanes: Lanes) -> tuple[Samples | None, list[TrackSound]]:
    """The mixed file, if any, and the tracks, decoded once.

    One after the other: the decoder hands over a frame of some 20 ms at a time, and two of them side by side wait for
    Python's lock longer than they work.
    """
    paths = [*([recording.mixed] if recording.mixed is not None else []), *(track.path for track in recording.tracks)]
    decoded = lanes.timed(Piece("decode", 1, lambda: [decode(path) for path in paths]))
    mixed = decoded.pop(0) if recording.mixed is not None else None
    sounds = [
        TrackSound(track.name, samples, track.offset_ms)
        for track, samples in zip(recording.tracks, decoded, strict=True)
    ]
    return mixed, sounds


def _check_length(sounds: Sequence[Samples]) -> None:
    if max(samples.duration_ms for samples in sounds) < SHORTEST_CALL_MS:
        raise RecordingUnusable(
            "the recording is shorter than 30 seconds, too short to read; give a whole call", code="TOO_SHORT"
        )


def _fingerprint(recording: Recording, models: Models) -> str:
    files = [*([recording.mixed] if recording.mixed is not None else []), *(track.path for track in recording.tracks)]
    offsets = [str(track.offset_ms) for track in recording.tracks]
    return fingerprint(files, [models.name, recording.language or "", *offsets])
