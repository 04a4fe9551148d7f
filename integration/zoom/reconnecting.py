"""A coach whose connection to Zoom has ended is asked, once, to make it again."""

from __future__ import annotations

from email.message import EmailMessage

from sqlalchemy import select

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
    try:
        services.mailer.send(_letter(services, connection_id, address))
    except DeliveryBusy:
        return False  # the next round tries again
    except DeliveryFault:
        pass  # the page tells them
    with services.database.transaction() as tx:
        row = tx.get(ZoomConnection, connection_id)
        if row is not None:
            row.reconnect_told_ms = services.now_ms()
    return True


def _letter(services: Services, connection_id: int, address: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = services.settings.mail.sender
    letter["To"] = address
    letter["Subject"] = SUBJECT
    domain = services.settings.mail.sender.rpartition("@")[2].rstrip("> ") or "localhost"
    letter["Message-ID"] = f"<reconnect.{connection_id}.{services.now_ms()}@{domain}>"
    letter.set_content(BODY.format(url=f"{services.settings.web.public_url}/account/zoom"))
    return letter
