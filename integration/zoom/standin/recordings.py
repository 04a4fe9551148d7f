"""Recordings as the stand-in holds them, and the JSON in which Zoom tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

EXTENSIONS = {"TIMELINE": "JSON", "TRANSCRIPT": "VTT", "CHAT": "TXT"}


@dataclass(slots=True)
class File:
    """One file. `content` is bytes or a path; `name` is set for one participant's audio."""

    id: str
    file_type: str
    recording_type: str
    content: bytes | Path
    start: datetime
    end: datetime
    name: str | None = None
    status: str = "completed"
    told_size: int | None = None
    etag: str = '"1"'

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def read(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()

    def described(self, host: str, meeting_uuid: str) -> dict[str, Any]:
        """The file as Zoom lists it. While it is processing there is no way to fetch it."""
        told = {
            "id": self.id,
            "recording_start": written(self.start),
            "recording_end": written(self.end),
            "file_type": self.file_type,
            "file_extension": EXTENSIONS.get(self.file_type, self.file_type),
            "file_size": self.size if self.told_size is None else self.told_size,
            "download_url": f"{host}/rec/webhook_download/{self.id}" if self.status == "completed" else "",
            "status": self.status,
        }
        if self.name is None:
            told |= {"meeting_id": meeting_uuid, "recording_type": self.recording_type}
        else:
            told |= {"file_name": f"Audio only - {self.name}"}
        if self.file_type in {"MP4", "M4A", "TRANSCRIPT"}:
            told |= {"play_url": f"{host}/rec/play/{self.id}"}
        return told


@dataclass(slots=True)
class Meeting:
    """One occurrence of a meeting with its recording. `place` is live, trash or gone."""

    uuid: str
    number: int
    host_id: str
    host_email: str
    topic: str
    started: datetime
    files: list[File] = field(default_factory=list)
    account_id: str = ""
    place: str = "live"
    listed: bool = True

    def listed_by_api(self, host: str) -> dict[str, Any]:
        """The recording as the API has it in a list: types as texts, a timeline called TB, no participants' audio."""
        told = self.described(host)
        told.pop("participant_audio_files", None)
        told["type"] = str(told["type"])
        for file in told["recording_files"]:
            file["file_type"] = {"TIMELINE": "TB"}.get(file["file_type"], file["file_type"])
        return told

    def given_by_api(self, host: str) -> dict[str, Any]:
        """The recording as the API has it by itself: as in the list, with the participants' own audio."""
        tracks = self.described(host).get("participant_audio_files")
        return self.listed_by_api(host) | ({"participant_audio_files": tracks} if tracks else {})

    def described(self, host: str, files: list[File] | None = None) -> dict[str, Any]:
        """The recording as webhooks tell it, with `files` or with all."""
        shown = self.files if files is None else files
        recorded = [file.described(host, self.uuid) for file in shown if file.name is None]
        tracks = [file.described(host, self.uuid) for file in shown if file.name is not None]
        length = max((file.end for file in self.files), default=self.started) - self.started
        told: dict[str, Any] = {
            "uuid": self.uuid,
            "id": self.number,
            "account_id": self.account_id,
            "host_id": self.host_id,
            "host_email": self.host_email,
            "topic": self.topic,
            "type": 2,
            "start_time": written(self.started),
            "timezone": "Europe/Lisbon",
            "duration": round(length / timedelta(minutes=1)),
            "total_size": sum(file.size for file in shown),
            "recording_count": len(recorded),
            "share_url": f"{host}/rec/share/invented",
            "recording_files": recorded,
        }
        if tracks:
            told["participant_audio_files"] = tracks
        return told


def written(moment: datetime) -> str:
    """A time as Zoom writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
