"""Comings-in of the corpus and of the meetings as rows of features, with the kind that the labels give them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from processor.analysis.coming_in import ComingIn, find_comings_in
from processor.analysis.knowledge import Lexicon
from processor.analysis.utterances import find_stretches
from training import corpus
from training.cases import gold_of
from training.events import EXPECTED, session_of_events
from training.sessions import session_of
from training.targets import fold_of

NEAR_MS = 1_000
"""An event belongs to what B starts within this time."""
CORPUS_WEIGHT = 3.0
"""What a floor event of the corpus counts against one of the meetings: coaching is what is read."""
HEARD = (0, 1, 2)
"""Meetings are read once as they were (0) and twice as a recogniser would have heard them."""
FOLDS = 3
"""Parts of files and meetings: a row's features know nothing of its own part."""
BACKCHANNEL, NONE = "backchannel", "none"


@dataclass(frozen=True, slots=True)
class FloorCases:
    """Rows of comings-in, the kind of each ("none" when nothing is to be said), what it counts, and its source."""

    rows: np.ndarray
    kinds: np.ndarray
    weights: np.ndarray
    meeting: np.ndarray

    def taking(self) -> FloorCases:
        """Those that take the floor or try to: all but the backchannels."""
        kept = self.kinds != BACKCHANNEL
        return FloorCases(self.rows[kept], self.kinds[kept], self.weights[kept], self.meeting[kept])


def floor_cases(
    calls: Sequence[corpus.Call],
    events: Sequence[dict[str, Any]],
    lexicon: Lexicon,
    endings: Sequence[dict[str, float]],
) -> FloorCases:
    """All comings-in; `endings` = for each fold what is known of endings without its files and meetings."""
    found = [(coming, kind, False) for call in calls for coming, kind in _of_call(call, lexicon, endings)]
    for fold, ending in enumerate(endings):
        mine = [e for e in events if fold_of(e["meeting"], len(endings)) == fold]
        for seed in HEARD if mine else ():
            found += [(coming, kind, True) for coming, kind in _of_events(mine, seed, lexicon, ending)]
    meeting = np.array([m for _, _, m in found])
    return FloorCases(
        np.array([coming.row for coming, _, _ in found]),
        np.array([kind for _, kind, _ in found]),
        np.where(meeting, 1.0, CORPUS_WEIGHT),
        meeting,
    )


Matched = tuple[ComingIn, str]
"""A coming-in and the kind that the labels give it."""


def _of_call(call: corpus.Call, lexicon: Lexicon, endings: Sequence[dict[str, float]]) -> Iterable[Matched]:
    """The comings-in of a call; dual starts are told by their times and so are left out."""
    stretches = find_stretches(session_of(call), lexicon)
    lines = gold_of(call, stretches)
    for coming in find_comings_in(stretches, lexicon, endings[fold_of(call.name, len(endings))]):
        line, over = lines[coming.own], lines[coming.over]
        if line is not None and over is not None and not coming.dual:
            if line.backchannel:
                yield coming, BACKCHANNEL
            elif not over.backchannel:
                yield coming, line.event or NONE


def _of_events(
    events: Sequence[dict[str, Any]], seed: int, lexicon: Lexicon, ending: dict[str, float]
) -> Iterable[Matched]:
    """The coming-in that belongs to each event."""
    session, starts = session_of_events(events, as_heard=seed > 0, seed=seed)
    stretches = find_stretches(session, lexicon)
    mine = [c for c in find_comings_in(stretches, lexicon, ending) if stretches[c.own].label == "SPEAKER_01"]
    at = np.array([stretches[c.own].segment.start_ms for c in mine])
    for start, event in zip(starts, events, strict=True):
        nearest = int(np.abs(at - start).argmin())
        if abs(at[nearest] - start) <= NEAR_MS:
            yield mine[nearest], EXPECTED.get(event["label"], NONE)
