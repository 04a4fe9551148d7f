"""What the script model is to say of each line of a call."""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from processor.analysis.knowledge import Line
from processor.knowledge.script import OUTPUTS, PHASES, SIGNALS
from processor.model.people import Role
from processor.model.reading import Phase, SignalId
from training import corpus

NOT_LABELLED = -1.0


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line with what the model should say of it; NOT_LABELLED where nothing is known."""

    line: Line
    target: np.ndarray


def script_of(call: corpus.Call) -> list[Labelled]:
    """The lines of a call that are no backchannels, with their targets."""
    lines = [line for line in call.lines if not line.backchannel]
    return [Labelled(Line(Role(line.speaker), line.text.replace("\u2014", " ")), _target(call, line)) for line in lines]


def _target(call: corpus.Call, line: corpus.Line) -> np.ndarray:
    target = np.full(OUTPUTS, NOT_LABELLED, dtype=np.float32)
    if line.speaker == "coach":
        target[:SIGNALS] = [signal in line.signals for signal in SignalId]
    coaching = call.head["coaching"] == "yes"
    if coaching:
        target[SIGNALS : SIGNALS + PHASES] = [phase == line.phase for phase in Phase]
    target[SIGNALS + PHASES :] = (
        line.leads,
        line.text.rstrip().endswith("\u2014"),
        line.event == "interruption",
        line.event == "completion",
        coaching,
    )
    return target


def roughened(line: Line, chance: random.Random) -> Line:
    """The line as a recogniser might give it: now and then without punctuation and capitals, or with lost words."""
    text = line.text
    if chance.random() < 0.2:
        text = "".join(c for c in text.lower() if c.isalnum() or c in " '-")
    words = [w for w in text.split() if not (w.endswith("-") and chance.random() < 0.5)]
    if chance.random() < 0.1 and len(words) > 4:
        words.pop(chance.randrange(len(words)))
    return Line(line.role, " ".join(words) or line.text)


def fold_of(name: str, folds: int) -> int:
    """The fold of a file or meeting: the same for all exchanges of a file."""
    return zlib.crc32(name.split(":", maxsplit=1)[0].encode()) % folds


def read_events(path: Path | None) -> list[dict[str, Any]]:
    """The floor events of a file, one a line; none without a file."""
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()] if path else []
