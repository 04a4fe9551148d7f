"""A client's yes and no, purpose by purpose."""

from __future__ import annotations

import pytest

from integration.errors import StoreBusy
from integration.privacy.retention import sweep
from integration.privacy.withdrawal import answer
from integration.store import calls, consents, supervision, visible
from integration.store.people import PersonKind
from integration.store.schema import AuditLine, Call, Consent, OutboxEntry
from integration.store.states import Purpose, State
from reports.audience import Audience
from tests.conftest import Clock
from tests.practices import CLIENT, EVERY, SUPERVISOR, Practice


def test_a_yes_lets_a_waiting_call_go_on(practice: Practice) -> None:
    """A call that waits for its client is queued with the yes, and not before."""
    call = practice.session(purposes=(), state=State.RECEIVED)
    answer(practice.services, call.id, {Purpose.OWN_REPORT: True}, actor_id=None)
    with practice.services.database.transaction() as tx:
        assert [entry.stage for entry in tx.query(OutboxEntry)] == ["fetch"]


def test_a_yes_revives_a_call_that_was_refused_for_want_of_it(practice: Practice) -> None:
    """Refused for no consent, then a yes: it starts where it stopped."""
    call = practice.session(purposes=())
    with practice.services.database.transaction() as tx:
        calls.set_state(tx, calls.get_call(tx, call.id), State.REFUSED, now_ms=1, reason="NO_CONSENT")
    answer(practice.services, call.id, {Purpose.OWN_REPORT: True}, actor_id=None)
    assert practice.now(call).state == State.RECEIVED


def test_a_no_to_the_supervisor_takes_back_what_was_shared(practice: Practice) -> None:
    """Share, mark and remark go at once, and the supervisor finds nothing."""
    services = practice.services
    call = practice.session(client=CLIENT, purposes=EVERY)
    practice.tie()
    practice.share(call)
    supervisor = practice.person(SUPERVISOR, PersonKind.SUPERVISOR)
    key = services.record(call.id).key
    with services.database.transaction() as tx:
        marking = supervision.marking_of(tx, call.id, supervisor, "pcc_2020")
        supervision.keep_marks(tx, marking, {"3.1": "seen"})
        supervision.add_comment(tx, marking, 1000, "a remark", key)
    (done,) = answer(services, call.id, {Purpose.SUPERVISOR: False}, actor_id=None)
    assert (done.shares, done.marks, done.erased) == (1, 2, 3)
    with services.database.transaction() as tx:
        assert visible.shared_call(tx, supervisor, call.token) is None
        assert supervision.comments_of(tx, call.id, key) == []
    assert practice.now(call).wrapped_key is not None


@pytest.mark.parametrize(
    ("purpose", "left"),
    [
        (Purpose.SUPERVISOR, ["figures-coach.json", "figures-client.json"]),
        (Purpose.CLIENT_COPY, ["figures-coach.json", "figures-supervisor.json"]),
        (Purpose.QUOTE, []),
        (Purpose.AGGREGATE, ["figures-coach.json", "figures-supervisor.json", "figures-client.json"]),
    ],
)
def test_what_was_drawn_for_a_purpose_goes_with_it(practice: Practice, purpose: Purpose, left: list[str]) -> None:
    """Figures that were drawn for one reader lie sealed in the vault; the no to that reader erases them."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    record = practice.services.record(call.id)
    for reader in Audience:
        record.keep_text(f"figures-{reader}.json", "{}")
    (done,) = answer(practice.services, call.id, {purpose: False}, actor_id=None)
    assert [name for name in record.names() if name.startswith("figures")] == left
    assert done.files == 3 - len(left)


def test_a_no_that_could_not_be_finished_is_finished_by_the_next(practice: Practice) -> None:
    """The no stands in the ledger already; saying it again erases what was left over."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    answer(practice.services, call.id, {Purpose.CLIENT_COPY: False}, actor_id=None)
    record = practice.services.record(call.id)
    record.keep_text("figures-client.json", "{}")
    answer(practice.services, call.id, {Purpose.CLIENT_COPY: False}, actor_id=None)
    assert "figures-client.json" not in record.names()


def test_a_first_no_stands_in_the_ledger(practice: Practice) -> None:
    """Saying no before anybody said yes is an answer too, with its time; nothing was taken back by it."""
    call = practice.session(purposes=())
    answer(practice.services, call.id, {Purpose.QUOTE: False}, actor_id=None)
    with practice.services.database.transaction() as tx:
        said = consents.latest(tx, call.id, Purpose.QUOTE)
        assert said is not None
        assert (said.granted, said.at_ms) == (False, practice.services.now_ms())
        assert tx.query(AuditLine).count() == 0


def test_a_no_to_the_coachs_report_erases_everything(practice: Practice) -> None:
    """Without the first purpose nothing may be done with the call, so all of it goes, with a receipt."""
    call = practice.session(client=CLIENT, purposes=EVERY)
    done = answer(practice.services, call.id, {Purpose.OWN_REPORT: False}, actor_id=None)
    assert [one.receipt.token for one in done if one.receipt is not None] == [call.token]
    left = practice.now(call)
    assert (left.wrapped_key, left.reason) == (None, "WITHDRAWN_BY_CLIENT")


