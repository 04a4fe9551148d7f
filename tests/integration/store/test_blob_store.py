"""The vault and the key folder on an S3-compatible store: several machines see the same, and an outage is a wait."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from integration.errors import StoreBusy, StoreFault
from integration.store.keys import KeyRing
from integration.store.vault import CHUNK, Vault
from tests.blob_store import BUCKET, BlobStore, blob_store

MASTER = Fernet.generate_key()


@pytest.fixture(scope="module")
def store() -> Iterator[BlobStore]:
    with blob_store() as running:
        yield running


def machine(tmp_path: Path) -> tuple[Vault, KeyRing]:
    """What one more machine has: the same addresses and the same master key."""
    return Vault(f"s3://{BUCKET}/vault", tmp_path / "scratch"), KeyRing([MASTER], f"s3://{BUCKET}/keys")


def test_one_machine_reads_what_another_wrote(store: BlobStore, tmp_path: Path) -> None:
    """A sealed file of several chunks is the same everywhere, and nothing half-written lies beside it."""
    (vault, keys), (there, keys_there) = machine(tmp_path), machine(tmp_path)
    key, wrapped = keys.new_key()
    content = os.urandom(2 * CHUNK + 17)
    vault.write(1, "media-mixed-1", [content], key)
    assert b"".join(there.read(1, "media-mixed-1", keys_there.unwrap(wrapped))) == content
    assert [name for name in store.names() if "00000001" in name] == ["vault/00000001/media-mixed-1"]


def test_what_one_machine_erased_is_gone_for_all(store: BlobStore, tmp_path: Path) -> None:
    """No machine remembers a listing: a file and a key that were dropped elsewhere are gone here at once."""
    (vault, keys), (there, keys_there) = machine(tmp_path), machine(tmp_path)
    key, wrapped = keys.new_key()
    vault.write(2, "words.json", [b"words"], key)
    assert there.read_text(2, "words.json", keys_there.unwrap(wrapped)) == "words"
    assert vault.erase_call(2) == 1
    keys.drop(wrapped)
    with pytest.raises(StoreFault) as gone:
        there.read_text(2, "words.json", key)
    with pytest.raises(StoreFault) as erased:
        keys_there.unwrap(wrapped)
    assert (gone.value.code, erased.value.code) == ("NOT_KEPT", "ERASED")


def test_a_stop_in_the_middle_of_writing_leaves_nothing(store: BlobStore, tmp_path: Path) -> None:
    """When the download breaks off, no file appears."""
    vault, keys = machine(tmp_path)

    def broken() -> Iterator[bytes]:
        yield b"a beginning"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        vault.write(3, "media-mixed-1", broken(), keys.new_key()[0])
    assert [name for name in store.names() if "00000003" in name] == []


def test_a_store_that_is_away_is_waited_for(tmp_path: Path) -> None:
    """Reading, writing and making a key all tell of a passing fault, without the store's address."""
    with blob_store() as store:
        vault, keys = machine(tmp_path)
        key, wrapped = keys.new_key()
        store.stop()
        for work in (lambda: list(vault.read(4, "x", key)), lambda: keys.unwrap(wrapped)):
            with pytest.raises(StoreBusy) as away:
                work()
            assert away.value.code == "VAULT_AWAY"
            assert "127.0.0.1" not in away.value.message
