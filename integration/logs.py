"""Logs: one JSON line an event, with numbers and codes, never with what was said or who said it."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "call",
        "stage",
        "attempt",
        "code",
        "permanent",
        "error",
        "where",
        "job",
        "queue",
        "worker",
        "seconds",
        "count",
        "status",
        "method",
        "route",
        "matched",
        "age_s",
        "reason",
        "state",
        "part",
        "share",
        "action",
        "object_id",
        "url_path",
        "request",
        "profile",
        "logger",
    }
)
"""What a line may hold; anything else is dropped, so that a new field is a decision and not an accident."""
SECRET = re.compile(r"(?i)(bearer\s+\S+|access_token=[^&\s]+|[\w.+-]+@[\w-]+\.[\w.]+|://[^/\s:]*:[^@/\s]+@)")


def configure(level: str) -> None:
    """Send every log line, ours and the libraries', through the same door."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    shared: list[structlog.typing.Processor] = [structlog.stdlib.add_log_level, stamp, keep_allowed]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def keep_allowed(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what is not in ALLOWED and blacken what looks like a secret or an address."""
    for field in [name for name in line if name not in ALLOWED and not name.startswith("_")]:
        del line[field]
    for field, value in line.items():
        if isinstance(value, str):
            line[field] = SECRET.sub("[removed]", value)
    return line
