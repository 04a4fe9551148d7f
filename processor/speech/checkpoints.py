"""What a job has already heard, kept so that a killed job goes on after its last finished part.

The folder is private to the job and holds words; whoever gives it must erase it when the job ends for good.
What voices are like is never written down.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from processor.model.segment import Segment
from processor.model.speech import Word


class Checkpoints:
    """Finished parts of one recording under `folder`; with no folder nothing is kept.

    `fingerprint` says what was heard and how (recording, models, language): parts of anything else are not used.
    """

    def __init__(self, folder: Path | None, fingerprint: str) -> None:
        self._folder = None if folder is None else folder / fingerprint
        if self._folder is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

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

    def erase(self) -> None:
        """Removes what was kept of this recording."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self, part: str) -> bytes | None:
        path = None if self._folder is None else self._folder / part
        return path.read_bytes() if path is not None and path.is_file() else None

    def _keep(self, part: str, content: bytes) -> None:
        """A part is there whole or not at all, whenever the process ends."""
        if self._folder is None:
            return
        half = self._folder / f"{part}.half"
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
        half.replace(self._folder / part)


def fingerprint(files: Iterable[Path], settings: Iterable[str]) -> str:
    """A name for these files heard with these settings; files that cannot be read count by their absence."""
    digest = hashlib.sha256("\n".join(settings).encode())
    for path in files:
        if path.is_file():
            with path.open("rb") as source:
                digest.update(hashlib.file_digest(source, "sha256").digest())
    return digest.hexdigest()[:24]
