"""The coach's mail: made from the report, sent once, with one Message-ID however often it is tried."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from integration.errors import DeliveryFault, StoreFault
from integration.presenting import present
from integration.store.record import Record
from integration.store.schema import Mailing, Person
from integration.web.links import unsubscribe_url
from integration.wiring import Services
from reports.audience import Audience
from reports.message import build_message

REPORT = "report"


def deliver(services: Services, record: Record, confirm: Callable[[], None]) -> None:
    """Mail the coach their report, unless that was done. `confirm` is asked right before the message leaves.

    A crash between the server's yes and our note of it sends one more copy with the same Message-ID,
    which mail programs show as one. DeliveryBusy = later; DeliveryFault = the address is refused, and
    the report waits in the app.
    """
    coach = record.coach
    if coach is None or not coach.active:
        raise StoreFault("this call belongs to no active coach; an administrator can assign one", code="NO_COACH")
    if not coach.wants_mail:
        return
    mailing = _mailing(services, record, coach)
    if mailing.sent_ms is not None or mailing.refused_code:
        return
    message = build_message(
        present(services, record, Audience.COACH),
        sender=services.settings.mail.sender,
        recipient=coach.email,
        message_id=mailing.message_id,
        list_unsubscribe_url=unsubscribe_url(services.settings, coach),
    )
    confirm()
    try:
        services.mailer.send(message)
    except DeliveryFault as fault:
        _note(services, mailing, refused=fault.code)
        return
    _note(services, mailing)


def _mailing(services: Services, record: Record, coach: Person) -> Mailing:
    """The row of this message, made when it is first tried."""
    with services.database.transaction() as tx:
        row = tx.scalar(
            select(Mailing).where(
                Mailing.call_id == record.call.id, Mailing.kind == REPORT, Mailing.person_id == coach.id
            )
        )
        if row is None:
            domain = services.settings.mail.sender.rpartition("@")[2].rstrip("> ") or "localhost"
            row = Mailing(
                call_id=record.call.id,
                kind=REPORT,
                person_id=coach.id,
                message_id=f"<report.{record.call.token}@{domain}>",
            )
            tx.add(row)
        return row


def _note(services: Services, mailing: Mailing, *, refused: str = "") -> None:
    with services.database.transaction() as tx:
        row = tx.get(Mailing, mailing.id)
        if row is not None:
            row.refused_code = refused
            row.sent_ms = None if refused else services.now_ms()
