"""The report's letter goes out only to a coach who wants it."""

from __future__ import annotations

import pytest

from integration.delivery import deliver
from integration.store.schema import Person
from integration.web.app import create_app
from integration.wiring import Services
from tests.practices import Practice
from tests.visitors import letters


@pytest.mark.parametrize("wanted", [True, False])
def test_mails_that_were_turned_off_stay_off(services: Services, wanted: bool) -> None:  # noqa: FBT001 - a column of a table
    """With mails on one letter goes out, with mails off none; the report is on the page either way."""
    practice = Practice(create_app(services), services)
    call = practice.session()
    with services.database.transaction() as tx:
        tx.get_one(Person, call.coach_id).wants_mail = wanted
    deliver(services, services.record(call.id), lambda: None)
    folder = services.settings.data_dir / "outbox"
    assert len(letters(services) if folder.exists() else []) == (1 if wanted else 0)
