"""What docs/operations.md tells the person who looks after an installation to do: back up, restore, rotate keys."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from integration.errors import StoreFault
from integration.store.record import WORDS
from integration.store.restart import retry
from integration.store.states import State
from integration.wiring import Services
from tests.integration.zoom.practice import film
from tests.journeys.practice import TALK, Practice

pytestmark = pytest.mark.journey


def back_up(practice: Practice, target: Path) -> None:
    """As in docs/operations.md, while everything runs: blobs first, then the database; keys are kept elsewhere."""
    var = practice.folder / "var"
    shutil.copytree(var / "vault", target / "vault")
    with closing(sqlite3.connect(var / "partnering.sqlite3")) as live:
        live.execute("VACUUM INTO ?", (str(target / "partnering.sqlite3"),))


def lose_the_disk(practice: Practice, backup: Path, keys: Path) -> None:
    """The data folder is lost. Database and blobs come from the backup, keys from their mirror."""
    practice.lose_power()
    practice.services.database.close()
    var = practice.folder / "var"
    shutil.rmtree(var)
    shutil.copytree(backup, var)
    shutil.copytree(keys, var / "keys")


def words_of(services: Services, call_id: int) -> str:
    return " ".join(word.text for word in services.record(call_id).heard().words)


def test_a_restored_backup_goes_on_where_it_was(practice: Practice) -> None:
    """The backup is made in the midst of work and restored onto an empty disk: what was read is there, what waited is
    done, what came after the backup Zoom tells again, and what was erased since stays shut."""
    said = " ".join(word.text for word in TALK.words)
    backup, mirror, keys = practice.folder / "backup", practice.folder / "mirror", practice.folder / "var" / "keys"
    practice.start("worker", "io")
    practice.start("clock")
    delivered, erased = practice.call_at(State.ANALYSED), practice.call_at(State.ANALYSED)
    for call_id in (delivered, erased):
        practice.until_state(call_id, State.DELIVERED)
    waiting = practice.call_at(State.HEARD)
    back_up(practice, backup)
    later = practice.record(film())
    practice.until_state(practice.tell(later), State.FETCHED)
    assert practice.start("erase", str(erased)).wait() == 0
    shutil.copytree(keys, mirror)
    lose_the_disk(practice, backup, mirror)

    practice.start_all()
    practice.until_state(waiting, State.DELIVERED)
    assert words_of(practice.services, delivered) == words_of(practice.services, waiting) == said
    with pytest.raises(StoreFault) as shut:
        practice.services.record(erased).text(WORDS)
    assert shut.value.code == "ERASED"
    told_again = practice.tell(later)
    practice.until(lambda: ("fetch", "") in practice.runs(told_again), "the later recording is fetched")
    assert len(practice.post.letters) == 3


def test_a_new_master_key_and_the_old_one_put_away(practice: Practice) -> None:
    """Old and new file are listed, everything is wrapped anew, the old file goes: the call is read and delivered with
    the new one alone."""
    files = [practice.folder / "new.key", practice.folder / "old.key"]
    files[0].write_bytes(Fernet.generate_key())
    files[1].write_bytes((practice.folder / "var" / "keys" / "master.key").read_bytes())
    call_id = practice.call_at(State.HEARD)
    both, new = ({"PARTNERING_MASTER_KEY_FILES": str([str(file) for file in some]).replace("'", '"')}
                 for some in (files, files[:1]))  # fmt: skip
    assert practice.start("rotate-keys", **both).wait() == 0
    files[1].unlink()
    for part in (("worker", "audio"), ("worker", "io"), ("clock",)):
        practice.start(*part, **new)
    practice.until_state(call_id, State.DELIVERED)
    assert len(practice.post.letters) == 1


def test_a_master_key_that_is_lost(practice: Practice) -> None:
    """A worker without the key leaves the call with a reason and serves on; with the key back the call can be started
    again."""
    call_id = practice.call_at(State.HEARD)
    (practice.folder / "wrong.key").write_bytes(Fernet.generate_key())
    keyless = practice.start("worker", "audio", PARTNERING_MASTER_KEY_FILES=f'["{practice.folder / "wrong.key"}"]')
    practice.until(lambda: bool(practice.runs(call_id)), "the call was tried")
    assert practice.runs(call_id) == [("analyse", "MASTER_KEY_LOST")]
    assert keyless.status() is None
    keyless.kill()
    with practice.services.database.transaction() as tx:
        assert retry(tx, call_id, now_ms=practice.now_ms())
    practice.start_all()
    practice.until_state(call_id, State.DELIVERED)
