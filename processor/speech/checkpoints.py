"""What a job has already heard, kept so that a killed job goes on after its last finished part.

Where parts are kept is the caller's choice, and so is erasing them: only the caller knows when what came of them is
safe. A part holds words or how many voices sound; what voices are like is never handed out.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.model.speech import Word


class PartStore(Protocol):
    """Where finished parts are kept. It is asked from several threads at once."""

    def read(self, part: str) -> bytes | None:
        """What was kept as `part`; None when nothing was, or when it cannot be read any more."""

    def keep(self, part: str, content: bytes) -> None:
        """Keeps `content`, whole or not at all, whenever the process ends. A part is letters, digits and hyphens."""


class Checkpoints:
    """Finished parts of one recording in `store`; with no store nothing is kept.

    `fingerprint` says what was heard and how (recording, models, language): parts of anything else are not used.
    """

    def __init__(self, store: PartStore | None, fingerprint: str) -> None:
        self._store = store
        self._fingerprint = fingerprint

    def words(self, part: str, hear: Callable[[], Sequence[Word]]) -> tuple[Word, ...]:
        """The words of `part`: those kept, or else those that `hear` finds, which are then kept."""
        kept = self._read(part)
        if kept is not None:
            return tuple(Word(text, Segment(start, end), None, score) for text, start, end, score in json.loads(kept))
        found = tuple(hear())
        rows = [(w.text, w.segment.start_ms, w.segment.end_ms, w.score) for w in found]
        self._keep(part, json.dumps(rows).encode())
        return found

    def activity(self, part: str, look: Callable[[], NDArray[np.int8]]) -> NDArray[np.int8]:
        """How many voices sound in `part`: what was kept, or else what `look` finds, which is then kept."""
        kept = self._read(part)
        if kept is not None:
            loaded: NDArray[np.int8] = np.load(io.BytesIO(kept), allow_pickle=False)
            return loaded
        found = look()
        packed = io.BytesIO()
        np.save(packed, found, allow_pickle=False)
        self._keep(part, packed.getvalue())
        return found

    def _read(self, part: str) -> bytes | None:
        return None if self._store is None else self._store.read(f"{self._fingerprint}-{part}")

    def _keep(self, part: str, content: bytes) -> None:
        if self._store is not None:
            self._store.keep(f"{self._fingerprint}-{part}", content)


def fingerprint(files: Iterable[Path], settings: Iterable[str]) -> str:
    """A name for these files heard with these settings; files that cannot be read count by their absence."""
    digest = hashlib.sha256("\n".join(settings).encode())
    for path in files:
        if path.is_file():
            with path.open("rb") as source:
                digest.update(hashlib.file_digest(source, "sha256").digest())
    return digest.hexdigest()[:16]
