"""Whether a stereo file holds one voice a side."""

from __future__ import annotations

import numpy as np

from processor.speech.crosstalk import levels
from processor.speech.samples import Samples
from processor.speech.voice_activity import FRAME_MS

APART_DB = 12.0
"""A side that is this much louder holds the voice. Two people in one stereo picture differ by far less."""

LEAST_SHARE = 0.1
"""Each side must be the louder one during this share of the loud time, and one of them nearly always."""
MOSTLY = 0.7
LOUD_BELOW_DB = 25.0


def voice_a_side(samples: Samples) -> bool:
    """True when the left channel holds one person and the right one another, as call recorders write them."""
    if samples.channels < 2:
        return False
    frames = samples.duration_ms // FRAME_MS
    left, right = levels(samples.channel(0), frames), levels(samples.channel(1), frames)
    louder = np.maximum(left, right)
    loud = louder > np.percentile(louder, 95) - LOUD_BELOW_DB
    difference = (left - right)[loud]
    on_left, on_right = float((difference > APART_DB).mean()), float((difference < -APART_DB).mean())
    return min(on_left, on_right) >= LEAST_SHARE and on_left + on_right >= MOSTLY
