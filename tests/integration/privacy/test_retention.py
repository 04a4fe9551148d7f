"""Each class is kept for as long as its setting says, and not a day longer."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from integration.config import RetentionSettings
from integration.privacy.erasure import erase_call
from integration.privacy.retention import sweep
from integration.store import invitations
from integration.store.record import CORRECTIONS, FINDINGS, PARTS, WORDS
from integration.store.schema import AuditLine, Call, WebhookReceipt
from integration.store.sharing_schema import Invitation
from integration.store.states import State
from integration.web.app import create_app
from integration.wiring import Services
from tests.conftest import Clock
from tests.practices import DAY_MS, TALK, Practice

MEDIA_BYTES = b"\0" * 2000


def with_retention(services: Services, **days: int) -> Services:
    """The same services under other settings."""
    settings = services.settings.model_copy(update={"retention": RetentionSettings(**days)})
    return replace(services, settings=settings)


def names(services: Services, call: Call) -> set[str]:
    return {name.rpartition("-")[0] or name for name in services.record(call.id).names()}


@pytest.mark.parametrize(("passed", "is_kept"), [(2, True), (3, False)])
def test_audio_is_erased_after_its_days(practice: Practice, clock: Clock, passed: int, is_kept: bool) -> None:  # noqa: FBT001 - a column of a table
    """With three days of audio the third day's sweep erases it; words and findings stay."""
    services = with_retention(practice.services, audio_days=3)
    call = practice.session(media=MEDIA_BYTES)
    clock.pass_time(passed * DAY_MS)
    sweep(services, dry_run=False)
    assert ("media-mixed" in names(services, call)) is is_kept
    assert {WORDS, FINDINGS} <= names(services, call)


def test_a_coach_may_keep_one_call_longer(practice: Practice, clock: Clock) -> None:
    """The coach's own number of days for a call stands above the setting."""
    services = with_retention(practice.services, audio_days=0)
    call = practice.session(media=MEDIA_BYTES)
    with services.database.transaction() as tx:
        tx.get_one(Call, call.id).keep_audio_days = 7
    clock.pass_time(6 * DAY_MS)
    sweep(services, dry_run=False)
    assert "media-mixed" in names(services, call)
    clock.pass_time(DAY_MS)
    sweep(services, dry_run=False)
    assert "media-mixed" not in names(services, call)


def test_audio_that_was_not_heard_yet_stays(practice: Practice, clock: Clock) -> None:
    """With no days of audio, a recording still waits for its hearing as long as that takes."""
    services = with_retention(practice.services, audio_days=0)
    call = practice.session(media=MEDIA_BYTES, state=State.FETCHED)
    clock.pass_time(20 * DAY_MS)
    sweep(services, dry_run=False)
    assert "media-mixed" in names(services, call)


@pytest.mark.parametrize(("passed", "is_kept"), [(2, True), (3, False)])
def test_audio_of_a_call_that_failed_after_its_hearing_goes_as_any(
    practice: Practice, clock: Clock, passed: int, is_kept: bool  # noqa: FBT001 - a column of a table
) -> None:
    """The words are there and the reading failed: no retry needs the audio, so it goes after its three days."""
    services = with_retention(practice.services, audio_days=3)
    call = practice.session(media=MEDIA_BYTES, state=State.FAILED)
    clock.pass_time(passed * DAY_MS)
    sweep(services, dry_run=False)
    assert ("media-mixed" in names(services, call)) is is_kept


def test_what_a_broken_hearing_kept_goes_with_its_audio(practice: Practice, clock: Clock) -> None:
    """A call that was given up keeps its finished parts for another try, as long as words are kept, and no longer."""
    services = with_retention(practice.services, transcript_days=2)
    call = practice.session(media=MEDIA_BYTES, state=State.FAILED)
    services.record(call.id).drop(WORDS)
    services.record(call.id).keep(f"{PARTS}-words", b"some words")
    sweep(services, dry_run=False)
    assert {"media-mixed", PARTS} <= names(services, call)
    clock.pass_time(2 * DAY_MS)
    sweep(services, dry_run=False)
    assert not {"media-mixed", PARTS} & names(services, call)


def test_words_go_and_times_stay(practice: Practice, clock: Clock) -> None:
    """After thirty days no word is left in the vault, and the report can still be made."""
    services = with_retention(practice.services, transcript_days=30)
    call = practice.session()
    record = services.record(call.id)
    record.keep_text(CORRECTIONS, '{"version":1,"roles":{},"struck":[],"verdicts":[]}')
    record.keep_text("vtt-1", "WEBVTT\n\nsomething said")
    clock.pass_time(30 * DAY_MS)
    assert sweep(services, dry_run=False).transcripts == (call.id,)
    findings, _pipeline = services.record(call.id).findings()
    assert all(utterance.words == () for utterance in findings.utterances)
    assert len(findings.utterances) >= 10
    assert set(services.record(call.id).names()) == {WORDS, FINDINGS, CORRECTIONS}
    kept = "".join(services.vault.read_text(call.id, name, record.key) for name in services.record(call.id).names())
    assert not [word for word in ("ought", "sister", "boss") if word in kept or word not in TALK]


