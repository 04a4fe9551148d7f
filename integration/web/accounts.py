"""Signing in and out, and the person's own settings."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user
from flask_security.core import Security

from integration.store.people import PersonKind
from integration.store.schema import Person
from integration.web.access import SESSION_HOURS, only, public, signed_in
from integration.web.codes import Codes
from integration.web.current import me, services
from integration.web.guard import csrf
from integration.web.keeping import days_of_coach
from integration.web.links import unsubscribing_person, web_secret
from integration.web.members import Members
from integration.wiring import Services

accounts = Blueprint("accounts", __name__)


def init_accounts(app: Flask, services: Services) -> None:
    """Set up the sign-in by mailed code, with an authenticator app for those who want one."""
    secret = web_secret(services.settings)
    https = services.settings.web.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=secret,
        SESSION_COOKIE_NAME="__Host-partnering" if https else "partnering",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        WTF_CSRF_TIME_LIMIT=None,
        SECURITY_UNIFIED_SIGNIN=True,
        SECURITY_US_ENABLED_METHODS=["email", "authenticator"],
        SECURITY_US_MFA_REQUIRED=[],
        SECURITY_US_SIGNIN_REPLACES_LOGIN=True,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_US_SIGNIN_URL="/sign-in/code",
        SECURITY_US_SIGNIN_SEND_CODE_URL="/sign-in/send",
        SECURITY_US_SETUP_URL="/account/authenticator",
        SECURITY_US_SIGNIN_TEMPLATE="sign_in.html",
        SECURITY_US_SETUP_TEMPLATE="authenticator.html",
        SECURITY_LOGOUT_METHODS=None,
        SECURITY_FLASH_MESSAGES=False,  # the pages say it in their own words
        SECURITY_FRESHNESS=timedelta(minutes=-1),
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_PASSWORD_REQUIRED=False,
        SECURITY_PASSWORD_SALT=_derived(secret, "salt"),
        SECURITY_TOTP_SECRETS={"1": _derived(secret, "codes")},
        SECURITY_TOTP_ISSUER="Partnering",
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_STATIC_FOLDER=None,
        SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS=False,
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        REMEMBER_COOKIE_DURATION=timedelta(0),
    )
    Security(app, Members(services.database), totp_cls=Codes)
    app.register_blueprint(accounts)
    csrf.exempt(stop_mails)  # mail programs send it on their own (RFC 8058); the signed token is the proof


@accounts.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """What we hold of the person, and how they sign in."""
    with services().database.transaction() as tx:
        person = tx.get_one(Person, me().id)
    return render_template(
        "account.html",
        me=me(),
        wants_mail=person.wants_mail,
        has_app="authenticator" in json.loads(person.code_secrets or "{}"),
        keep_days=days_of_coach(),
    )


@accounts.post("/account/name")
@only(PersonKind.COACH, PersonKind.SUPERVISOR, PersonKind.ADMINISTRATOR)
def choose_name() -> ResponseReturnValue:
    """How others here read the person's name. Clients are not asked for one."""
    with services().database.transaction() as tx:
        tx.get_one(Person, me().id).name = " ".join(request.form.get("name", "").split())[:200]
    flash(_("Noted."))
    return redirect(url_for(".account"))


@accounts.post("/account/app-off")
@signed_in
def app_off() -> ResponseReturnValue:
    """Forget the authenticator app; mailed codes go on working."""
    with services().database.transaction() as tx:
        person = tx.get_one(Person, me().id)
        secrets_left = {k: v for k, v in json.loads(person.code_secrets or "{}").items() if k != "authenticator"}
        person.code_secrets = json.dumps(secrets_left)
    flash(_("The app is forgotten. Its codes no longer sign you in."))
    return redirect(url_for(".account"))


@accounts.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End every session of the person, on this and every other machine."""
    with services().database.transaction() as tx:
        tx.get_one(Person, me().id).session_mark = secrets.token_hex(16)
    logout_user()
    answer = redirect(url_for("security.login"))
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


@accounts.get("/mail-off/<token>")
@public
def mail_off(token: str) -> ResponseReturnValue:
    """Ask whether the report mails shall stop: only the button does it, because mail scanners open links."""
    known = unsubscribing_person(services().settings, token) is not None
    return render_template("mail_off.html", known=known, done=False), 200 if known else 404


@accounts.post("/mail-off/<token>")
@public
def stop_mails(token: str) -> ResponseReturnValue:
    """Stop the report mails."""
    person_id = unsubscribing_person(services().settings, token)
    if person_id is None:
        return render_template("mail_off.html", known=False, done=False), 404
    _set_mails(person_id, wanted=False)
    return render_template("mail_off.html", known=True, done=True)


@accounts.post("/account/mails")
@signed_in
def choose_mails() -> ResponseReturnValue:
    """Turn the report mails on or off."""
    _set_mails(me().id, wanted=request.form.get("wanted") == "yes")
    return redirect(url_for(".account"))


def _set_mails(person_id: int, *, wanted: bool) -> None:
    with services().database.transaction() as tx:
        person = tx.get(Person, person_id)
        if person is not None:
            person.wants_mail = wanted


def _derived(secret: str, purpose: str) -> str:
    return hashlib.sha256(f"{purpose}:{secret}".encode()).hexdigest()
