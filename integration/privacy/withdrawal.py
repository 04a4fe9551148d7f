"""A client's answers: yes or no to each purpose, and what follows from taking a yes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from integration.privacy.erasure import Receipt, erase_call
from integration.store import audit, calls, consents, restart, supervision
from integration.store.record import FIGURES
from integration.store.schema import Call
from integration.store.states import Purpose, State
from integration.wiring import Services
from reports.audience import Audience

CLIENT_PAGE = "client_page"
WITHDRAWN = "WITHDRAWN_BY_CLIENT"
DRAWN_FOR = {
    Purpose.SUPERVISOR: f"{FIGURES}-{Audience.SUPERVISOR}",
    Purpose.CLIENT_COPY: f"{FIGURES}-{Audience.CLIENT}",
    Purpose.QUOTE: FIGURES,
}
"""Whose drawn figures lie in the vault for a purpose alone. The practice's figures are counted anew each time."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a no to `purpose` erased. `files` = sealed files; `receipt` is set when the whole call was erased."""

    purpose: Purpose
    shares: int = 0
    marks: int = 0
    files: int = 0
    receipt: Receipt | None = None

    @property
    def erased(self) -> int:
        """How many things went, when it was not the whole call."""
        return self.shares + self.marks + self.files


def answer(
    services: Services, call_id: int, answers: Mapping[Purpose, bool], *, actor_id: int | None
) -> list[Withdrawal]:
    """Note the client's answers and act on them at once: what waited for a yes goes on, a no erases.

    Without the first purpose, the coach's own report, nothing is left to be done with the call: it is erased.
    """
    given = dict(answers)
    if given.get(Purpose.OWN_REPORT) is False:
        _note(services, call_id, dict.fromkeys(Purpose, False), actor_id)
        receipt = erase_call(services, call_id, actor_id=actor_id, reason=WITHDRAWN)
        return [Withdrawal(Purpose.OWN_REPORT, receipt=receipt)]
    _note(services, call_id, given, actor_id)
    # Each no is acted on, also one that was given before: if the store was away then, it is done now.
    done = [_forget(services, call_id, purpose) for purpose, granted in given.items() if not granted]
    if given.get(Purpose.OWN_REPORT):
        _go_on(services, call_id)
    return done


def _note(services: Services, call_id: int, answers: Mapping[Purpose, bool], actor_id: int | None) -> None:
    """Add to the ledger what differs from the answer before."""
    now = services.now_ms()
    version = services.settings.consent.text_version
    with services.database.transaction() as tx:
        for purpose, granted in answers.items():
            before = consents.latest(tx, call_id, purpose)
            if before is not None and before.granted == granted:
                continue
            consents.record(
                tx, call_id, purpose, granted=granted, basis=CLIENT_PAGE, text_version=version, now_ms=now
            )
            if granted or before is not None:  # a first no takes nothing back
                action = audit.Action.CONSENT if granted else audit.Action.WITHDRAW
                audit.note(tx, action, audit.CALL, call_id, actor_id=actor_id, now_ms=now, detail=purpose)


def _forget(services: Services, call_id: int, purpose: Purpose) -> Withdrawal:
    """Erase what was kept for `purpose`: shares, marks and remarks, and the figures that were drawn for it."""
    shares = marks = 0
    if purpose is Purpose.SUPERVISOR:
        with services.database.transaction() as tx:
            shares, marks = supervision.forget_supervision(tx, call_id, now_ms=services.now_ms())
    files = services.record(call_id).drop(DRAWN_FOR[purpose]) if purpose in DRAWN_FOR else 0
    return Withdrawal(purpose, shares, marks, files)


def _go_on(services: Services, call_id: int) -> None:
    """Let a call that waited for this yes go on."""
    now = services.now_ms()
    with services.database.transaction() as tx:
        call = calls.get_call(tx, call_id)
        if State(call.state) is State.REFUSED and call.reason == "NO_CONSENT":
            restart.retry(tx, call_id, now_ms=now)
        elif State(call.state) is State.RECEIVED:
            calls.schedule(tx, call, due_ms=now)
    services.queues.dispatch(services.database, now)


def needs_client(tx: Session, call: Call) -> bool:
    """Whether the call waits for its client's yes."""
    waits = State(call.state) is State.RECEIVED or call.reason == "NO_CONSENT"
    return waits and not consents.is_granted(tx, call.id, Purpose.OWN_REPORT)
