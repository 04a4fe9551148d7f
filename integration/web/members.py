"""People as the sign-in sees them: Flask-Security's user and datastore over our own table of persons."""

from __future__ import annotations

import json
from typing import Any

from flask_security.core import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from sqlalchemy import func, select, update

from integration.store.database import Database
from integration.store.people import PersonKind, plain
from integration.store.schema import Person
from integration.web.codes import MAILED, send_code


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

    def us_send_security_token(self, method: str, **kwargs: Any) -> None:  # noqa: ARG002 - the library's signature
        """Mail the sign-in code, out of the way of the answer, so that its time tells nobody whether we know them.

        The library asks also when an app is set up, whose codes belong into no letter.
        """
        if kwargs["totp_secret"] == MAILED:
            send_code(self.id, self.email)


class Members(UserDatastore):
    """The table of persons, as Flask-Security's datastore. Every change is written at once."""

    def __init__(self, database: Database) -> None:
        super().__init__(Member, RoleMixin)
        self.db = database

    def find_user(self, case_insensitive: bool = False, **where: Any) -> Member | None:  # noqa: ARG002, FBT001, FBT002 - the library's signature; addresses are always compared so
        """The person with this address, id or session mark; None when there is none."""
        ((field, value),) = where.items()
        column = {"email": func.lower(Person.email), "id": Person.id, "fs_uniquifier": Person.session_mark}[field]
        wanted = plain(str(value)) if field == "email" else value
        with self.db.transaction() as tx:
            person = tx.scalar(select(Person).where(column == wanted))
            return None if person is None else Member(person)

    def find_role(self, role: str) -> None:
        """There are no roles here: see Member.kinds."""

    def us_get_totp_secrets(self, user: Any) -> dict[str, str]:
        """The secret of the person's app, if they have one, and that everybody may have codes by mail."""
        return {**json.loads(user.us_totp_secrets or "{}"), "email": MAILED}

    def use_app_code(self, member: Member, counter: int) -> bool:
        """Note that this code of an app was used; False when it, or a later one, was. Of two at once one wins."""
        with self.db.transaction() as tx:
            used = tx.execute(
                update(Person)
                .where(Person.id == member.id, Person.app_code_counter < counter)
                .values(app_code_counter=counter)
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
