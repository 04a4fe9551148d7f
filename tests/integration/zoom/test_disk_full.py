"""No room for a recording. The number in the test's name is the case's in docs/zoom-app.md."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from integration.errors import StoreBusy
from tests.integration.zoom.practice import Practice, film


@contextmanager
def disk_for(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_48_a_full_disk_is_said_and_leaves_nothing(practice: Practice) -> None:
    """The vault cannot be written: StoreBusy, no part of a file left, and the next try works."""
    meeting = practice.record(mixed=film(8_000_000))
    practice.tell(meeting)
    with disk_for(6_000_000), pytest.raises(StoreBusy) as fault:
        practice.fetch(meeting)
    assert fault.value.code == "VAULT_FULL"
    vault = practice.services.settings.data_dir / "vault"
    assert [path for path in vault.rglob("*") if path.is_file()] == []
    assert len(practice.fetch(meeting)) == 1
