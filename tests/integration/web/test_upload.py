"""A recording that the coach sends by hand."""

from __future__ import annotations

import io
from typing import NoReturn

import pytest
from werkzeug.test import TestResponse

from integration.errors import StoreBusy
from integration.jobs.run import run_stage
from integration.store import calls, consents
from integration.store.schema import Call, OutboxEntry
from integration.store.states import Purpose, State
from integration.store.vault import Vault
from integration.web import upload
from tests.conftest import Clock
from tests.practices import Practice
from tests.visitors import TOKEN

SOUND = b"RIFF" + bytes(300_000)  # larger than any other form may be


def send(practice: Practice, **changed: object) -> TestResponse:
    coach = practice.coach()
    found = TOKEN.search(coach.get("/upload").text)
    assert found
    form = {
        "csrf_token": found[1],
        "recording": (io.BytesIO(SOUND), "talk with Anna.wav"),
        "day": "2026-11-01",
        "agreed": "yes",
        "days": "3",
        **changed,
    }
    return coach.browser.post("/upload", data=form, content_type="multipart/form-data")


def full_disk(*_: object) -> NoReturn:
    raise StoreBusy("no space is left", code="VAULT_FULL")


def only_call(practice: Practice) -> Call:
    with practice.services.database.transaction() as tx:
        return tx.query(Call).one()


def test_it_is_sealed_and_queued_for_hearing(practice: Practice) -> None:
    """The file lies sealed in the vault, and the next stage is hearing, with the coach's word on consent."""
    answer = send(practice)
    call = only_call(practice)
    assert answer.headers["Location"].endswith(f"/sessions/{call.token}")
    assert call.state == State.FETCHED
    record = practice.services.record(call.id)
    (name,) = record.names()
    assert b"".join(record.vault.read(call.id, name, record.key)) == SOUND
    with practice.services.database.transaction() as tx:
        assert [entry.stage for entry in tx.query(OutboxEntry)] == ["hear"]
        assert consents.is_granted(tx, call.id, Purpose.OWN_REPORT)
        assert calls.get_call(tx, call.id).files[0].size == len(SOUND)


def test_its_audio_is_kept_as_long_as_asked(practice: Practice) -> None:
    """Three days were typed; words in place of a number keep nothing."""
    send(practice)
    assert only_call(practice).keep_audio_days == 3
    send(practice, days="for ever")
    only_call(practice)


def test_its_name_is_not_kept(practice: Practice) -> None:
    """File names often hold a client's name."""
    send(practice)
    stored = b"".join(p.read_bytes() for p in practice.services.settings.data_dir.rglob("*") if p.is_file())
    assert b"Anna" not in stored


def test_without_the_clients_yes_nothing_is_kept(practice: Practice) -> None:
    """The box for the client's agreement is not ticked: nothing is stored."""
    send(practice, agreed="")
    with practice.services.database.transaction() as tx:
        assert tx.query(Call).count() == 0


def test_a_day_to_come_is_refused(practice: Practice) -> None:
    """A session lies in the past."""
    for day in ("2199-01-01", "yesterday"):
        send(practice, day=day)
    with practice.services.database.transaction() as tx:
        assert tx.query(Call).count() == 0


@pytest.mark.parametrize(
    ("day", "minutes", "taken"),
    [("2026-11-07", 0, 1), ("2026-11-08", 0, 0), ("2026-11-08", 759, 0), ("2026-11-08", 760, 1)],
)
def test_today_is_taken_wherever_it_has_begun(
    practice: Practice, clock: Clock, day: str, minutes: int, taken: int
) -> None:
    """The clock shows 6 November, 21:20 in UTC: at UTC+14 it is the 7th. There the 8th begins at 10:00 in UTC on the
    7th, 760 minutes later."""
    clock.pass_time(minutes * 60_000)
    send(practice, day=day)
    with practice.services.database.transaction() as tx:
        assert tx.query(Call).count() == taken


def test_what_cannot_be_kept_is_erased(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full halfway through: the key is gone and nothing is left to do; the list says to send it again."""
    monkeypatch.setattr(Vault, "write", full_disk)
    assert send(practice).status_code == 503
    call = only_call(practice)
    assert (call.state, call.wrapped_key) == (State.WITHDRAWN, None)
    with practice.services.database.transaction() as tx:
        assert tx.query(OutboxEntry).count() == 0
    assert "send it by hand" in practice.coach().get("/sessions").text


def test_a_server_that_is_killed_meanwhile_leaves_nothing_waiting(
    practice: Practice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is killed cleans nothing up. An hour later the clock hands the session to the hearing, which finds no sound
    and says so; before that its page does not speak of Zoom."""
    monkeypatch.setattr(Vault, "write", full_disk)
    monkeypatch.setattr(upload, "erase_call", lambda *_, **__: None)
    send(practice)
    call, services = only_call(practice), practice.services
    assert "Zoom" not in practice.coach().get(f"/sessions/{call.token}").text
    for minutes, handed in ((59, 0), (1, 1)):
        clock.pass_time(minutes * 60_000)
        assert services.queues.dispatch(services.database, clock()).jobs == handed
    run_stage(services, call.id, owner="worker")
    assert (only_call(practice).state, only_call(practice).reason) == (State.REFUSED, "NO_AUDIO")


def test_other_forms_stay_small(practice: Practice) -> None:
    """Only this form may carry a file."""
    coach = practice.coach()
    answer = coach.browser.post("/account/mails", data={"wanted": "x" * 300_000})
    assert answer.status_code == 413
