"""A recording that the coach sends by hand."""

from __future__ import annotations

import io

from werkzeug.test import TestResponse

from integration.store import calls, consents
from integration.store.schema import Call, OutboxEntry
from integration.store.states import Purpose, State
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


def test_other_forms_stay_small(practice: Practice) -> None:
    """Only this form may carry a file."""
    coach = practice.coach()
    answer = coach.browser.post("/account/mails", data={"wanted": "x" * 300_000})
    assert answer.status_code == 413
