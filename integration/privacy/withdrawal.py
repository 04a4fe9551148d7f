"""A client's answers: yes or no to each purpose, and what follows from taking a yes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from integration.privacy.erasure import Receipt, erase_call
from integration.store import audit, calls, consents, restart, supervision
from integration.store.schema import Call
from integration.store.states import Purpose, State
from integration.wiring import Services

CLIENT_PAGE = "client_page"
WITHDRAWN = "WITHDRAWN_BY_CLIENT"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a no did: `erased` counts shares, marks and remarks; `receipt` is set when the whole call was erased."""

    purpose: Purpose
    erased: int
    receipt: Receipt | None = None


def answer(
    services: Services, call_id: int, answers: Mapping[Purpose, bool], *, actor_id: int | None
) -> list[Withdrawal]:
    """Note the client's answers and act on them at once: what waited for a yes goes on, a no erases.

    Without the first purpose, the coach's own report, nothing is left to be done with the call: it is erased.
    """
    given = dict(answers)
    if given.get(Purpose.OWN_REPORT) is False:
        given = dict.fromkeys(Purpose, False)
    changed = _note(services, call_id, given, actor_id)
    done = [_forget(services, call_id, purpose, actor_id) for purpose, granted in changed.items() if not granted]
    if given.get(Purpose.OWN_REPORT):
        _go_on(services, call_id)
    return done


def _note(
    services: Services, call_id: int, answers: Mapping[Purpose, bool], actor_id: int | None
) -> dict[Purpose, bool]:
    """Add to the ledger what differs from the answer before; that is what has to be acted on."""
    now = services.now_ms()
    version = services.settings.consent.text_version
    changed = {}
    with services.database.transaction() as tx:
        for purpose, granted in answers.items():
            if consents.is_granted(tx, call_id, purpose) == granted:
                continue
            changed[purpose] = granted
            consents.record(
                tx, call_id, purpose, granted=granted, basis=CLIENT_PAGE, text_version=version, now_ms=now
            )
            action = audit.Action.CONSENT if granted else audit.Action.WITHDRAW
            audit.note(tx, action, audit.CALL, call_id, actor_id=actor_id, now_ms=now, detail=purpose)
    return changed


def _forget(services: Services, call_id: int, purpose: Purpose, actor_id: int | None) -> Withdrawal:
    """Erase what was kept for `purpose`. Own page, figures and quotes are made anew each time: nothing lies there."""
    if purpose is Purpose.OWN_REPORT:
        return Withdrawal(purpose, 0, erase_call(services, call_id, actor_id=actor_id, reason=WITHDRAWN))
    if purpose is Purpose.SUPERVISOR:
        with services.database.transaction() as tx:
            return Withdrawal(purpose, supervision.forget_supervision(tx, call_id, now_ms=services.now_ms()))
    return Withdrawal(purpose, 0)


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
