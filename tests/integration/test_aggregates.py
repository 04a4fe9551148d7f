"""Figures of a practice: of groups, or none."""

from __future__ import annotations

import pytest

from integration.aggregates import Told, sum_up


def told(client: int, coach: int, share: float | None = 0.3, heard: frozenset[str] = frozenset()) -> Told:
    return Told(client, coach, share, questions=6.0, heard=heard)


def test_five_clients_of_five_coaches_are_shown() -> None:
    """The median of 10, 20, 30, 40, 50 % is 30 %; the action part was heard in one of five."""
    heard = frozenset({"action"})
    people = [told(i, i, i / 10, heard if i == 1 else frozenset()) for i in range(1, 6)]
    found = sum_up("2026 Q1", people)
    assert (found.suppressed, found.clients, found.talk_share) == (False, 5, 0.3)
    assert dict(found.covered)["action"] == 0.2


@pytest.mark.parametrize(("clients", "coaches"), [(4, 4), (4, 5), (9, 4)])
def test_fewer_than_five_of_either_show_nothing(clients: int, coaches: int) -> None:
    """Four clients, or nine clients of four coaches: no figure."""
    people = [told(i % clients, i % coaches) for i in range(40)]
    found = sum_up("2026 Q1", people)
    assert found.suppressed
    assert (found.clients, found.talk_share, found.questions, found.covered) == (0, None, None, ())


def test_one_client_with_many_sessions_is_one_client() -> None:
    """Twenty sessions of one client and four others are five clients, and the twenty weigh as one."""
    people = [told(0, 0, 0.9)] * 20 + [told(i, i, 0.3) for i in range(1, 5)]
    assert sum_up("2026 Q1", people).talk_share == 0.3


def test_a_figure_needs_five_people_of_its_own() -> None:
    """Five clients, but the talk share is known of four only: that figure is left out, the others stand."""
    people = [told(i, i, None if i == 0 else 0.3) for i in range(5)]
    found = sum_up("2026 Q1", people)
    assert (found.suppressed, found.talk_share, found.questions) == (False, None, 6.0)
