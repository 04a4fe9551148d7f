"""Short letters in plain text: codes and invitations."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid

from integration.mail.mailer import sender_domain


def letter_to(address: str, subject: str, text: str, sender: str, *, message_id: str = "") -> EmailMessage:
    """A letter in plain text. Subject and text hold nothing of a call."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, sender, address
    message["Message-ID"] = message_id or make_msgid(domain=sender_domain(sender))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
