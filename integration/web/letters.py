"""Short letters in plain text: codes and invitations."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid, parseaddr


def letter_to(address: str, subject: str, text: str, sender: str) -> EmailMessage:
    """A letter in plain text. Subject and text hold nothing of a call."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, sender, address
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
