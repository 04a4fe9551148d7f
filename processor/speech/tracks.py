"""One track a person: who spoke when is exact, once leaked voices are taken out and the clocks agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from processor.model.people import Participant
from processor.model.segment import Segment, covered_ms, union
from processor.model.session import Session, Source
from processor.model.speech import Annotation, SpeechSpan, Word
from processor.speech.clocks import TrackClock, find_clock
from processor.speech.crosstalk import levels, own_voice
from processor.speech.doubt import HeardSound, doubt
from processor.speech.lanes import Piece, results
from processor.speech.mixed import check_speech, hear_mixed, one_speaker
from processor.speech.recognise import Task, language_piece, word_pieces
from processor.speech.samples import Samples
from processor.speech.tape import Tape
from processor.speech.voice_activity import FRAME_MS, activity_pieces, stretches
from processor.speech.voices import LEAST_SHARE

LEAST_VOICE_MS = 1_000
"""A track with less speech than this is silent: a muted guest, a note-taking program."""

LEAST_REST_MS = 5_000
"""Speech of the mixed file that lies on no track is somebody whose track is missing, from this much on, and from
LEAST_SHARE of all speech on. On calls with all their tracks none was left."""

BLUR_MS = 250
"""What the mixed file holds this near to a known voice is that voice."""

SHORTEST_MS, BRIDGE_MS = 150, 200
"""After leaked frames are taken out, what is left in shorter pieces than this is joined or dropped."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackSound:
    """The sound of one file with one person on it; `given_ms` = when it starts, as far as was said."""

    name: str | None
    samples: Samples
    given_ms: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """One file's part of the call: its clock, and when its person speaks (in the call's time)."""

    sound: TrackSound
    clock: TrackClock
    speech: tuple[Segment, ...]

    @property
    def covers(self) -> Segment:
        return self.clock.to_call(Segment(0, self.sound.samples.duration_ms))


def hear_tracks(
    task: Task, sounds: Sequence[TrackSound], mixed: Samples | None, language: str | None, speakers: int | None
) -> Session:
    """The session on separate tracks, on the time line of the mixed file when there is one.

    A person whose track is missing or silent is heard on the mixed file where no other track speaks. When that gives
    fewer than two people (they shared a microphone, all tracks are silent) the mixed file is heard as if it were
    alone; `speakers` is then how many people talk, None = to be found.
    """
    files = [mixed] if mixed is not None else [sound.samples for sound in sounds]
    guess = task.lanes.submit([] if language else [language_piece(task, files)])
    voices, everything, leaked = _voices(task, sounds, mixed)
    remarks = ["crosstalk"] if leaked else []
    heard = [voice for voice in voices if covered_ms(voice.speech) >= LEAST_VOICE_MS]
    # A track that lies at the wrong place leaves its own words over, as if somebody beside two people were missing.
    placed = len(people_of(heard)) < 2 or all(voice.clock.by_sound for voice in heard)
    missing = _missing(voices, heard, mixed, everything) if mixed is not None and placed else None
    if missing is not None:
        heard.append(missing)
        remarks.append("track_missing")
    people = people_of(heard)
    if mixed is not None and len(people) < 2:
        return hear_mixed(task, mixed, language or results(guess)[0], speakers)
    check_speech([segment for voice in heard for segment in voice.speech])
    if len(people) < 2:
        raise one_speaker()
    return _session(task, people, mixed, language or results(guess)[0], remarks)


def _session(
    task: Task, people: Sequence[Sequence[Voice]], mixed: Samples | None, language: str, remarks: Sequence[str]
) -> Session:
    order = sorted(people, key=lambda voices: min(segment for voice in voices for segment in voice.speech))
    labelled = [(f"SPEAKER_{index:02d}", voice) for index, voices in enumerate(order) for voice in voices]
    words = _words(task, labelled, language)
    speech = Annotation.of(SpeechSpan(segment, label) for label, voice in labelled for segment in voice.speech)
    sounds = [
        HeardSound(voice.sound.samples, _own_time(voice), [voice.clock.to_track(span.segment) for span in speech.spans])
        for _, voice in labelled
    ]
    ends = [voice.covers.end_ms for _, voice in labelled]
    return Session(
        language=language,
        duration_ms=mixed.duration_ms if mixed is not None else max(ends),
        source=Source.TRACKS,
        participants=tuple(
            Participant(f"SPEAKER_{index:02d}", voices[0].sound.name) for index, voices in enumerate(order)
        ),
        words=tuple(words),
        speech=speech,
        doubt=doubt(words, speech, sounds, confusion_share=0.0, remarks=remarks),
    )


def _words(task: Task, labelled: Sequence[tuple[str, Voice]], language: str) -> list[Word]:
    """What each voice says on its own file. All files are heard as one, so that few windows are half empty."""
    tape = Tape([voice.sound.samples for _, voice in labelled])
    speech = [tape.place(file, segment) for file, (_, voice) in enumerate(labelled) for segment in _own_time(voice)]
    words: list[Word] = []
    for found in task.lanes.run(word_pieces(task, tape, speech, language, Source.TRACKS)):
        for word in found:
            file, segment = tape.source(word.segment)
            label, voice = labelled[file]
            words.append(replace(word, label=label, segment=voice.clock.to_call(segment)))
    return sorted(words, key=lambda word: (word.segment, word.label or ""))


