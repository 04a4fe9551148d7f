"""The way to a folder or a blob store, over fsspec: nothing is remembered, and a store that is away is told as such."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import fsspec

from integration.errors import StoreBusy

LIBRARIES = ("botocore", "aiobotocore", "aiohttp")
"""Their errors of connection are no OSError."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def open_blobs(url: str) -> tuple[Any, str]:
    """The file system at `url` and the root in it. Listings are not remembered: another process may have erased."""
    fs, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
    return fs, root


@contextmanager
def reaching() -> Iterator[None]:
    """StoreBusy VAULT_FULL or VAULT_AWAY for what keeps us from the store now; FileNotFoundError stays what it is."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as fault:
        raise _full() if fault.errno in NO_ROOM else _away() from fault
    except Exception as fault:
        if not type(fault).__module__.startswith(LIBRARIES):
            raise
        raise _away() from None  # the library's own text names the store's address


def _full() -> StoreBusy:
    return StoreBusy("the vault cannot be written; check the disk's free space", code="VAULT_FULL")


def _away() -> StoreBusy:
    return StoreBusy("the vault cannot be reached; check the disk, or PARTNERING_BLOBS_URL", code="VAULT_AWAY")
