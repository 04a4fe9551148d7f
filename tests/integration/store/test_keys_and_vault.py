"""What is kept of a call is sealed, whole, and gone when its key is gone."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from integration.errors import ConfigFault, StoreFault
from integration.store.keys import KeyRing, load_key_ring, own_secret
from integration.store.vault import CHUNK, PART, Vault

CANARY = b"the canary sings at noon"


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return ring(tmp_path, Fernet.generate_key())


def ring(tmp_path: Path, *masters: bytes) -> KeyRing:
    return KeyRing(masters, (tmp_path / "keys").as_uri())


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault((tmp_path / "vault").as_uri(), tmp_path / "scratch")


def test_what_went_in_comes_out(vault: Vault, keys: KeyRing) -> None:
    """Content of any size comes back as it was, in chunks."""
    key, _ = keys.new_key()
    content = os.urandom(2 * CHUNK + 17)
    kept = vault.write(1, "media-mixed-1", [content[:5], content[5:]], key)
    assert b"".join(vault.read(1, "media-mixed-1", key)) == content
    assert kept.size == 2 * CHUNK + 17


def test_an_empty_file_is_a_file(vault: Vault, keys: KeyRing) -> None:
    """Nothing kept under a name is not the same as a name that is not kept."""
    key, _ = keys.new_key()
    vault.write(1, "empty", [], key)
    assert b"".join(vault.read(1, "empty", key)) == b""
    with pytest.raises(StoreFault) as fault:
        b"".join(vault.read(1, "absent", key))
    assert fault.value.code == "NOT_KEPT"


def test_the_disk_never_sees_a_word(vault: Vault, keys: KeyRing, tmp_path: Path) -> None:
    """No file of the vault holds what was sealed."""
    key, _ = keys.new_key()
    vault.write(1, "words.json", [CANARY], key)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(CANARY in path.read_bytes() for path in files)


@pytest.mark.parametrize("where", [0, 4, -1])
def test_a_changed_byte_is_noticed(vault: Vault, keys: KeyRing, tmp_path: Path, where: int) -> None:
    """A file that was changed on disk is refused."""
    key, _ = keys.new_key()
    vault.write(1, "words.json", [CANARY], key)
    path = next(p for p in tmp_path.rglob("words.json"))
    raw = bytearray(path.read_bytes())
    raw[where] ^= 1
    path.write_bytes(raw)
    with pytest.raises(StoreFault) as fault:
        b"".join(vault.read(1, "words.json", key))
    assert fault.value.code == "VAULT_DAMAGED"


def test_a_file_that_lost_its_end_is_noticed(vault: Vault, keys: KeyRing, tmp_path: Path) -> None:
    """Dropping the last chunk of a file is noticed, although every chunk left is genuine."""
    key, _ = keys.new_key()
    vault.write(1, "media-mixed-1", [os.urandom(CHUNK + 1)], key)
    path = next(p for p in tmp_path.rglob("media-mixed-1"))
    sealed_chunk = 4 + 12 + CHUNK + 16
    path.write_bytes(path.read_bytes()[:sealed_chunk])
    with pytest.raises(StoreFault):
        b"".join(vault.read(1, "media-mixed-1", key))


def test_a_sealed_value_cannot_be_moved(keys: KeyRing) -> None:
    """What was sealed for one purpose does not open for another."""
    key, _ = keys.new_key()
    sealed = key.seal_text("Dana", "participant:1")
    assert key.open_text(sealed, "participant:1") == "Dana"
    with pytest.raises(StoreFault):
        key.open_text(sealed, "participant:2")


def test_a_failed_write_leaves_the_old_file(vault: Vault, keys: KeyRing, tmp_path: Path) -> None:
    """A write that breaks off leaves what was there and no part of the new."""
    key, _ = keys.new_key()
    vault.write(1, "words.json", [b"old"], key)

    def broken() -> object:
        yield b"new"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        vault.write(1, "words.json", broken(), key)
    assert vault.read_text(1, "words.json", key) == "old"
    assert [p.name for p in (tmp_path / "vault").rglob("*") if p.is_file()] == ["words.json"]


@pytest.mark.parametrize("name", ["../secret", "a/b", "", ".hidden", "a\\b"])
def test_a_name_is_never_a_path(vault: Vault, keys: KeyRing, name: str) -> None:
    """A name that could leave the call's folder is refused."""
    key, _ = keys.new_key()
    with pytest.raises(StoreFault) as fault:
        vault.write(1, name, [b""], key)
    assert fault.value.code == "VAULT_NAME"


def test_erasing_a_call_leaves_the_others(vault: Vault, keys: KeyRing) -> None:
    """Erasing one call removes its files and says how many there were."""
    key, _ = keys.new_key()
    for call_id, name in ((1, "a"), (1, "b"), (2, "a")):
        vault.write(call_id, name, [b"x"], key)
    assert vault.erase_call(1) == 2
    assert vault.erase_call(1) == 0
    assert vault.read_text(2, "a", key) == "x"


