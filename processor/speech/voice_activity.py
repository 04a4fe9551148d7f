"""When somebody speaks on a track that one person has to themselves (Silero's voice activity model)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment, union
from processor.speech.lanes import Piece
from processor.speech.offline import stay_offline
from processor.speech.samples import RATE, Samples

FRAME_MS = 32
BLOCK_MS = 120_000 // FRAME_MS * FRAME_MS
"""What one core looks at in one go."""

LEAD_MS = 31 * FRAME_MS
"""A block is looked at from this much before its start, because the model needs a moment to settle."""

ON, OFF = 0.3, 0.2
"""Speech begins above the one probability and ends below the other. silero-vad's own defaults (0.5 and 0.35, with
30 ms added at both ends) lose soft beginnings: 0.8 and 1.0 % of the speech on our calls instead of 0.3 and 0.0,
and what they add at the ends makes turns overlap that only touch (docs/hearing.md)."""

PAUSE_MS = 300
"""A shorter pause does not end a stretch of speech."""

SHORTEST_MS = 64


def activity_pieces(samples: Samples) -> list[Piece[NDArray[np.float32]]]:
    """Looking for speech, in pieces that each give how likely there is speech in every frame of a block."""
    starts = range(0, samples.duration_ms, BLOCK_MS)
    return [
        Piece("activity", min(BLOCK_MS, samples.duration_ms - start), partial(speech_probability, samples, start))
        for start in starts
    ]


def speech_probability(samples: Samples, start_ms: int) -> NDArray[np.float32]:
    """How likely there is speech in each frame of FRAME_MS, in the block that begins at `start_ms`."""
    stay_offline()
    from faster_whisper.vad import get_vad_model  # noqa: PLC0415  # loads the model that faster-whisper ships

    frame = FRAME_MS * RATE // 1000
    lead = min(start_ms, LEAD_MS)
    sound = samples.between(start_ms - lead, start_ms + BLOCK_MS)
    found = get_vad_model()(np.pad(sound, (0, -len(sound) % frame)))
    probability: NDArray[np.float32] = np.asarray(found, dtype=np.float32).reshape(-1)[lead // FRAME_MS :]
    return probability


def stretches(blocks: Sequence[NDArray[np.float32]], duration_ms: int) -> tuple[Segment, ...]:
    """When there is speech, from the probability of each frame in all blocks, in order."""
    probability = np.concatenate([np.zeros(0, dtype=np.float32), *blocks])
    spans: list[Segment] = []
    start: int | None = None
    for index, value in enumerate(probability.tolist()):
        if start is None and value >= ON:
            start = index
        elif start is not None and value < OFF:
            spans.append(Segment(start * FRAME_MS, index * FRAME_MS))
            start = None
    if start is not None:
        spans.append(Segment(start * FRAME_MS, len(probability) * FRAME_MS))
    joined = (s for s in union(spans, bridge_ms=PAUSE_MS) if s.length_ms >= SHORTEST_MS)
    return tuple(Segment(s.start_ms, min(duration_ms, s.end_ms)) for s in joined)
