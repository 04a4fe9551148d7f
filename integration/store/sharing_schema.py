"""The tables of people's ties: invitations, supervision, marks, a mentor's hours. What was said is sealed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from integration.store.schema import Table


class Invitation(Table):
    """A letter that may be answered once. Only the hash of its token is kept.

    `kind` = a PersonKind for an account, or "consent" for the page on which the client of `call_id` answers.
    `address_sealed` is the client's address, sealed with the call's key, until the client answers.
    """

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    address_sealed: Mapped[bytes | None] = mapped_column()
    created_ms: Mapped[int] = mapped_column()
    until_ms: Mapped[int] = mapped_column()
    used_ms: Mapped[int | None] = mapped_column()


class Assignment(Table):
    """A supervisor and a coach, from when to when. `accepted_ms` empty = asked for, not in force."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    asked_ms: Mapped[int] = mapped_column()
    accepted_ms: Mapped[int | None] = mapped_column()
    ended_ms: Mapped[int | None] = mapped_column()


class Share(Table):
    """A session that its coach shows to a supervisor for a purpose, until taken back."""

    __tablename__ = "share"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    question_sealed: Mapped[bytes | None] = mapped_column()
    from_ms: Mapped[int] = mapped_column()
    ended_ms: Mapped[int | None] = mapped_column()


class Marking(Table):
    """A supervisor's own marks of one shared session; the software's findings open when it is `done_ms`."""

    __tablename__ = "marking"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    rubric: Mapped[str] = mapped_column(String(20))
    done_ms: Mapped[int | None] = mapped_column()

    __table_args__ = (UniqueConstraint("call_id", "supervisor_id"),)


class Mark(Table):
    """What a supervisor saw of one marker, and what the software had heard of it when the marking was done."""

    __tablename__ = "mark"

    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id", ondelete="CASCADE"), primary_key=True)
    marker: Mapped[str] = mapped_column(String(10), primary_key=True)
    seen: Mapped[str] = mapped_column(String(20))
    heard: Mapped[str] = mapped_column(String(20), default="")


class Comment(Table):
    """A supervisor's remark at a time in the call, sealed with the call's key."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id", ondelete="CASCADE"), index=True)
    at_ms: Mapped[int] = mapped_column()
    text_sealed: Mapped[bytes] = mapped_column()


class MentorHour(Table):
    """One meeting of mentor coach and coach: day (days since 1970), length, how many sat in the group (1 = alone)."""

    __tablename__ = "mentor_hour"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    day: Mapped[int] = mapped_column()
    minutes: Mapped[int] = mapped_column()
    group_size: Mapped[int] = mapped_column(default=1)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"))

    __table_args__ = (Index("mentor_hour_of_pair", "mentor_id", "coach_id"),)


class DossierSignature(Table):
    """That one of the two signed the dossier as it stood: `content_sha256` marks exactly what was signed."""

    __tablename__ = "dossier_signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    content_sha256: Mapped[str] = mapped_column(String(64))
    at_ms: Mapped[int] = mapped_column()
