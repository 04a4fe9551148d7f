"""People as the sign-in sees them: Flask-Security's user and datastore over our own table of persons."""

from __future__ import annotations

import json
from typing import Any

from flask_security.core import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from sqlalchemy import func, select, update

from integration.store.database import Database
from integration.store.people import PersonKind
from integration.store.schema import Person
from integration.web.codes import Codes, send_code


class Member(UserMixin):
    """One person while they sign in and use the pages. The names are those that Flask-Security asks for."""

    fs_uniquifier: str = ""
    us_totp_secrets: str | None = None
    password: None = None
    us_phone_number: None = None
    roles: list[RoleMixin] = []  # noqa: RUF012 - the library's type; stays empty: what somebody may do is decided in access.py, by `kinds`

    def __init__(self, person: Person) -> None:
        self.id = person.id
        self.email = person.email
        self.name = person.name
        self.active = person.active
        self.language = person.language
        self.kinds = frozenset(PersonKind(role.role) for role in person.roles)
        self.fs_uniquifier = person.session_mark
        self.us_totp_secrets = person.code_secrets

    def us_send_security_token(self, method: str, **kwargs: Any) -> None:
        """Mail the sign-in code, out of the way of the answer, so that its time tells nobody whether we know them.

        The library asks also when an app is set up, whose codes belong into no letter.
        """
        if method == "email":
            send_code(self.email, kwargs["totp_secret"])


class Members(UserDatastore):
    """The table of persons, as Flask-Security's datastore. Every change is written at once."""

    def __init__(self, database: Database) -> None:
        super().__init__(Member, RoleMixin)
        self.db = database
        self.codes: Codes | None = None

    def find_user(self, case_insensitive: bool = False, **where: Any) -> Member | None:  # noqa: ARG002, FBT001, FBT002 - the library's signature; addresses are always compared so
        """The person with this address, id or session mark; None when there is none."""
        ((field, value),) = where.items()
        column = {"email": func.lower(Person.email), "id": Person.id, "fs_uniquifier": Person.session_mark}[field]
        wanted = str(value).strip().lower() if field == "email" else value
        with self.db.transaction() as tx:
            person = tx.scalar(select(Person).where(column == wanted))
            return None if person is None else Member(person)

    def find_role(self, role: str) -> None:
        """There are no roles here: see Member.kinds."""

    def us_get_totp_secrets(self, user: Any) -> dict[str, str]:
        """The person's code secrets, the one for mailed codes made when it is missing or cannot be opened."""
        assert self.codes is not None  # noqa: S101 - set by init_accounts before the first request
        found: dict[str, str] = json.loads(user.us_totp_secrets or "{}")
        usable = {method: secret for method, secret in found.items() if self.codes.can_open(secret)}
        if "email" not in usable:
            usable["email"] = self.codes.new_mail_secret()
            self.us_put_totp_secrets(user, usable)
        return usable

    def use_code(self, member: Member, kind: str, counter: int) -> bool:
        """Note that this code was used; False when it, or a later one, was used before. Of two at once one wins."""
        column = {"email": Person.code_counter, "authenticator": Person.app_code_counter}[kind]
        with self.db.transaction() as tx:
            used = tx.execute(
                update(Person)
                .where(Person.id == member.id, column < counter)
                .values({column: counter})
                .returning(Person.id)
            )
            return used.first() is not None

    def put(self, model: Member) -> Member:
        with self.db.transaction() as tx:
            person = tx.get_one(Person, model.id)
            person.session_mark = model.fs_uniquifier
            person.code_secrets = model.us_totp_secrets
        return model

    def commit(self) -> None:
        """Nothing is waiting: `put` has written."""
