"""A client's answers: yes or no to each purpose, and what follows from taking a yes back.

A no stands in the ledger in the same transaction in which nobody can look any more: the call is closed, or its
shares end. The files that nobody can reach then are removed after it, by a sweep where that was cut off. Where closing
fails, because the keys are away, the no stands alone, so that nothing goes on, and the sweep closes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from integration.errors import StoreBusy
from integration.privacy.erasure import Receipt, clear_call, close_call
from integration.store import audit, calls, consents, restart, supervision
from integration.store.record import FIGURES
from integration.store.schema import Artefact, Call, Consent
from integration.store.sharing_schema import Marking, Share
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
        given = dict.fromkeys(Purpose, False)
    try:
        with services.database.transaction() as tx:
            _note(services, tx, call_id, given, actor_id)
            # Each no is acted on, also one that was given before: if the store was away then, it is done now.
            ended = _end(services, tx, call_id, [purpose for purpose, yes in given.items() if not yes], actor_id)
    except StoreBusy:
        with services.database.transaction() as tx:
            _note(services, tx, call_id, given, actor_id)
        raise
    if given.get(Purpose.OWN_REPORT):
        _go_on(services, call_id)
    return _clear(services, call_id, ended)


def cut_off(tx: Session) -> tuple[int, ...]:
    """The calls of which a no stands and was not acted on to its end."""
    latest = select(func.max(Consent.id)).group_by(Consent.call_id, Consent.purpose)
    shown = or_(
        exists().where(Share.call_id == Call.id, Share.ended_ms.is_(None)), exists().where(Marking.call_id == Call.id)
    )
    # With a no to being quoted, figures are drawn anew without words: only what is older was drawn for the yes.
    drawn = exists().where(Artefact.call_id == Call.id, Artefact.created_ms <= Consent.at_ms)
    wanted = (
        select(Call.id)
        .join(Consent, Consent.call_id == Call.id)
        .where(
            Consent.id.in_(latest),
            Consent.granted.is_(False),
            Call.wrapped_key.is_not(None),
            or_(
                Consent.purpose == Purpose.OWN_REPORT,
                and_(Consent.purpose == Purpose.SUPERVISOR, shown),
                *(
                    and_(Consent.purpose == purpose, drawn.where(Artefact.name.startswith(start)))
                    for purpose, start in DRAWN_FOR.items()
                ),
            ),
        )
    )
    return tuple(tx.scalars(wanted.distinct().order_by(Call.id)))


def finish(services: Services, call_id: int) -> None:
    """Act once more on every no of the call that stands."""
    with services.database.transaction() as tx:
        said = [(purpose, consents.latest(tx, call_id, purpose)) for purpose in Purpose]
        noes = [purpose for purpose, row in said if row is not None and not row.granted]
        ended = _end(services, tx, call_id, noes, actor_id=None)
    _clear(services, call_id, ended)


def _note(
    services: Services, tx: Session, call_id: int, answers: Mapping[Purpose, bool], actor_id: int | None
) -> None:
    """Add to the ledger what differs from the answer before."""
    now = services.now_ms()
    version = services.settings.consent.text_version
    for purpose, granted in answers.items():
        before = consents.latest(tx, call_id, purpose)
        if before is not None and before.granted == granted:
            continue
        consents.record(tx, call_id, purpose, granted=granted, basis=CLIENT_PAGE, text_version=version, now_ms=now)
        if granted or before is not None:  # a first no takes nothing back
            action = audit.Action.CONSENT if granted else audit.Action.WITHDRAW
            audit.note(tx, action, audit.CALL, call_id, actor_id=actor_id, now_ms=now, detail=purpose)


def _end(
    services: Services, tx: Session, call_id: int, noes: Sequence[Purpose], actor_id: int | None
) -> list[Withdrawal]:
    """What nobody can look at any more: the whole call, or its shares, marks and remarks."""
    if Purpose.OWN_REPORT in noes:
        closed = close_call(services, tx, call_id, actor_id=actor_id, reason=WITHDRAWN)
        return [Withdrawal(Purpose.OWN_REPORT, receipt=closed)]
    ended = [Withdrawal(purpose) for purpose in noes if purpose is not Purpose.SUPERVISOR]
    if Purpose.SUPERVISOR in noes:
        gone = supervision.forget_supervision(tx, call_id, now_ms=services.now_ms())
        ended.append(Withdrawal(Purpose.SUPERVISOR, *gone))
    return ended


def _clear(services: Services, call_id: int, ended: Sequence[Withdrawal]) -> list[Withdrawal]:
    """Remove the files that nobody can reach any more."""
    return [
        replace(one, receipt=clear_call(services, one.receipt))
        if one.receipt is not None
        else replace(one, files=_drop_drawn(services, call_id, one.purpose))
        for one in ended
    ]


def _drop_drawn(services: Services, call_id: int, purpose: Purpose) -> int:
    """Erase the figures that were drawn for `purpose`; how many files that were."""
    return services.record(call_id).drop(DRAWN_FOR[purpose]) if purpose in DRAWN_FOR else 0


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
