"""Erasing a call: nothing is left that anybody could read, and the receipt says what went."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from integration.errors import StoreBusy, StoreFault
from integration.privacy.erasure import erase_call
from integration.privacy.retention import sweep
from integration.store import calls, invitations, supervision
from integration.store.schema import Artefact, AuditLine, Call, Mailing, Person
from integration.store.sharing_schema import Invitation
from integration.store.states import Purpose, State
from integration.wiring import Services
from tests.conftest import Clock
from tests.practices import CLIENT, COACH, EVERY, STARTED_MS, TALK, Practice

CANARY = "afraid to let her down"
assert CANARY in TALK


def test_nothing_can_be_opened_any_more(practice: Practice) -> None:
    """The record of an erased call cannot be opened."""
    call = practice.session()
    words = practice.services.record(call.id).session().words
    assert CANARY in " ".join(word.text for word in words)
    erase_call(practice.services, call.id, actor_id=None)
    with pytest.raises(StoreFault) as fault:
        practice.services.record(call.id)
    assert fault.value.code == "ERASED"


def test_no_file_of_it_is_left(practice: Practice) -> None:
    """The vault has no folder of the call, and the receipt counts its files: words, findings, media."""
    call = practice.session(media=b"\0" * 5000)
    receipt = erase_call(practice.services, call.id, actor_id=None)
    assert receipt.files_in_vault == 3
    assert not list((practice.services.settings.data_dir / "vault").rglob(f"{call.id:08d}/*"))


def test_a_backup_of_everything_but_the_keys_stays_shut(practice: Practice, tmp_path: Path) -> None:
    """Database and vault as they were before, put back after the erasure: the words cannot be read."""
    services, vault = practice.services, practice.services.settings.data_dir / "vault"
    call = practice.session()
    row = practice.now(call)
    shutil.copytree(vault, tmp_path / "backup")
    erase_call(services, call.id, actor_id=None)
    shutil.copytree(tmp_path / "backup", vault, dirs_exist_ok=True)
    with services.database.transaction() as tx:
        back = calls.get_call(tx, call.id)
        back.wrapped_key, back.state = row.wrapped_key, row.state
    assert list(vault.rglob(f"{call.id:08d}/*"))
    with pytest.raises(StoreFault) as fault:
        services.record(call.id)
    assert fault.value.code == "ERASED"


def test_what_hangs_on_it_goes_too(practice: Practice) -> None:
    """One share, one marking with one remark, one letter: each is gone, and counted."""
    services, now = practice.services, practice.services.now_ms()
    call = practice.session(purposes=EVERY)
    practice.tie()
    practice.share(call)
    letter = EmailMessage()
    letter["Message-ID"] = "<report.x@practice.example>"
    services.mailer.send(letter)
    key = services.record(call.id).key
    with services.database.transaction() as tx:
        coach = tx.scalars(select(Person).where(Person.email == COACH)).one()
        marking = supervision.marking_of(tx, call.id, coach.id, "pcc_2020")
        supervision.add_comment(tx, marking, 1000, "a remark", key)
        tx.add(Mailing(call_id=call.id, kind="report", person_id=coach.id, message_id="<report.x@practice.example>"))
    receipt = erase_call(services, call.id, actor_id=None)
    assert (receipt.shares, receipt.markings, receipt.comments, receipt.messages) == (1, 1, 1, 1)
    assert now == receipt.erased_ms


def test_waiting_jobs_are_taken_out_of_redis(practice: Practice) -> None:
    """A job that waits for the call is removed; one of another call stays."""
    services = practice.services
    first, second = (practice.session(state=State.FETCHED) for _ in range(2))
    with services.database.transaction() as tx:
        for call in (first, second):
            calls.schedule(tx, calls.get_call(tx, call.id), due_ms=0)
    assert services.queues.dispatch(services.database, services.now_ms()).jobs == 2
    receipt = erase_call(services, first.id, actor_id=None)
    assert (receipt.jobs, receipt.queue_reachable) == (1, True)
    with services.queues.connect() as redis:
        (left,) = services.queues.queue("audio", redis).job_ids
    assert left.startswith(f"call-{second.id}-")


def test_zoom_cannot_bring_it_back(practice: Practice) -> None:
    """The line that stays knows the meeting, so a repeated delivery finds the call withdrawn."""
    call = practice.session()
    with practice.services.database.transaction() as tx:
        calls.get_call(tx, call.id).meeting_uuid = "meeting-1"
    erase_call(practice.services, call.id, actor_id=None)
    left = practice.now(call)
    assert (left.state, left.meeting_uuid, left.wrapped_key, left.title_sealed) == (
        State.WITHDRAWN,
        "meeting-1",
        None,
        None,
    )


def test_the_worker_who_is_at_it_loses_its_lease(practice: Practice) -> None:
    """A stage that runs while its call is erased cannot write its end down."""
    from integration.errors import LeaseLost
    from integration.store.states import Stage

    services = practice.services
    call = practice.session(state=State.FETCHED)
    with services.database.transaction() as tx:
        lease = calls.take_lease(tx, call.id, Stage.HEAR, "worker", services.now_ms())
    assert lease is not None
    erase_call(services, call.id, actor_id=None)
    with pytest.raises(LeaseLost), services.database.transaction() as tx:
        calls.complete(tx, lease, services.now_ms())


def test_erasing_again_finishes_what_was_left_over(practice: Practice) -> None:
    """Files that came after the erasure go with the second one; the reason stays the first."""
    services = practice.services
    call = practice.session()
    late = services.record(call.id)
    erase_call(services, call.id, actor_id=None, reason="ERASED_BY_COACH")
    late.keep_text("words.json", "late")
    assert erase_call(services, call.id, actor_id=None).files_in_vault == 1
    assert practice.now(call).reason == "ERASED_BY_COACH"


def write_letters(practice: Practice, call: Call) -> None:
    """The coach's report and the client's invitation lie in the mail folder, each known by its row."""
    services, key = practice.services, practice.services.record(call.id).key
    with services.database.transaction() as tx:
        coach = tx.scalars(select(Person).where(Person.email == COACH)).one()
        tx.add(Mailing(call_id=call.id, kind="report", person_id=coach.id, message_id="<report.x@practice.example>"))
        invitation, _token = invitations.invite_client(tx, call.id, CLIENT, key, now_ms=services.now_ms())
    for message_id in ("<report.x@practice.example>", invitations.message_id(invitation, "localhost")):
        letter = EmailMessage()
        letter["Message-ID"] = message_id
        services.mailer.send(letter)


def left_of(practice: Practice, call: Call) -> tuple[int, int, int]:
    """How many files in the vault, letters in the mail folder, and rows that name them."""
    data = practice.services.settings.data_dir
    with practice.services.database.transaction() as tx:
        named = [tx.query(table).filter_by(call_id=call.id).count() for table in (Artefact, Mailing, Invitation)]
    return len([*data.rglob(f"vault/{call.id:08d}/*")]), len([*data.glob("outbox/*.eml")]), sum(named)


@pytest.mark.parametrize("where", ["vault", "mail folder"])
def test_an_erasure_that_was_cut_off_is_finished_by_the_sweep(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The vault or the mail folder is away: the key is gone, and the rows stay that name what is left (two files, two
    letters). With both back the next sweep removes all of it, and the one after it finds nothing."""
    services, call = practice.services, practice.session()
    write_letters(practice, call)
    assert left_of(practice, call) == (2, 2, 4)
    with monkeypatch.context() as away:
        if where == "vault":
            away.setattr(services.vault, "erase_call", raising(StoreBusy("away")))
        else:
            away.setattr(services.mailer, "erase", raising(PermissionError("away")))
        with pytest.raises(StoreBusy):
            erase_call(services, call.id, actor_id=None)
    assert practice.now(call).wrapped_key is None
    assert left_of(practice, call) == ((2, 2, 4) if where == "vault" else (0, 2, 4))
    assert sweep(services, dry_run=False).leftovers == (call.id,)
    assert left_of(practice, call) == (0, 0, 0)
    assert sweep(services, dry_run=False).leftovers == ()


