"""What follows from a stage's end, and what Redis is handed, holds on both databases."""

from __future__ import annotations

from tests.both_databases import database_url

__all__ = ["database_url"]
