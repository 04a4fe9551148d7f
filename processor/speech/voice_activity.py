"""When somebody speaks on a track that one person has to themselves (Silero's voice activity model)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment, union
from processor.speech.offline import stay_offline
from processor.speech.samples import RATE, Samples

FRAME_MS = 32
BLOCK_MS = 600_000 // FRAME_MS * FRAME_MS
LEAD_MS = 31 * FRAME_MS
"""A block is looked at from this much before its start, because the model needs a moment to settle."""

ON, OFF = 0.3, 0.2
"""Speech begins above the one probability and ends below the other. silero-vad's own defaults (0.5 and 0.35, with
30 ms added at both ends) lose soft beginnings: 0.8 and 1.0 % of the speech on our calls instead of 0.3 and 0.0,
and what they add at the ends makes turns overlap that only touch (docs/hearing.md)."""

PAUSE_MS = 300
"""A shorter pause does not end a stretch of speech."""

SHORTEST_MS = 64


def speech_probability(samples: Samples) -> NDArray[np.float32]:
    """How likely there is speech in each frame of FRAME_MS."""
    stay_offline()
    from faster_whisper.vad import get_vad_model  # noqa: PLC0415  # loads the model that faster-whisper ships

    model = get_vad_model()
    parts: list[NDArray[np.float32]] = []
    frame = FRAME_MS * RATE // 1000
    for start in range(0, samples.duration_ms, BLOCK_MS):
        lead = min(start, LEAD_MS)
        sound = samples.between(start - lead, start + BLOCK_MS)
        sound = np.pad(sound, (0, -len(sound) % frame))
        found = np.asarray(model(sound), dtype=np.float32).reshape(-1)
        parts.append(found[lead // FRAME_MS :])
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def stretches(probability: NDArray[np.float32], duration_ms: int) -> tuple[Segment, ...]:
    """When there is speech, from the probability of each frame."""
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
