"""The client's side: what is recorded and who sees it, yes or no to each purpose, their own page, taking it back."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from integration.presenting import present
from integration.privacy.erasure import Receipt
from integration.privacy.retention import audio_days
from integration.privacy.withdrawal import answer
from integration.store import consents, invitations, visible
from integration.store.people import PersonKind
from integration.store.schema import Call, Person
from integration.store.states import Purpose
from integration.web.access import only
from integration.web.current import me, services
from integration.web.figures import show_report
from integration.web.own_share import own_share
from reports.audience import Audience

pages = Blueprint("client", __name__)


@pages.get("/my-sessions")
@only(PersonKind.CLIENT)
def overview() -> ResponseReturnValue:
    """The calls in which this person was the client."""
    with services().database.transaction() as tx:
        found = visible.calls_of_client(tx, me().id)
        rows = [(call, consents.is_granted(tx, call.id, Purpose.CLIENT_COPY)) for call in found]
        ready = [call for call, opted_in in rows if opted_in and visible.has_report(tx, call)]
    over_time = [own_share(services(), call) for call in reversed(ready)]
    return render_template("my_sessions.html", rows=rows, over_time=over_time)


@pages.get("/my-sessions/<token>")
@only(PersonKind.CLIENT)
def page(token: str) -> ResponseReturnValue:
    """Their own page: their aim, their words, their actions, their share. Nobody is told that it was opened."""
    call = _own(token)
    with services().database.transaction() as tx:
        opted_in, ready = consents.is_granted(tx, call.id, Purpose.CLIENT_COPY), visible.has_report(tx, call)
    if not opted_in:
        return redirect(url_for(".choices", token=token))
    if not ready:
        return render_template("my_session_waiting.html", token=token, started_ms=call.started_ms)
    record = services().record(call.id)
    report = present(services(), record, Audience.CLIENT)
    return render_template("my_session.html", token=token, report=report, body=show_report(record, report))


@pages.get("/my-sessions/<token>/choices")
@only(PersonKind.CLIENT)
def choices(token: str) -> ResponseReturnValue:
    """What the client agreed to, each with version and time, to be changed at any time."""
    call = _own(token)
    with services().database.transaction() as tx:
        agreed = {purpose: consents.latest(tx, call.id, purpose) for purpose in Purpose}
    return render_template(
        "choices.html",
        token=token,
        started_ms=call.started_ms,
        agreed=agreed,
        retention=services().settings.retention,
        audio_days=audio_days(services().settings.retention, call),
    )


@pages.post("/my-sessions/<token>/choices")
@only(PersonKind.CLIENT)
def choose(token: str) -> ResponseReturnValue:
    """Change the answers; a no is acted on before this page answers."""
    call = _own(token)
    if (receipt := act_on_answers(call, me().id, answers())) is not None:
        return receipt
    flash(_("Noted. It counts from now on."))
    return redirect(url_for(".choices", token=token))


@pages.post("/my-sessions/<token>/withdraw")
@only(PersonKind.CLIENT)
def withdraw(token: str) -> ResponseReturnValue:
    """Take everything back: the call is erased everywhere, and a receipt says what went."""
    call = _own(token)
    return act_on_answers(call, me().id, {Purpose.OWN_REPORT: False}) or redirect(url_for(".overview"))


def _own(token: str) -> Call:
    with services().database.transaction() as tx:
        call = visible.call_of_client(tx, me().id, token)
    if call is None:
        abort(404)
    return call


def answers() -> dict[Purpose, bool]:
    """What the form says: yes, no, or nothing, which leaves it as it was."""
    said = {purpose: request.form.get(purpose) for purpose in Purpose}
    return {purpose: value == "yes" for purpose, value in said.items() if value in ("yes", "no")}


def act_on_answers(call: Call, client_id: int, said: dict[Purpose, bool]) -> str | None:
    """Act on the answers; the receipt as a page when that erased something, else None."""
    done = answer(services(), call.id, said, actor_id=client_id)
    for one in done:
        if one.receipt is not None:
            return _receipt(one.receipt, call, client_id)
    went = [one for one in done if one.erased]
    return render_template("withdrawn.html", went=went, call=call, at_ms=services().now_ms()) if went else None


def _receipt(receipt: Receipt, call: Call, client_id: int) -> str:
    """The receipt; with their last session here the client's account went too, and this is its last page."""
    with services().database.transaction() as tx:
        account_gone = tx.get(Person, client_id) is None
    page = render_template("receipt.html", receipt=receipt, started_ms=call.started_ms, account_gone=account_gone)
    if account_gone:
        logout_user()
    return page


def unanswered(token: str) -> tuple[Call, str] | None:
    """The call and the address of an invitation that can still be answered."""
    with services().database.transaction() as tx:
        found = invitations.find(tx, token, now_ms=services().now_ms())
        if found is None or found.call_id is None or found.address_sealed is None:
            return None
        call = tx.get_one(Call, found.call_id)
        sealed = found.address_sealed
    if call.wrapped_key is None:
        return None
    return call, services().record(call.id).key.open_text(sealed, invitations.ADDRESS)
