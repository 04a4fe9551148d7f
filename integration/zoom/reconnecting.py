"""A coach whose connection to Zoom has ended is asked, once, to make it again."""

from __future__ import annotations

from email.message import EmailMessage

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from integration.errors import DeliveryBusy, DeliveryFault
from integration.store.schema import Person
from integration.store.zoom_schema import ZoomConnection
from integration.wiring import Services

SUBJECT = "Please connect Zoom again"
BODY = """Hello,

Zoom has ended the connection to Partnering, so new recordings of yours cannot be fetched.
It takes a minute to connect again:

{url}

Reports that you have already are not touched.
"""


def ask_who_must(services: Services) -> int:
    """Mail every coach whose connection has ended and who was not told yet; how many were."""
    with services.database.transaction() as tx:
        ended = tx.execute(
            select(ZoomConnection.id, Person.email)
            .join(Person, Person.id == ZoomConnection.person_id)
            .where(
                ZoomConnection.refresh_sealed.is_(None),
                ZoomConnection.reconnect_told_ms.is_(None),
                Person.active.is_(True),
            )
        ).all()
    return sum(_ask(services, connection_id, address) for connection_id, address in ended)


def _ask(services: Services, connection_id: int, address: str) -> bool:
    now = services.now_ms()
    if not _claim(services, connection_id, now):
        return False  # another process is telling them
    try:
        services.mailer.send(_letter(services, connection_id, address, now))
    except DeliveryFault:
        pass  # the page tells them
    except Exception as fault:
        services.database.insist(lambda tx: _release(tx, connection_id))  # the next round tries again
        if not isinstance(fault, DeliveryBusy):
            raise
        return False
    return True


def _claim(services: Services, connection_id: int, now: int) -> bool:
    """Note that the coach was told, before they are; False when that is noted already, or nobody need be told now."""
    with services.database.transaction() as tx:
        claimed = tx.execute(
            update(ZoomConnection)
            .where(
                ZoomConnection.id == connection_id,
                ZoomConnection.refresh_sealed.is_(None),
                ZoomConnection.reconnect_told_ms.is_(None),
            )
            .values(reconnect_told_ms=now)
            .returning(ZoomConnection.id)
        ).one_or_none()
    return claimed is not None


def _release(tx: Session, connection_id: int) -> None:
    tx.execute(update(ZoomConnection).where(ZoomConnection.id == connection_id).values(reconnect_told_ms=None))


def _letter(services: Services, connection_id: int, address: str, now: int) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = services.settings.mail.sender
    letter["To"] = address
    letter["Subject"] = SUBJECT
    domain = services.settings.mail.sender.rpartition("@")[2].rstrip("> ") or "localhost"
    letter["Message-ID"] = f"<reconnect.{connection_id}.{now}@{domain}>"
    letter.set_content(BODY.format(url=f"{services.settings.web.public_url}/account/zoom"))
    return letter