def _own_time(voice: Voice) -> tuple[Segment, ...]:
    return tuple(voice.clock.to_track(segment) for segment in voice.speech)


def _voices(
    task: Task, sounds: Sequence[TrackSound], mixed: Samples | None
) -> tuple[list[Voice], tuple[Segment, ...], bool]:
    """Every track with its clock and its own person's speech, all speech of the mixed file (nothing without one), and
    whether voices leaked between tracks."""
    files = [*(sound.samples for sound in sounds), *([] if mixed is None else [mixed])]
    pieces = [activity_pieces(samples) for samples in files]
    looks = task.lanes.submit([piece for row in pieces for piece in row])
    clocks = task.lanes.run([_clock_piece(sound, mixed) for sound in sounds])
    blocks = iter(results(looks))
    found = [
        stretches(list(islice(blocks, len(row))), samples.duration_ms)
        for row, samples in zip(pieces, files, strict=True)
    ]
    everything = () if mixed is None else found.pop()
    voices = [
        Voice(sound, clock, union(clock.to_call(segment) for segment in speech))
        for sound, clock, speech in zip(sounds, clocks, found, strict=True)
    ]
    own, leaked = _without_leaks(voices)
    return own, everything, leaked


def _clock_piece(sound: TrackSound, mixed: Samples | None) -> Piece[TrackClock]:
    def find() -> TrackClock:
        return TrackClock(float(sound.given_ms)) if mixed is None else find_clock(mixed, sound.samples, sound.given_ms)

    return Piece("clocks", sound.samples.duration_ms, find)


def _without_leaks(voices: Sequence[Voice]) -> tuple[list[Voice], bool]:
    length = max(voice.covers.end_ms for voice in voices) // FRAME_MS + 1
    masks = [_mask(voice.speech, length) for voice in voices]
    own, leaked = own_voice(masks, [_levels_in_call(voice, length) for voice in voices])
    if not leaked:
        return list(voices), False
    return [replace(voice, speech=_segments(mask)) for voice, mask in zip(voices, own, strict=True)], True


def _mask(speech: Sequence[Segment], length: int) -> NDArray[np.bool_]:
    mask = np.zeros(length, dtype=np.bool_)
    for segment in speech:
        mask[segment.start_ms // FRAME_MS : -(-segment.end_ms // FRAME_MS)] = True
    return mask


def _segments(mask: NDArray[np.bool_]) -> tuple[Segment, ...]:
    edges = np.diff(np.concatenate(([0], mask.astype(np.int8), [0])))
    pairs = zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True)
    joined = union((Segment(start * FRAME_MS, end * FRAME_MS) for start, end in pairs), bridge_ms=BRIDGE_MS)
    return tuple(segment for segment in joined if segment.length_ms >= SHORTEST_MS)


def _levels_in_call(voice: Voice, length: int) -> NDArray[np.float32]:
    """The track's loudness for every frame of the call's time; silence where the track does not reach."""
    own = levels(voice.sound.samples, voice.sound.samples.duration_ms // FRAME_MS + 1)
    middles = (np.arange(length) + 0.5) * FRAME_MS
    frames = np.floor((middles - voice.clock.offset_ms) / voice.clock.pace / FRAME_MS).astype(int)
    inside = (frames >= 0) & (frames < len(own))
    loud: NDArray[np.float32] = np.where(inside, own[np.clip(frames, 0, len(own) - 1)], own.min())
    return loud


def people_of(voices: Sequence[Voice]) -> list[list[Voice]]:
    """Files put together by person: one name in files that follow one another is one person who came back; one
    name in files that run at the same time is two people who are called the same."""
    people: list[list[Voice]] = []
    for voice in sorted(voices, key=lambda voice: voice.covers):
        for known in people:
            same = voice.sound.name is not None and known[-1].sound.name == voice.sound.name
            if same and voice.covers.start_ms >= known[-1].covers.end_ms - BLUR_MS:
                known.append(voice)
                break
        else:
            people.append([voice])
    return people


def _missing(
    voices: Sequence[Voice], heard: Sequence[Voice], mixed: Samples, everything: Sequence[Segment]
) -> Voice | None:
    """The voice that is on the mixed file and on no track; it takes the name of the only silent track, if any.

    `everything` is when anybody speaks on the mixed file.
    """
    known = [Segment(max(0, s.start_ms - BLUR_MS), s.end_ms + BLUR_MS) for voice in heard for s in voice.speech]
    length = mixed.duration_ms // FRAME_MS + 1
    rest = _segments(_mask(everything, length) & ~_mask(known, length))
    if covered_ms(rest) < max(LEAST_REST_MS, LEAST_SHARE * covered_ms(everything)):
        return None
    silent = {v.sound.name for v in voices if v not in heard} - {v.sound.name for v in heard}
    name = silent.pop() if len(silent) == 1 else None
    return Voice(TrackSound(name, mixed), TrackClock(), rest)
