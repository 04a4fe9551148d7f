"""The reading, with the knowledge that ships with the product, and the mark of what made it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from importlib import metadata
from pathlib import Path

import processor
from processor import knowledge
from processor.analysis.knowledge import Knowledge
from processor.analysis.read import read_session
from processor.formats.findings_json import Pipeline
from processor.model.findings import Findings
from processor.model.session import Session


def read(session: Session, profile: str, stage_seconds: tuple[tuple[str, float], ...]) -> tuple[Findings, Pipeline]:
    """What the call meant, and how it was found out. The same words give the same findings, byte for byte."""
    findings = read_session(session, _knowledge("en"))
    return findings, Pipeline(fingerprint(), profile, stage_seconds)


def with_stage(pipeline: Pipeline, stage: str, seconds: float) -> Pipeline:
    """`pipeline` with one more stage and how long it took."""
    return replace(pipeline, stage_seconds=(*pipeline.stage_seconds, (stage, round(seconds, 3))))


@cache
def fingerprint() -> str:
    """A short mark of the version and of every rule, lexicon and weight of the reading: equal marks, equal readings."""
    digest = hashlib.sha256(metadata.version("partnering").encode())
    root = Path(processor.__file__).parent
    for part in ("model", "analysis", "knowledge"):
        for path in sorted((root / part).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _knowledge(language: str) -> Knowledge:
    return knowledge.load(language)