def test_every_answer_is_kept_with_version_and_time(practice: Practice) -> None:
    """The ledger has the yes and the no, each with the version of the text and its time."""
    call = practice.session(purposes=())
    answer(practice.services, call.id, {Purpose.QUOTE: True}, actor_id=None)
    answer(practice.services, call.id, {Purpose.QUOTE: False}, actor_id=None)
    with practice.services.database.transaction() as tx:
        rows = [(r.granted, r.text_version, r.at_ms, r.basis) for r in tx.query(Consent).order_by(Consent.id)]
    now = practice.services.now_ms()
    assert rows == [(True, "1", now, "client_page"), (False, "1", now, "client_page")]


def test_what_was_not_answered_stays_as_it_was(practice: Practice) -> None:
    """Answering one purpose changes no other."""
    call = practice.session(purposes=EVERY)
    answer(practice.services, call.id, {Purpose.AGGREGATE: False}, actor_id=None)
    with practice.services.database.transaction() as tx:
        granted = {purpose for purpose in Purpose if consents.is_granted(tx, call.id, purpose)}
    assert granted == set(Purpose) - {Purpose.AGGREGATE}


def away(*_: object, **__: object) -> int:
    raise StoreBusy("away")


def no_in_the_ledger(practice: Practice, call: Call, purpose: Purpose) -> None:
    """A no that stands and that nothing followed."""
    now = practice.services.now_ms()
    with practice.services.database.transaction() as tx:
        consents.record(tx, call.id, purpose, granted=False, basis="client_page", text_version="1", now_ms=now)


@pytest.mark.parametrize("purpose", [Purpose.OWN_REPORT, Purpose.SUPERVISOR])
def test_a_no_stands_though_it_cannot_be_acted_on_yet(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, purpose: Purpose
) -> None:
    """The key folder is away, or the shares cannot be ended: the client is told so, and the sweep acts on their no."""
    services, call = practice.services, practice.session(client=CLIENT, purposes=EVERY)
    with monkeypatch.context() as broken:
        broken.setattr(services.keys, "drop", away)
        broken.setattr(supervision, "forget_supervision", away)
        with pytest.raises(StoreBusy):
            answer(services, call.id, {purpose: False}, actor_id=None)
    with services.database.transaction() as tx:
        assert not consents.is_granted(tx, call.id, purpose)
    assert practice.now(call).state == State.DELIVERED
    if purpose is Purpose.OWN_REPORT:
        assert sweep(services, dry_run=False).withdrawn == (call.id,)
        assert practice.now(call).wrapped_key is None


def test_a_no_that_is_shown_has_taken_effect(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vault is away: the no stands, nobody can read the call any more, and the sweep removes its files."""
    services, call = practice.services, practice.session(client=CLIENT, purposes=EVERY)
    with monkeypatch.context() as broken:
        broken.setattr(services.vault, "erase_call", away)
        with pytest.raises(StoreBusy):
            answer(services, call.id, {Purpose.OWN_REPORT: False}, actor_id=None)
    with services.database.transaction() as tx:
        assert not consents.is_granted(tx, call.id, Purpose.OWN_REPORT)
    assert practice.now(call).wrapped_key is None
    assert sweep(services, dry_run=False).leftovers == (call.id,)
    assert not list((services.settings.data_dir / "vault").rglob(f"{call.id:08d}/*"))


def test_the_sweep_erases_a_call_whose_client_said_no(practice: Practice) -> None:
    """A no to the coach's report that nothing followed: the next sweep erases the call; one with a yes stays."""
    services = practice.services
    said_no, agreed = (practice.session(client=CLIENT, purposes=EVERY) for _ in range(2))
    no_in_the_ledger(practice, said_no, Purpose.OWN_REPORT)
    assert sweep(services, dry_run=False).withdrawn == (said_no.id,)
    left = practice.now(said_no)
    assert (left.wrapped_key, left.reason) == (None, "WITHDRAWN_BY_CLIENT")
    assert practice.now(agreed).wrapped_key is not None
    assert sweep(services, dry_run=False).withdrawn == ()


def test_the_sweep_ends_a_share_whose_client_said_no(practice: Practice) -> None:
    """A no to the supervisor that nothing followed: the next sweep ends the share; the call itself stays."""
    services, call = practice.services, practice.session(client=CLIENT, purposes=EVERY)
    practice.tie()
    practice.share(call)
    no_in_the_ledger(practice, call, Purpose.SUPERVISOR)
    assert sweep(services, dry_run=False).withdrawn == (call.id,)
    with services.database.transaction() as tx:
        assert [share.ended_ms for share, _person in supervision.shares_of(tx, call.id)] == [services.now_ms()]
    assert practice.now(call).wrapped_key is not None
    assert sweep(services, dry_run=False).withdrawn == ()


def test_the_sweep_erases_what_was_drawn_before_a_no(practice: Practice, clock: Clock) -> None:
    """Figures with the client's words, and then a no to being quoted that nothing followed: they go with the next
    sweep. What is drawn after the no has no words, and stays."""
    services, call = practice.services, practice.session(client=CLIENT, purposes=EVERY)
    record = services.record(call.id)
    record.keep_text("figures-coach.json", "{}")
    no_in_the_ledger(practice, call, Purpose.QUOTE)
    assert sweep(services, dry_run=False).withdrawn == (call.id,)
    assert "figures-coach.json" not in record.names()
    clock.pass_time(1)
    record.keep_text("figures-coach.json", "{}")
    assert sweep(services, dry_run=False).withdrawn == ()
    assert "figures-coach.json" in record.names()
