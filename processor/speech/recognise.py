"""Words from sound: chunks given to the recogniser side by side, placed in time, and freed of what nobody said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

import numpy as np

from processor.errors import RecordingUnusable
from processor.model.segment import Segment, union
from processor.model.session import Source
from processor.model.speech import Word
from processor.speech.alignment import place_words
from processor.speech.checkpoints import Checkpoints
from processor.speech.chunks import Chunk, pack
from processor.speech.lanes import Lanes, Piece
from processor.speech.plausible import plausible
from processor.speech.profiles import Models, WordModel
from processor.speech.samples import RATE, Samples, Sound

PAD_MS, JOIN_MS = 100, 100
"""Silence left around speech, and pauses left in, when it is packed for the recogniser. Longer pauses are cut out:
they cost as much to hear as speech, and Whisper invents words in them."""

HOLE_MS, WORD_MS = 1_500, 1_000
"""Speech without a word for this long was overheard; a word sounds for at most this long."""

SURE_LANGUAGE = 0.8
LOOK_MS = 30_000
LOOK_AT = (0.15, 0.5, 0.8)
"""The language is taken from thirty seconds here; further places are only heard when the first leaves doubt."""


@dataclass(frozen=True, slots=True)
class Task:
    """What every part of one job needs: the models, the lanes, and what was kept from an earlier try."""

    models: Models
    lanes: Lanes
    kept: Checkpoints


def language_piece(task: Task, files: Sequence[Samples]) -> Piece[str]:
    """Finding the language spoken, as a code such as "en", in files that run side by side."""
    return Piece("language", 1, lambda: _language(task.models.words(), files))


def _language(model: WordModel, files: Sequence[Samples]) -> str:
    length = max(file.duration_ms for file in files)
    sounds = []
    for place in LOOK_AT:
        start = place * max(0, length - LOOK_MS)
        excerpts = [file.between(start, start + LOOK_MS) for file in files]
        together = np.zeros(max(len(excerpt) for excerpt in excerpts), dtype=np.float32)
        for excerpt in excerpts:
            together[: len(excerpt)] += excerpt
        sounds.append(together)
        code, sure = model.language(sounds)
        if sure >= SURE_LANGUAGE:
            break
    return code


def known_language(task: Task, asked: str) -> str:
    """The recogniser's code for the language asked for: "en" for "en", "EN" and "en-GB".

    Raises RecordingUnusable when it knows none.
    """
    language = asked.lower().replace("_", "-").split("-")[0]
    if language not in task.models.words().languages():
        raise RecordingUnusable(
            "the recogniser does not know this language code; use one such as en, de or pl", code="LANGUAGE_UNKNOWN"
        )
    return language


def word_pieces(
    task: Task, samples: Sound, speech: Sequence[Segment], language: str, source: Source
) -> list[Piece[tuple[Word, ...]]]:
    """The words of `samples` during `speech`, in pieces. `source` names the sound within the job."""
    model, times, beam = task.models.words(), task.models.times(language), task.models.beam(source)
    chunks = pack(
        speech, pad_ms=PAD_MS, join_ms=JOIN_MS, duration_ms=samples.duration_ms, quietest=_quietest_in(samples)
    )

    def words_of(wanted: Sequence[Chunk]) -> list[tuple[Word, ...]]:
        parts = [wanted[at : at + task.models.batch] for at in range(0, len(wanted), task.models.batch)]
        heard = [model.words(part, [chunk.sound(samples) for chunk in part], language, beam) for part in parts]
        return [words for part in heard for words in part]

    def piece(batch: Sequence[Chunk]) -> Piece[tuple[Word, ...]]:
        def hear() -> list[Word]:
            found = _heard(words_of, batch)
            if times is not None:
                found = [
                    place_words(times, samples, words, chunk.spans)
                    for words, chunk in zip(found, batch, strict=True)
                ]
            return [word for words, chunk in zip(found, batch, strict=True) for word in plausible(words, chunk.spans)]

        part = f"words-{source}-{batch[0].spans[0].start_ms}-{batch[-1].spans[-1].end_ms}-{language}"
        return Piece("words", sum(chunk.length_ms for chunk in batch), lambda: task.kept.words(part, hear))

    return [piece(batch) for batch in batches(chunks, task.models.batch, task.lanes.count)]


def _heard(
    words_of: Callable[[Sequence[Chunk]], list[tuple[Word, ...]]], batch: Sequence[Chunk]
) -> list[tuple[Word, ...]]:
    """The words of each chunk; speech in which none were heard is listened to once more by itself.

    Whisper sometimes leaves out a whole sentence of a window. It then hears the sentence when it stands alone.
    """
    found = words_of(batch)
    holes = [(n, Chunk((hole,))) for n, chunk in enumerate(batch) for hole in holes_in(chunk.spans, found[n])]
    for (number, hole), words in zip(holes, words_of([hole for _, hole in holes]), strict=True):
        inside = [word for word in words if hole.spans[0].holds(word.segment.middle_ms)]
        found[number] = tuple(sorted((*found[number], *inside), key=lambda word: word.segment))
    return found


def holes_in(speech: Sequence[Segment], words: Sequence[Word]) -> list[Segment]:
    """Stretches of speech of at least HOLE_MS without a word.

    A word counts for WORD_MS around its middle at most: the words beside a gap are stretched over it.
    """
    said = [Segment(max(0, w.segment.middle_ms - WORD_MS // 2), w.segment.middle_ms + WORD_MS // 2) for w in words]
    holes: list[Segment] = []
    for span in speech:
        start = span.start_ms
        for word in union(said):
            if word.end_ms > start and word.start_ms < span.end_ms:
                holes.append(Segment(start, max(start, word.start_ms)))
                start = word.end_ms
        holes.append(Segment(min(start, span.end_ms), span.end_ms))
    return [hole for hole in holes if hole.length_ms >= HOLE_MS]


def batches(chunks: Sequence[Chunk], size: int, lanes: int) -> list[Sequence[Chunk]]:
    """`chunks` in even batches of at most `size`, as many for each lane as for any other; a larger one, a smaller one.

    Where lanes can begin with batches of different size, they come to the words' times, which hold Python's lock, one
    after the other; and as a large one comes first, little is left for one lane at the end.
    """
    count = lanes * -(-len(chunks) // (lanes * size))
    edges = np.linspace(0, len(chunks), count + 1).round().astype(int).tolist()
    ordered = sorted((chunks[first:last] for first, last in pairwise(edges) if first < last), key=len, reverse=True)
    half = (len(ordered) + 1) // 2
    pairs = zip_longest(ordered[:half], ordered[half:])
    return [batch for pair in pairs for batch in pair if batch is not None]


def _quietest_in(samples: Sound) -> Callable[[Segment], int]:
    """Where `samples` are quietest inside a segment, to the nearest 20 ms."""

    def quietest(segment: Segment) -> int:
        sound = samples.between(segment.start_ms, segment.end_ms)
        frame = RATE // 50
        energy = np.square(sound[: len(sound) // frame * frame]).reshape(-1, frame).sum(axis=1)
        return segment.start_ms + 20 * int(energy.argmin()) + 10

    return quietest
