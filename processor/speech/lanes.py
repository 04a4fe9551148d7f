"""Work cut into pieces, done side by side on the cores there are."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Piece(Generic[T]):
    """A part of the work: the stage it belongs to, how much of that stage it is (any unit), and how to do it."""

    stage: str
    weight: float
    do: Callable[[], T]


class Lanes:
    """As many pieces at once as there are lanes, in the order given; a free lane takes the next piece.

    Threads and not processes: nearly all of the models' arithmetic runs outside Python's lock, and so one copy of
    each model serves all lanes. Each lane computes on one core: several threads inside one piece would gain
    little and lose much on a busy machine. `seconds` says how long each stage was worked on, lanes added up.
    """

    def __init__(self, count: int, progress: Progress) -> None:
        self.count = count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="hearing")
        self._progress = progress
        self._lock = threading.Lock()
        self._total: dict[str, float] = defaultdict(float)
        self._done: dict[str, float] = defaultdict(float)
        self._told: dict[str, float] = defaultdict(float)
        self.seconds: dict[str, float] = defaultdict(float)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, pieces: Sequence[Piece[T]]) -> list[Future[T]]:
        """Queues `pieces`; `results` waits for them."""
        with self._lock:
            for piece in pieces:
                self._total[piece.stage] += piece.weight
        return [self._pool.submit(self._run, piece) for piece in pieces]

    def run(self, pieces: Sequence[Piece[T]]) -> list[T]:
        """What each of `pieces` gives, in their order. The first piece that fails ends the rest."""
        return results(self.submit(pieces))

    def timed(self, piece: Piece[T]) -> T:
        """Does a piece here and now, with the same accounts."""
        with self._lock:
            self._total[piece.stage] += piece.weight
        return self._run(piece)

    def _run(self, piece: Piece[T]) -> T:
        began = time.monotonic()
        result = piece.do()
        with self._lock:
            self.seconds[piece.stage] += time.monotonic() - began
            self._done[piece.stage] += piece.weight
            share = min(1.0, self._done[piece.stage] / max(self._total[piece.stage], 1e-9))
            self._told[piece.stage] = max(self._told[piece.stage], share)  # work that was found late takes nothing back
            self._progress(piece.stage, self._told[piece.stage])
        return result


def results(futures: Sequence[Future[T]]) -> list[T]:
    """What the queued pieces gave. When one fails the ones not yet begun are dropped and its error is raised."""
    done, waiting = wait(futures, return_when=FIRST_EXCEPTION)
    if waiting:
        for future in waiting:
            future.cancel()
        for future in done:
            future.result()
    return [future.result() for future in futures]
