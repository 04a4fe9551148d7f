"""The tables. Times are milliseconds since 1970 (UTC); what is confidential is sealed with the call's own key."""

from __future__ import annotations

import secrets

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Table(DeclarativeBase):
    """What every table shares."""

    type_annotation_map = {int: BigInteger().with_variant(Integer, "sqlite"), bytes: LargeBinary, bool: Boolean}  # noqa: RUF012 - SQLAlchemy reads this once from the class


class Person(Table):
    """Somebody who uses Partnering: coach, supervisor, client or administrator (roles in PersonRole).

    `session_mark` is in every session cookie: a new one ends all sessions of the person at once. `code_secrets`
    make the codes of an authenticator app (sealed), and `app_code_counter` lets each of them be used once;
    `code_counter` = how many mailed codes were used.
    `keep_audio_days` is what a coach wishes for the audio of their next sessions; empty = as the settings say.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(10), default="en")
    created_ms: Mapped[int] = mapped_column()
    session_mark: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(16))
    code_secrets: Mapped[str | None] = mapped_column(Text)
    code_counter: Mapped[int] = mapped_column(default=0)
    app_code_counter: Mapped[int] = mapped_column(default=0)
    wants_mail: Mapped[bool] = mapped_column(default=True)
    keep_audio_days: Mapped[int | None] = mapped_column()
    roles: Mapped[list[PersonRole]] = relationship(back_populates="person", cascade="all, delete-orphan")


class PersonRole(Table):
    """One role that a person has."""

    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    person: Mapped[Person] = relationship(back_populates="roles")


class MailedCode(Table):
    """A sign-in code that was mailed and not used. `mark` is made with the server's key and does not tell the code."""

    __tablename__ = "mailed_code"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    until_ms: Mapped[int] = mapped_column()


class Call(Table):
    """One recorded conversation: its state, who works on it, and the wrapped key of all that is kept of it.

    `wrapped_key` empty = erased: nothing that was sealed with the key can be read again, backups included.
    `client_id` = the client who answered the invitation; `keep_audio_days` empty = as the settings say.
    """

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    origin: Mapped[str] = mapped_column(String(10))
    meeting_uuid: Mapped[str | None] = mapped_column(String(200), unique=True)
    account_id: Mapped[str] = mapped_column(String(100), default="")
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    keep_audio_days: Mapped[int | None] = mapped_column()
    words_erased: Mapped[bool] = mapped_column(default=False)
    started_ms: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), index=True)
    reason: Mapped[str] = mapped_column(String(60), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    waiting_since_ms: Mapped[int | None] = mapped_column()
    trashed: Mapped[bool] = mapped_column(default=False)
    created_ms: Mapped[int] = mapped_column()
    changed_ms: Mapped[int] = mapped_column()
    lease_owner: Mapped[str] = mapped_column(String(100), default="")
    lease_fence: Mapped[int] = mapped_column(default=0)
    lease_until_ms: Mapped[int] = mapped_column(default=0)
    progress_part: Mapped[str] = mapped_column(String(40), default="")
    progress_share: Mapped[float] = mapped_column(default=0.0)
    progress_left_ms: Mapped[int | None] = mapped_column()
    title_sealed: Mapped[bytes | None] = mapped_column()
    grant_sealed: Mapped[bytes | None] = mapped_column()
    grant_until_ms: Mapped[int] = mapped_column(default=0)
    wrapped_key: Mapped[bytes | None] = mapped_column()
    files: Mapped[list[CallFile]] = relationship(
        back_populates="call", cascade="all, delete-orphan", order_by="CallFile.id"
    )

    __table_args__ = (Index("call_by_coach_and_time", "coach_id", "started_ms"),)


class CallFile(Table):
    """One file of a recording, as Zoom names it. Address and participant are sealed with the call's key."""

    __tablename__ = "call_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    zoom_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default="")
    size: Mapped[int] = mapped_column(default=0)
    start_ms: Mapped[int] = mapped_column(default=0)
    end_ms: Mapped[int] = mapped_column(default=0)
    address_sealed: Mapped[bytes | None] = mapped_column()
    participant_sealed: Mapped[bytes | None] = mapped_column()
    call: Mapped[Call] = relationship(back_populates="files")

    __table_args__ = (UniqueConstraint("call_id", "zoom_id"),)


class Artefact(Table):
    """Something kept of a call in the vault: media, words, findings, a part that is heard."""

    __tablename__ = "artefact"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    created_ms: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("call_id", "name"),)


class StageRun(Table):
    """How long one run of a stage took and how it ended (empty `code` = well)."""

    __tablename__ = "stage_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str] = mapped_column(String(20))
    started_ms: Mapped[int] = mapped_column()
    milliseconds: Mapped[int] = mapped_column()
    code: Mapped[str] = mapped_column(String(60), default="")


class OutboxEntry(Table):
    """Work to be queued: written with the change that calls for it, handed to Redis afterwards, as often as needed."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str] = mapped_column(String(20))
    due_ms: Mapped[int] = mapped_column(index=True)
    queued_ms: Mapped[int | None] = mapped_column()

    __table_args__ = (UniqueConstraint("call_id", "stage"),)


class WebhookReceipt(Table):
    """That a webhook was taken in: the defence against replays. No content."""

    __tablename__ = "webhook_receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    content_key: Mapped[str] = mapped_column(String(64), unique=True)
    body_sha256: Mapped[str] = mapped_column(String(64), index=True)
    event: Mapped[str] = mapped_column(String(80))
    received_ms: Mapped[int] = mapped_column(index=True)


class Consent(Table):
    """A yes or a no to one purpose of one call; rows are only added, the latest counts."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    granted: Mapped[bool] = mapped_column()
    basis: Mapped[str] = mapped_column(String(40))
    text_version: Mapped[str] = mapped_column(String(20))
    at_ms: Mapped[int] = mapped_column()


class Mailing(Table):
    """One message to one person about one call, with the Message-ID that it keeps however often it is tried."""

    __tablename__ = "mailing"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    sent_ms: Mapped[int | None] = mapped_column()
    refused_code: Mapped[str] = mapped_column(String(60), default="")

    __table_args__ = (UniqueConstraint("call_id", "kind", "person_id"),)


class AuditLine(Table):
    """Who did what to which object, and when. Lines are only added and hold no content."""

    __tablename__ = "audit_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    at_ms: Mapped[int] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column()
    action: Mapped[str] = mapped_column(String(40))
    object_kind: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[int] = mapped_column()
    detail: Mapped[str] = mapped_column(String(200), default="")


class Heartbeat(Table):
    """When something was last seen: a worker, the clock, a webhook, a challenge."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at_ms: Mapped[int] = mapped_column()
