"""A recorded call becomes a Session: words, who spoke when, and what was hard to hear."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from processor.errors import RecordingUnusable
from processor.model.people import Participant
from processor.model.segment import Segment, covered_ms
from processor.model.session import Session, Source
from processor.model.speech import Annotation, Word
from processor.speech import diarise
from processor.speech.attribution import give_words
from processor.speech.chunks import Chunk, pack
from processor.speech.lanes import Lanes, Piece, Progress, results
from processor.speech.profiles import Embedded, Models
from processor.speech.recording import Recording
from processor.speech.samples import RATE, Samples, decode

SHORTEST_CALL_MS = 30_000
LEAST_SPEECH_MS = 3_000
PAD_MS, JOIN_MS = 100, 100
"""Silence left around speech, and pauses left in, when it is packed for the recogniser."""


def no_progress(stage: str, share: float) -> None:
    """Says nothing."""


class Hearing:
    """Hears one recording after the other with models that stay loaded.

    `cores` is how many pieces of work run at once.
    """

    def __init__(self, models: Models, cores: int) -> None:
        self._models = models
        self._cores = cores

    def listen(
        self, recording: Recording, *, progress: Progress = no_progress, checkpoints: Path | None = None
    ) -> tuple[Session, tuple[tuple[str, float], ...]]:
        """The session that was recorded, and how many seconds each stage was worked on.

        `progress` is told a stage and the share of it that is done (0 to 1), from several threads but never
        two at once. Raises RecordingUnusable with code AUDIO_UNREADABLE, NO_AUDIO, TOO_SHORT (under 30 s),
        SILENT or ONE_SPEAKER; ModelMissing when a model is not on this machine.
        """
        with Lanes(self._cores, progress) as lanes:
            session = self._mixed(recording, lanes)
        return session, tuple(lanes.seconds.items())

    def _mixed(self, recording: Recording, lanes: Lanes) -> Session:
        assert recording.mixed is not None
        samples = lanes.timed(Piece("decode", 1, lambda: decode(recording.mixed)))
        check_length(samples.duration_ms)
        voices, words = self._models.voices(), self._models.words()
        blocks = lanes.run(diarise.activity_pieces(voices, samples))
        activity = diarise.join(voices, blocks)
        speech = activity.speech()
        check_speech(speech)
        language = recording.language or words.language([samples.between(0, 30000)])[0]
        chunks = pack(speech, pad_ms=PAD_MS, join_ms=JOIN_MS, duration_ms=samples.duration_ms, quietest=quietest_in(samples))
        spoken = lanes.submit(self._word_pieces(samples, chunks, speech, language))
        stretches, windows = diarise.solo_windows(activity)
        rows = np.concatenate(lanes.run(diarise.voice_pieces(voices, samples, windows)))
        speakers = recording.speakers or diarise.count_voices(windows, rows)
        if speakers == 1:
            raise one_speaker()
        who = diarise.who_spoke(activity, stretches, windows, rows, speakers)
        heard = [word for found in results(spoken) for word in found]
        return Session(
            language,
            samples.duration_ms,
            Source.MIXED,
            tuple(Participant(label) for label in who.speech.labels),
            give_words(heard, who.speech),
            who.speech,
        )

    def _word_pieces(
        self, samples: Samples, chunks: Sequence[Chunk], speech: Sequence[Segment], language: str
    ) -> list[Piece[list[Word]]]:
        model, times = self._models.words(), self._models.times(language)

        def piece(batch: Sequence[Chunk]) -> Piece[list[Word]]:
            def do() -> list[Word]:
                found = model.words(batch, [chunk.sound(samples) for chunk in batch], language)
                if times is not None:
                    found = [times.place(samples, words, chunk.spans) for words, chunk in zip(found, batch, strict=True)]
                return [word for words in found for word in words]

            return Piece("words", sum(chunk.length_ms for chunk in batch), do)

        size = self._models.batch
        return [piece(chunks[at : at + size]) for at in range(0, len(chunks), size)]


def load_hearing(profile: str = "embedded", cache: Path = Path("var/models"), threads: int | None = None) -> Hearing:
    """A Hearing with the models of `profile`."""
    cores = threads or len(os.sched_getaffinity(0))
    return Hearing(Embedded(cache, cores), cores)


def check_length(duration_ms: int) -> None:
    if duration_ms < SHORTEST_CALL_MS:
        raise RecordingUnusable(
            "the recording is shorter than 30 seconds, too short to read; give a whole call", code="TOO_SHORT"
        )


def check_speech(speech: Sequence[Segment]) -> None:
    if covered_ms(speech) < LEAST_SPEECH_MS:
        raise RecordingUnusable(
            "no speech was heard in the recording; check that the microphones were on", code="SILENT"
        )


def one_speaker() -> RecordingUnusable:
    return RecordingUnusable(
        "only one voice was heard; a report needs both sides of the call, so check that both were recorded",
        code="ONE_SPEAKER",
    )


def quietest_in(samples: Samples) -> Callable[[Segment], int]:
    """Where `samples` are quietest inside a segment, to the nearest 20 ms."""

    def quietest(segment: Segment) -> int:
        sound = samples.between(segment.start_ms, segment.end_ms)
        frame = RATE // 50
        energy = np.square(sound[: len(sound) // frame * frame]).reshape(-1, frame).sum(axis=1)
        return segment.start_ms + 20 * int(energy.argmin()) + 10

    return quietest