def test_plain_files_are_gone_on_every_way_out(vault: Vault, tmp_path: Path) -> None:
    """The folder for plain files is private and is removed even when the work breaks off."""
    seen: list[Path] = []

    def work() -> None:
        with vault.plain_folder() as folder:
            seen.append(folder)
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            (folder / "audio").write_bytes(b"x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert not seen[0].exists()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_an_old_master_key_still_opens(tmp_path: Path) -> None:
    """After a rotation old calls open, are wrapped anew, and then need the new key only."""
    old, new = Fernet.generate_key(), Fernet.generate_key()
    key, wrapped = ring(tmp_path, old).new_key()
    both = ring(tmp_path, new, old)
    assert both.unwrap(wrapped) == key
    assert ring(tmp_path, new).unwrap(both.rewrap(wrapped)) == key


def test_a_lost_master_key_is_said_clearly(tmp_path: Path, keys: KeyRing) -> None:
    """A call whose master key is gone says so, and one that was erased says that."""
    _, wrapped = ring(tmp_path, Fernet.generate_key()).new_key()
    with pytest.raises(StoreFault) as lost:
        keys.unwrap(wrapped)
    with pytest.raises(StoreFault) as erased:
        keys.unwrap(None)
    assert (lost.value.code, erased.value.code) == ("MASTER_KEY_LOST", "ERASED")


def test_a_restored_backup_of_an_erased_call_is_unreadable(vault: Vault, keys: KeyRing, tmp_path: Path) -> None:
    """Database row and vault come back from a backup; the dropped half does not, and nothing opens."""
    key, wrapped = keys.new_key()
    vault.write(1, "words.json", [CANARY], key)
    backup = shutil.copytree(tmp_path / "vault", tmp_path / "backup")
    keys.drop(wrapped)
    keys.drop(wrapped)
    vault.erase_call(1)
    shutil.rmtree(tmp_path / "vault")
    shutil.copytree(backup, tmp_path / "vault")
    with pytest.raises(StoreFault) as fault:
        vault.read_text(1, "words.json", keys.unwrap(wrapped))
    assert fault.value.code == "ERASED"


def hold_a_plain_folder(root: str, is_held: Event) -> None:
    """Put a plain file into the scratch folder, and wait to be killed."""
    with Vault(f"{root}/vault", Path(root) / "scratch").plain_folder() as folder:
        (folder / "audio").write_bytes(CANARY)
        is_held.set()
        time.sleep(60)


def test_plain_files_of_the_dead_are_swept_and_those_of_the_living_are_not(vault: Vault, tmp_path: Path) -> None:
    """A folder is swept once its process was killed; a folder that somebody works in stays."""
    spawn = multiprocessing.get_context("spawn")
    is_held = spawn.Event()
    process = spawn.Process(target=hold_a_plain_folder, args=(str(tmp_path), is_held))
    process.start()
    assert is_held.wait(30)
    with vault.plain_folder() as mine:
        assert vault.sweep_scratch() == 0
        process.kill()
        process.join()
        assert vault.sweep_scratch() == 1
        assert mine.is_dir()


def test_halves_of_killed_writers_are_removed_and_whole_files_stay(
    vault: Vault, keys: KeyRing, tmp_path: Path
) -> None:
    """A half-written file goes when its call is fetched anew; what is whole stays."""
    key, _ = keys.new_key()
    vault.write(1, "words.json", [CANARY], key)
    half = tmp_path / "vault" / "00000001" / f"media-mixed-1.0a1b2c{PART}"
    half.write_bytes(b"half")
    vault.erase_parts(1)
    vault.erase_parts(2)
    assert not half.exists()
    assert vault.read_text(1, "words.json", key).encode() == CANARY


def test_a_key_is_made_once_even_by_many(tmp_path: Path) -> None:
    """Processes that start together agree on one key, readable by its owner only."""
    path = tmp_path / "keys" / "secret"
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: own_secret(path), range(16)))
    assert len(made) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secret"]


def test_a_file_without_a_key_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    """A key file that holds something else, or is not there, is named as such."""
    wrong = tmp_path / "key"
    wrong.write_text("not a key")
    for files in ([wrong], [tmp_path / "absent"]):
        with pytest.raises(ConfigFault) as fault:
            load_key_ring(files, "", tmp_path)
        assert fault.value.code == "MASTER_KEY"


def test_a_key_does_not_print_itself(keys: KeyRing) -> None:
    """Neither repr nor str of a key shows it."""
    key, _ = keys.new_key()
    assert repr(key) == str(key) == "CallKey(…)"
