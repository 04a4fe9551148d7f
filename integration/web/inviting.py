"""The coach's side of consent: inviting the client to answer for themselves."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from integration.mail.mailer import sender_domain
from integration.store import audit, consents, invitations
from integration.store.people import PersonKind
from integration.store.states import Purpose
from integration.web.access import only
from integration.web.current import me, services
from integration.web.letters import letter_to
from integration.web.links import invitation_url
from integration.web.sessions import own_record

pages = Blueprint("inviting", __name__)


@pages.get("/sessions/<token>/client")
@only(PersonKind.COACH)
def client(token: str) -> ResponseReturnValue:
    """What the client agreed to. Whether they ever opened their page is theirs to know."""
    record = own_record(token)
    with services().database.transaction() as tx:
        agreed = {purpose: consents.latest(tx, record.call.id, purpose) for purpose in Purpose}
        waiting = invitations.waiting_for_client(tx, record.call.id, now_ms=services().now_ms())
    return render_template(
        "client_of_session.html",
        token=token,
        started_ms=record.call.started_ms,
        agreed=agreed,
        waiting=waiting,
        answered=record.call.client_id is not None,
        invites=services().settings.consent.clients_are_invited,
    )


@pages.post("/sessions/<token>/client")
@only(PersonKind.COACH)
def invite(token: str) -> ResponseReturnValue:
    """Send the client a letter with a link to their answers."""
    if not services().settings.consent.clients_are_invited:
        abort(404)
    record, now, settings = own_record(token), services().now_ms(), services().settings
    address = request.form.get("address", "").strip()
    if record.call.client_id is not None or "@" not in address[1:-1] or any(c.isspace() for c in address):
        flash(_("No letter was sent: type one e-mail address."))
        return redirect(url_for(".client", token=token))
    with services().database.transaction() as tx:
        invitation, secret = invitations.invite_client(tx, record.call.id, address, record.key, now_ms=now)
        audit.note(tx, audit.Action.INVITE, audit.CALL, record.call.id, actor_id=me().id, now_ms=now)
    coach = me().name or me().email
    text = render_template("mail/client.txt", link=invitation_url(settings, secret), coach=coach)
    letter = letter_to(
        address,
        _("Your coach asks for your answer"),
        text,
        settings.mail.sender,
        message_id=invitations.message_id(invitation, sender_domain(settings.mail.sender)),
    )
    services().mailer.send(letter)
    flash(_("The letter is on its way. Saying no costs your client nothing."))
    return redirect(url_for(".client", token=token))