@pytest.mark.parametrize("state", [State.FAILED, State.REFUSED])
def test_what_zoom_heard_goes_with_the_words(practice: Practice, clock: Clock, state: State) -> None:
    """A call that was never heard has Zoom's transcript and timeline: they are words too, and go after thirty days."""
    services = with_retention(practice.services, transcript_days=30)
    call = practice.session(state=state)
    record = services.record(call.id)
    record.drop("")
    record.keep_text("vtt-1", "WEBVTT")
    record.keep_text("timeline-1", "{}")
    clock.pass_time(29 * DAY_MS)
    assert sweep(services, dry_run=False).transcripts == ()
    clock.pass_time(DAY_MS)
    assert sweep(services, dry_run=False).transcripts == (call.id,)
    assert record.names() == ()
    assert not practice.now(call).words_erased  # should it be heard after all, there will be words to be erased
    assert sweep(services, dry_run=False).transcripts == ()


def test_a_report_is_erased_wholly(practice: Practice, clock: Clock) -> None:
    """After its days the key is dropped, and the coach sees why."""
    services = with_retention(practice.services, report_days=10)
    call = practice.session()
    clock.pass_time(10 * DAY_MS)
    swept = sweep(services, dry_run=False)
    assert swept.reports == (call.id,)
    assert swept.transcripts == ()
    left = practice.now(call)
    assert (left.wrapped_key, left.state, left.reason) == (None, State.WITHDRAWN, "RETENTION")


def test_a_dry_run_only_tells(practice: Practice, clock: Clock) -> None:
    """A dry run names what is due and touches nothing; the sweep after it does just that."""
    services = with_retention(practice.services, report_days=10)
    call = practice.session(media=MEDIA_BYTES)
    clock.pass_time(10 * DAY_MS)
    told = sweep(services, dry_run=True)
    assert told.reports == (call.id,)
    assert practice.now(call).wrapped_key is not None
    assert sweep(services, dry_run=False) == told
    assert sweep(services, dry_run=False) == replace(told, reports=())


def test_what_a_late_worker_wrote_is_swept(practice: Practice) -> None:
    """A file that was written while its call was erased goes with the next sweep."""
    services = practice.services
    call = practice.session()
    late = services.record(call.id)
    erase_call(services, call.id, actor_id=None)
    late.keep_text(WORDS, "late")
    assert sweep(services, dry_run=False).leftovers == (call.id,)
    assert sweep(services, dry_run=False).leftovers == ()


def test_one_call_that_cannot_be_swept_holds_up_no_other(practice: Practice, clock: Clock) -> None:
    """A damaged words file stays for the next sweep; the other call's words go."""
    services = with_retention(practice.services, transcript_days=1)
    broken, fine = practice.session(), practice.session()
    (path,) = (services.settings.data_dir / "vault").rglob(f"{broken.id:08d}/{WORDS}")
    path.write_bytes(path.read_bytes()[:-5])
    clock.pass_time(DAY_MS)
    assert sweep(services, dry_run=False).transcripts == (fine.id,)


def test_webhooks_and_old_invitations_go(practice: Practice, clock: Clock) -> None:
    """A receipt of 31 days and an invitation past its 14 days are gone, the letter with it; fresh ones stay."""
    services = practice.services
    call = practice.session()
    key = services.record(call.id).key

    def arrive(name: str) -> None:
        now = services.now_ms()
        with services.database.transaction() as tx:
            tx.add(WebhookReceipt(content_key=name, body_sha256=name, event="x", received_ms=now))
            row, _token = invitations.invite_client(tx, call.id, f"{name}@x.example", key, now_ms=now)
        letter = EmailMessage()
        letter["To"], letter["Message-ID"] = f"{name}@x.example", invitations.message_id(row, "localhost")
        services.mailer.send(letter)

    arrive("old")
    clock.pass_time(31 * DAY_MS)
    arrive("new")
    assert sweep(services, dry_run=False).webhooks == 1
    with services.database.transaction() as tx:
        assert [row.content_key for row in tx.query(WebhookReceipt)] == ["new"]
        assert tx.query(Invitation).count() == 1
    (letter,) = (services.settings.data_dir / "outbox").glob("*.eml")
    assert "new@x.example" in letter.read_text()


def test_every_erasure_leaves_a_line(practice: Practice, clock: Clock) -> None:
    """The audit log names the class; the software did it."""
    services = with_retention(practice.services, audio_days=1)
    call = practice.session(media=MEDIA_BYTES)
    clock.pass_time(DAY_MS)
    sweep(services, dry_run=False)
    with services.database.transaction() as tx:
        found = tx.query(AuditLine).filter_by(action="retention").all()
    assert [(line.actor_id, line.object_id, line.detail) for line in found] == [(None, call.id, "audio")]


def test_a_report_without_its_words_opens(practice: Practice, clock: Clock) -> None:
    """The coach's page of a session whose words are gone still shows times and figures, and says so."""
    services = with_retention(practice.services, transcript_days=1)
    call = practice.session()
    clock.pass_time(DAY_MS)
    sweep(services, dry_run=False)
    coach = Practice(create_app(services), services).coach()
    path = f"/sessions/{call.token}"
    coach.send(f"{path}/guess", page=path, do="skip")
    page = coach.get(path).text
    assert "The words of this session are erased by now" in page
    assert "In numbers" in page
    assert "nothing can be read again" in coach.get(f"{path}/correct").text
