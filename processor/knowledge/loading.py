"""Reads the knowledge of a language from its folder."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from processor.analysis.knowledge import Knowledge, Lexicon, Line, LineScores
from processor.errors import ModelMissing
from processor.knowledge.heads import LearntHeads, heads_from
from processor.knowledge.script import OnnxScript
from processor.model.reading import SignalId

FOLDER = Path(__file__).parent


class NoScript:
    """Stands where a language has no script model; it is never asked."""

    def read(self, lines: Sequence[Line]) -> tuple[LineScores, ...]:
        """Refuses: without a lexicon no line is read."""
        raise ModelMissing(f"there is no model for reading this language ({len(lines)} lines)")


@lru_cache(maxsize=4)
def load(language: str = "en") -> Knowledge:
    """Everything known about `language` ("en", "en-GB", …); an unknown one comes with `lexicon` None.

    Loading takes about a second, once a process. Raises ModelMissing when the language is known and its
    weights are not there.
    """
    code = language.partition("-")[0].lower()
    folder = FOLDER / code
    if not (folder / "lexicon.toml").is_file():
        return Knowledge(code, None, NoScript(), LearntHeads({}), {}, 1.0, (), {})
    learnt = _json(folder / "heads.json")
    return Knowledge(
        language=code,
        lexicon=read_lexicon(folder / "lexicon.toml"),
        script=OnnxScript(_bytes(folder / "script.onnx"), _bytes(folder / "tokenizer.json").decode("utf-8")),
        heads=heads_from(learnt["heads"]),
        thresholds={signal: float(learnt["thresholds"][signal]) for signal in SignalId},
        lead_threshold=float(learnt["lead_threshold"]),
        phase_steps=tuple(tuple(row) for row in learnt["phase_steps"]),
        ending={gram: float(weight) for gram, weight in learnt["ending"].items()},
    )


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon of a TOML file with tables `words` and `patterns`."""
    root = tomllib.loads(path.read_text(encoding="utf-8"))
    return Lexicon(
        words={name: frozenset(text.split()) for name, text in root["words"].items()},
        patterns={name: re.compile("|".join(wordings)) for name, wordings in root["patterns"].items()},
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise ModelMissing(f"the reading model {path.name} is missing; install Partnering again") from fault


def _json(path: Path) -> Any:
    return json.loads(_bytes(path).decode("utf-8"))