def raising(fault: Exception) -> Callable[..., int]:
    def away(*_: object) -> int:
        raise fault

    return away


def test_letters_are_found_by_the_sweep_where_no_file_is_left(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call of which nothing lies in the vault; the mail folder is away while it is erased: its two letters go with
    the next sweep."""
    services, call = practice.services, practice.session()
    write_letters(practice, call)
    services.record(call.id).drop("")
    with monkeypatch.context() as away:
        away.setattr(services.mailer, "erase", raising(PermissionError("away")))
        with pytest.raises(StoreBusy):
            erase_call(services, call.id, actor_id=None)
    assert left_of(practice, call) == (0, 2, 2)
    assert sweep(services, dry_run=False).leftovers == (call.id,)
    assert left_of(practice, call) == (0, 0, 0)


def test_nobody_can_answer_an_invitation_while_its_call_is_being_erased(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The erasure is cut off after its first step: the invitation is over, and holds no address any more."""
    services, call = practice.services, practice.session()
    write_letters(practice, call)
    monkeypatch.setattr(services.vault, "erase_call", raising(StoreBusy("away")))
    with pytest.raises(StoreBusy):
        erase_call(services, call.id, actor_id=None)
    with services.database.transaction() as tx:
        assert not invitations.waiting_for_client(tx, call.id, now_ms=services.now_ms())
        assert tx.scalars(select(Invitation.address_sealed)).all() == [None]


def test_a_file_that_is_written_while_its_call_is_erased_stays_known(
    practice: Practice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late worker keeps its words right after the vault was emptied: their row stays, and the sweep finds them."""
    services, call = practice.services, practice.session()
    late, empty = services.record(call.id), services.vault.erase_call

    def empty_and_be_late(call_id: int) -> int:
        count = empty(call_id)
        clock.pass_time(1)
        late.keep_text("words.json", "late")
        return count

    with monkeypatch.context() as race:
        race.setattr(services.vault, "erase_call", empty_and_be_late)
        erase_call(services, call.id, actor_id=None)
    assert left_of(practice, call) == (1, 0, 1)
    assert sweep(services, dry_run=False).leftovers == (call.id,)
    assert left_of(practice, call) == (0, 0, 0)


def test_a_line_without_content_says_that_it_happened(practice: Practice) -> None:
    """The audit log has who and when."""
    call = practice.session()
    erase_call(practice.services, call.id, actor_id=7)
    with practice.services.database.transaction() as tx:
        line = tx.scalars(select(AuditLine).where(AuditLine.action == "erase")).one()
        assert (line.actor_id, line.object_id) == (7, call.id)
        assert tx.scalars(select(Artefact).where(Artefact.call_id == call.id)).all() == []


def test_somebody_who_was_only_its_client_is_forgotten(practice: Practice, services: Services) -> None:
    """The client's account goes with their last call; with another call left it stays."""
    first = practice.session(client=CLIENT, purposes=(Purpose.OWN_REPORT,))
    second = practice.session(client=CLIENT, started_ms=STARTED_MS - 1)

    def is_known() -> bool:
        with services.database.transaction() as tx:
            return tx.scalar(select(Person).where(Person.email == CLIENT)) is not None

    erase_call(services, first.id, actor_id=None)
    assert is_known()
    erase_call(services, second.id, actor_id=None)
    assert not is_known()
