"""What the store promises holds on both databases."""

from __future__ import annotations

from tests.both_databases import database_url

__all__ = ["database_url"]
