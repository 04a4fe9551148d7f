"""The tables of what Zoom tells beyond a recording: who connected, what was removed, who came and left."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from integration.store.schema import Table


class ZoomConnection(Table):
    """A coach's own Zoom account. Tokens are sealed by the master key; both empty = the coach must reconnect.

    `refreshing_until_ms`: a refresh token works once, so one process at a time may spend it.
    `reconnect_told_ms` is when the coach was asked to; empty = not yet, or not needed.
    """

    __tablename__ = "zoom_connection"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    account_id: Mapped[str] = mapped_column(String(100), index=True)
    user_id: Mapped[str] = mapped_column(String(100), unique=True)
    access_sealed: Mapped[bytes | None] = mapped_column()
    access_until_ms: Mapped[int] = mapped_column(default=0)
    refresh_sealed: Mapped[bytes | None] = mapped_column()
    refreshing_until_ms: Mapped[int] = mapped_column(default=0)
    connected_ms: Mapped[int] = mapped_column()
    reconnect_told_ms: Mapped[int | None] = mapped_column()


class RecordingFate(Table):
    """What became of a recording at Zoom (`file_id` empty) or of one file: live, trashed or deleted.

    Kept apart from the call, because Zoom may tell of the bin before it tells of the recording.
    """

    __tablename__ = "recording_fate"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_uuid: Mapped[str] = mapped_column(String(200))
    file_id: Mapped[str] = mapped_column(String(200), default="")
    fate: Mapped[str] = mapped_column(String(10))
    told_ms: Mapped[int] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("meeting_uuid", "file_id"),)


class Attendance(Table):
    """That somebody came to a meeting or left it. `person` is a number within the meeting: nobody is named.

    An empty `person` = everybody left, because the meeting ended.
    """

    __tablename__ = "attendance"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_uuid: Mapped[str] = mapped_column(String(200), index=True)
    person: Mapped[str] = mapped_column(String(100))
    joined: Mapped[bool] = mapped_column()
    at_ms: Mapped[int] = mapped_column(index=True)
