"""Correcting a session on its page: everything follows at once, and what was heard stays."""

from __future__ import annotations

import re

from integration.store.record import WORDS
from integration.store.schema import AuditLine
from processor.model.measures import Measure
from processor.model.reading import SignalId
from tests.practices import Practice
from tests.visitors import Visitor


def opened(practice: Practice) -> tuple[Visitor, str, int]:
    """The coach, and the path and id of a session."""
    call = practice.session()
    return practice.coach(), f"/sessions/{call.token}", call.id


def talk_share(practice: Practice, call_id: int) -> float:
    found, _pipeline = practice.services.record(call_id).findings()
    (share,) = [m for m in found.measures if m.id == "talk_share_coach"]
    assert isinstance(share, Measure)
    return share.value


def test_swapping_the_voices_turns_the_shares_around(practice: Practice) -> None:
    """Of two voices that share the talk, the coach's part becomes what the client's was."""
    coach, path, call_id = opened(practice)
    before = talk_share(practice, call_id)
    coach.send(f"{path}/correct/voices", page=f"{path}/correct", do="swap")
    assert abs(talk_share(practice, call_id) - (1 - before)) < 0.01


def test_what_was_heard_stays_as_it_was(practice: Practice) -> None:
    """After a correction words.json has the same bytes, and swapping twice gives the first reading again."""
    coach, path, call_id = opened(practice)
    record = practice.services.record(call_id)
    heard, first = record.vault.read_text(call_id, WORDS, record.key), record.findings()[0]
    for _ in range(2):
        coach.send(f"{path}/correct/voices", page=f"{path}/correct", do="swap")
    assert record.vault.read_text(call_id, WORDS, record.key) == heard
    assert record.findings()[0].measures == first.measures


def test_two_coaches_are_refused(practice: Practice) -> None:
    """Naming both voices coach changes nothing."""
    coach, path, call_id = opened(practice)
    fields = {f"role-{p.label}": "coach" for p in practice.services.record(call_id).findings()[0].participants}
    coach.send(f"{path}/correct/voices", page=f"{path}/correct", **fields)
    assert "say which one voice is the coach" in coach.get(f"{path}/correct").text


def test_a_struck_stretch_is_gone_from_every_page(practice: Practice) -> None:
    """The client's words of 0:48 are in no page and no measure any more; the list can bring them back."""
    coach, path, call_id = opened(practice)
    coach.send(f"{path}/correct/strike", page=f"{path}/correct", start="0:47", end="1:04")
    found, _pipeline = practice.services.record(call_id).findings()
    assert not [w for u in found.utterances for w in u.words if w.text == "afraid"]
    assert "0:47 to 1:04" in coach.get(f"{path}/correct").text
    coach.send(f"{path}/correct/strike", page=f"{path}/correct", start="0:47", end="1:04", do="back")
    found, _pipeline = practice.services.record(call_id).findings()
    assert [w for u in found.utterances for w in u.words if w.text == "afraid"]


def test_striking_out_erases_the_audio(practice: Practice) -> None:
    """What was struck out cannot be heard either."""
    call = practice.session(media=b"\0" * 100)
    path = f"/sessions/{call.token}"
    practice.coach().send(f"{path}/correct/strike", page=f"{path}/correct", start="0:47", end="1:04")
    assert not [n for n in practice.services.record(call.id).names() if n.startswith("media")]


def test_times_that_are_none_are_refused(practice: Practice) -> None:
    """Words in place of a time, or an end before the start, change nothing."""
    coach, path, call_id = opened(practice)
    for start, end in (("soon", "later"), ("1:00", "0:50")):
        coach.send(f"{path}/correct/strike", page=f"{path}/correct", start=start, end=end)
    assert practice.services.record(call_id).corrections().struck == ()


def first_finding(page: str, words: str) -> str:
    """The key of the first finding with these words."""
    item = next(part for part in page.split("<li>") if words in part)
    found = re.search(r'name="finding" value="([^"]+)"', item)
    assert found
    return found[1]


def expected(practice: Practice, call_id: int, signal: SignalId) -> float:
    """The sum of the probabilities of one signal: its count."""
    found, _pipeline = practice.services.record(call_id).findings()
    return sum(s.confidence for r in found.readings for s in r.expected if s.id is signal)


def test_a_wrong_finding_leaves_the_count(practice: Practice) -> None:
    """Calling the reflection of 0:16 wrong takes its probability out of the count, and taking it back returns it."""
    coach, path, call_id = opened(practice)
    before = expected(practice, call_id, SignalId.REFLECT)
    key = first_finding(coach.get(f"{path}/correct").text, "Gave words back")
    coach.send(f"{path}/correct/finding", page=f"{path}/correct", finding=key, do="wrong")
    after = expected(practice, call_id, SignalId.REFLECT)
    assert before - 1 <= after <= before - 0.7  # a finding is listed from a probability of 0.7 on
    assert "you said: wrong" in coach.get(f"{path}/correct").text
    coach.send(f"{path}/correct/finding", page=f"{path}/correct", finding=key, do="undo")
    assert abs(expected(practice, call_id, SignalId.REFLECT) - before) < 0.001


def test_a_finding_that_is_not_there_cannot_be_judged(practice: Practice) -> None:
    """A made-up key is not found."""
    coach, path, _call_id = opened(practice)
    answer = coach.send(f"{path}/correct/finding", page=f"{path}/correct", finding="signal-advise-999999", do="wrong")
    assert answer.status_code == 404


def test_a_correction_is_noted(practice: Practice) -> None:
    """The audit log has one line for it, and the coach's logbook shows it."""
    coach, path, call_id = opened(practice)
    coach.send(f"{path}/correct/voices", page=f"{path}/correct", do="swap")
    with practice.services.database.transaction() as tx:
        assert [line.object_id for line in tx.query(AuditLine).filter_by(action="correct")] == [call_id]
    assert "corrected it" in coach.get("/logbook").text
