"""The script model: a small sentence encoder that reads a conversation in windows, each line with its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from processor.analysis.knowledge import Line, LineScores
from processor.model.people import Role
from processor.model.reading import Phase, SignalId

CORE_TOKENS = 240
"""Tokens of the lines that a window is read for."""
BEFORE_TOKENS = 56
AFTER_TOKENS = 32
"""Tokens of context around them. What was said before tells more than what follows, so it gets more room."""
COACH_TOKENS = 120
OTHER_TOKENS = 64
"""The longest line in tokens, by who speaks; from a longer one the middle is left out."""
SIGNALS, PHASES = len(SignalId), len(Phase)
OUTPUTS = SIGNALS + PHASES + 5
"""Numbers that the model gives for a line, in the order of LineScores."""
BATCH = 4
THREADS = 2


@dataclass(frozen=True, slots=True)
class Window:
    """Lines `start` to `end` of a script, read for the lines `first` to `last` (ends not included)."""

    start: int
    first: int
    last: int
    end: int


def cut_windows(lengths: Sequence[int]) -> Iterator[Window]:
    """Windows that together are read for each line once; `lengths` are the lines' tokens."""
    sums = [0, *accumulate(lengths)]
    first = 0
    while first < len(lengths):
        last = first + 1
        while last < len(lengths) and sums[last + 1] - sums[first] <= CORE_TOKENS:
            last += 1
        start, end = first, last
        while start > 0 and sums[first] - sums[start - 1] <= BEFORE_TOKENS:
            start -= 1
        while end < len(lengths) and sums[end + 1] - sums[last] <= AFTER_TOKENS:
            end += 1
        yield Window(start, first, last, end)
        first = last


def line_tokens(tokenizer: Tokenizer, line: Line) -> list[int]:
    """The tokens of a line with the mark that ends it; the middle of a long one is left out."""
    most = COACH_TOKENS if line.role is Role.COACH else OTHER_TOKENS
    ids: list[int] = tokenizer.encode(line.text, add_special_tokens=False).ids
    if len(ids) > most:
        ids = ids[: most // 2] + ids[-(most // 2) :]
    return [*ids, int(tokenizer.token_to_id("[SEP]"))]


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as arrays: token ids, mask, voice (1 coach, 0 anybody else), and which line a token is in (-1: none)."""

    ids: np.ndarray
    mask: np.ndarray
    voice: np.ndarray
    line: np.ndarray


def batch_of(windows: Sequence[Sequence[tuple[Sequence[int], bool]]], start_token: int) -> Batch:
    """Windows of (tokens, is coach) lines side by side, filled up to the longest."""
    width = 1 + max(sum(len(tokens) for tokens, _ in window) for window in windows)
    shape = (len(windows), width)
    ids, mask, voice = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    line = np.full(shape, -1, dtype=np.int64)
    for row, window in enumerate(windows):
        ids[row, 0], mask[row, 0], at = start_token, 1, 1
        for number, (tokens, coach) in enumerate(window):
            place = slice(at, at + len(tokens))
            ids[row, place], mask[row, place], voice[row, place], line[row, place] = tokens, 1, coach, number
            at += len(tokens)
    return Batch(ids, mask, voice, line)


def pooling(line: np.ndarray, most: int) -> np.ndarray:
    """Weights that average each line's tokens: shape windows x `most` lines x tokens."""
    inside = (line[:, None, :] == np.arange(most)[None, :, None]).astype(np.float32)
    weights: np.ndarray = inside / np.maximum(inside.sum(axis=2, keepdims=True), 1.0)
    return weights


class OnnxScript:
    """The script model as an ONNX graph (ids, mask, voice, pooling -> numbers of each line)."""

    def __init__(self, graph: bytes, tokenizer: str) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._start = int(self._tokenizer.token_to_id("[CLS]"))

    def read(self, lines: Sequence[Line]) -> tuple[LineScores, ...]:
        """The scores of each line, in order; the same lines give the same scores."""
        tokens = [(line_tokens(self._tokenizer, line), line.role is Role.COACH) for line in lines]
        windows = list(cut_windows([len(ids) for ids, _ in tokens]))
        scores = np.zeros((len(lines), OUTPUTS), dtype=np.float32)
        for at in range(0, len(windows), BATCH):
            group = windows[at : at + BATCH]
            batch = batch_of([tokens[w.start : w.end] for w in group], self._start)
            weights = pooling(batch.line, max(w.end - w.start for w in group))
            feeds = {"ids": batch.ids, "mask": batch.mask, "voice": batch.voice, "pooling": weights}
            (found,) = self._session.run(None, feeds)
            for row, w in enumerate(group):
                scores[w.first : w.last] = found[row, w.first - w.start : w.last - w.start]
        return tuple(_line_scores([float(v) for v in row]) for row in scores)


def _line_scores(row: Sequence[float]) -> LineScores:
    rest = row[SIGNALS + PHASES :]
    return LineScores(tuple(row[:SIGNALS]), tuple(row[SIGNALS : SIGNALS + PHASES]), *rest)
