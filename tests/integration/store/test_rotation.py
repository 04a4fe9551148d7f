"""A new master key comes, everything is wrapped by it, the old one goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from integration.errors import StoreFault
from integration.store import calls, rotation
from integration.store.keys import KeyRing
from integration.store.people import PersonKind, add_person
from integration.store.rotation import rewrap_all
from integration.store.schema import Call
from integration.store.zoom_schema import ZoomConnection
from integration.wiring import Services
from tests.conftest import Clock


@pytest.fixture
def masters(tmp_path: Path) -> tuple[KeyRing, KeyRing, KeyRing]:
    """Rings over one key folder: with the old key, with the new one before the old, with the new one alone."""
    old, new = Fernet.generate_key(), Fernet.generate_key()
    folder = (tmp_path / "apart").as_uri()
    return KeyRing([old], folder), KeyRing([new, old], folder), KeyRing([new], folder)


def calls_under(services: Services, clock: Clock, keys: KeyRing, count: int) -> None:
    """So many calls with titles, and one that was erased."""
    with services.database.transaction() as tx:
        for number in range(count + 1):
            call, key = calls.add_call(tx, keys, origin="upload", started_ms=0, now_ms=clock())
            call.title_sealed = key.seal_text(f"title {number}", "title")
        calls.withdraw(tx, keys, call, now_ms=clock(), reason="")


def titles(services: Services, keys: KeyRing) -> list[str]:
    with services.database.reading() as tx:
        found = [(call.wrapped_key, call.title_sealed) for call in tx.query(Call).order_by(Call.id)]
    return [keys.unwrap(wrapped).open_text(title, "title") for wrapped, title in found if title]


def test_every_call_opens_with_the_new_key_alone(
    services: Services, clock: Clock, masters: tuple[KeyRing, KeyRing, KeyRing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five calls in batches of two; the erased one stays erased."""
    monkeypatch.setattr(rotation, "BATCH", 2)
    old, both, new = masters
    calls_under(services, clock, old, 5)
    assert rewrap_all(services.database, both) == 5
    assert titles(services, new) == [f"title {number}" for number in range(5)]


def test_tokens_of_a_connection_too(
    services: Services, clock: Clock, masters: tuple[KeyRing, KeyRing, KeyRing]
) -> None:
    """Access and refresh token open with the new key; a connection that has none stays as it is."""
    old, both, new = masters
    with services.database.transaction() as tx:
        for user, sealed in (("u1", old.seal_setting("token")), ("u2", None)):
            coach = add_person(tx, f"{user}@x.example", (PersonKind.COACH,), now_ms=clock())
            tx.add(ZoomConnection(person_id=coach.id, account_id="a", user_id=user, connected_ms=0,
                                  access_sealed=sealed, refresh_sealed=sealed))  # fmt: skip
    assert rewrap_all(services.database, both) == 2
    with services.database.reading() as tx:
        first, second = tx.query(ZoomConnection).order_by(ZoomConnection.id)
        assert [new.open_setting(first.access_sealed or b""), new.open_setting(first.refresh_sealed or b"")] == [
            "token", "token",
        ]  # fmt: skip
        assert (second.access_sealed, second.refresh_sealed) == (None, None)


def test_a_run_that_was_cut_off_is_finished_by_the_next(
    services: Services, clock: Clock, masters: tuple[KeyRing, KeyRing, KeyRing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after its first batch: every call still opens, and the second run wraps the rest."""
    monkeypatch.setattr(rotation, "BATCH", 2)
    old, both, new = masters
    calls_under(services, clock, old, 3)
    wrapped = []

    class Killed(KeyRing):
        def rewrap(self, half: bytes) -> bytes:
            wrapped.append(half)
            if len(wrapped) == 3:
                raise KeyboardInterrupt
            return both.rewrap(half)

    with pytest.raises(KeyboardInterrupt):
        rewrap_all(services.database, Killed([Fernet.generate_key()], services.settings.data_dir.absolute().as_uri()))
    assert titles(services, both) == ["title 0", "title 1", "title 2"]
    with pytest.raises(StoreFault):
        titles(services, new)
    rewrap_all(services.database, both)
    assert titles(services, new) == ["title 0", "title 1", "title 2"]


def test_without_the_old_key_nothing_is_changed(
    services: Services, clock: Clock, masters: tuple[KeyRing, KeyRing, KeyRing]
) -> None:
    """The old file was put away too early: that is said, and what is kept still opens once it is back."""
    old, _, new = masters
    calls_under(services, clock, old, 1)
    with pytest.raises(StoreFault) as lost:
        rewrap_all(services.database, new)
    assert lost.value.code == "MASTER_KEY_LOST"
    assert titles(services, old) == ["title 0"]
