"""One track with everybody on it: who spoke when is found by voice, and words go to voices by time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from processor.errors import RecordingUnusable
from processor.model.people import Participant
from processor.model.segment import Segment, covered_ms
from processor.model.session import Session, Source
from processor.speech import diarise
from processor.speech.attribution import give_words
from processor.speech.doubt import HeardSound, doubt
from processor.speech.lanes import Piece, results
from processor.speech.recognise import Task, language_piece, word_pieces
from processor.speech.samples import Samples

LEAST_SPEECH_MS = 3_000


def hear_mixed(task: Task, samples: Samples, language: str | None, speakers: int | None) -> Session:
    """The session on one mixed track.

    One look at the sound (segmentation) serves both the recogniser, which is given only speech, and the
    voices. Words and voices are then worked on side by side.
    """
    voices = task.models.voices()
    guess = task.lanes.submit([] if language else [language_piece(task, [samples])])
    looks = diarise.activity_pieces(voices, samples)
    blocks = task.lanes.run([_kept(task, piece, number) for number, piece in enumerate(looks)])
    activity = diarise.join(voices, blocks)
    speech = activity.speech()
    check_speech(speech)
    spoken = language or results(guess)[0]
    heard = task.lanes.submit(word_pieces(task, samples, speech, spoken, Source.MIXED))
    stretches, windows = diarise.solo_windows(activity)
    rows = np.concatenate(task.lanes.run(diarise.voice_pieces(voices, samples, windows)))
    count = speakers or diarise.count_voices(windows, rows, voices.alike)
    if count == 1:
        raise one_speaker()
    who = diarise.who_spoke(activity, stretches, windows, rows, count, alike=voices.alike)
    words = give_words([word for found in results(heard) for word in found], who.speech)
    talk = [span.segment for span in who.speech.spans]
    heard_sound = HeardSound(samples, talk, talk)
    return Session(
        language=spoken,
        duration_ms=samples.duration_ms,
        source=Source.MIXED,
        participants=tuple(Participant(label) for label in who.speech.labels),
        words=words,
        speech=who.speech,
        doubt=doubt(
            words, who.speech, [heard_sound], confusion_share=who.confusion_share, likeness=who.likeness
        ),
    )


def _kept(task: Task, piece: Piece[NDArray[np.int8]], number: int) -> Piece[NDArray[np.int8]]:
    return Piece(piece.stage, piece.weight, lambda: task.kept.activity(f"activity-{number}", piece.do))


def check_speech(speech: Sequence[Segment]) -> None:
    """Raises RecordingUnusable (SILENT) when there is next to no speech."""
    if covered_ms(speech) < LEAST_SPEECH_MS:
        raise RecordingUnusable(
            "no speech was heard in the recording; check that the microphones were on", code="SILENT"
        )


def one_speaker() -> RecordingUnusable:
    """What is said of a recording with one voice."""
    return RecordingUnusable(
        "only one voice was heard; a report needs both sides of the call, so check that both were recorded",
        code="ONE_SPEAKER",
    )
