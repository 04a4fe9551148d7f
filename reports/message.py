"""The e-mail: one page on a telephone, in text and in HTML, with one picture.

It never holds a name or a word that was said, whoever agreed to what: mail travels. It links to the
page on the coach's own server, has no address that tells when it was opened, and fits in 300 words.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import css_inline

from reports.charts import drawing, strip
from reports.letter import Letter, letter
from reports.report import Report
from reports.templates import environment

_STRIP_WIDTH = 380
"""Drawn for a telephone, so that its letters can be read there; a desktop shows it larger."""


def build_message(
    report: Report, sender: str, recipient: str, message_id: str, list_unsubscribe_url: str
) -> EmailMessage:
    """The mail of `report`, ready to send. The same arguments give the same mail, but for the MIME boundary.

    `message_id` is fixed by the caller, so that a mail sent twice is one mail. With an empty
    `list_unsubscribe_url` there is no such header. No Date is set: the one who sends it does that.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = report.subject
    message["From"] = sender
    message["To"] = recipient
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if list_unsubscribe_url:
        message["List-Unsubscribe"] = f"<{list_unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    content = letter(report)
    message.set_content(content.text)
    picture = report.picture
    cid = f"strip.{message_id.strip('<>')}"
    message.add_alternative(_html(report, content, cid if picture else "", list_unsubscribe_url), subtype="html")
    if picture is not None:
        body = message.get_payload()[1]  # type: ignore[index]  # add_alternative has just made it a list of two
        spec = strip.describe(picture, _STRIP_WIDTH) | {"background": "#ffffff"}
        body.add_related(  # type: ignore[union-attr]  # its parts are EmailMessages, whatever the stubs allow
            drawing.png(spec, scale=3), "image", "png", cid=f"<{cid}>", filename="session.png", disposition="inline"
        )
    return message


def _html(report: Report, content: Letter, cid: str, unsubscribe: str) -> str:
    words = strip.in_words(report.picture) if report.picture else ""
    page = environment().get_template("message.html").render(
        report=report, letter=content, cid=cid, strip_in_words=words, unsubscribe=unsubscribe
    )
    return css_inline.inline(page, keep_style_tags=True)
