"""What is known of a call beside its sound: its segments, names that Zoom showed, its coach, who was there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from integration.corrections import Corrections, corrected
from integration.jobs import segments
from integration.store.record import MEDIA, TIMELINE, TRANSCRIPT, Record
from integration.store.schema import CallFile
from integration.store.zoom_schema import Attendance
from integration.zoom.presence import Move, time_together
from processor.analysis.naming import name_the_coach, name_voices
from processor.errors import RecordingUnusable
from processor.formats import captions, timeline
from processor.model.segment import Segment, union
from processor.model.session import Session
from processor.model.speech import Annotation, SpeechSpan
from processor.speech.recording import Recording, Track

MIXED, TRACK = f"{MEDIA}-mixed-", f"{MEDIA}-track-"


@dataclass(frozen=True, slots=True)
class Given:
    """What is handed to the hearing, and what is added to what it heard."""

    recording: Recording
    gaps: tuple[Segment, ...]
    names: tuple[Annotation, ...]
    coach_names: tuple[str, ...]
    together: tuple[int, int | None] | None

    def added_to(self, session: Session) -> Session:
        """`session` with names, with its coach, with what was not recorded as gaps, and only from when to when at
        least two people were there."""
        for shown in self.names:
            session = name_voices(session, shown)
        named = (name_the_coach(session, name) for name in self.coach_names)
        session = next((one for one in named if one != session), session)
        return corrected(session, Corrections(struck=union((*self.gaps, *self._alone(session.duration_ms)))))

    def _alone(self, duration_ms: int) -> Iterator[Segment]:
        if self.together is None:
            return
        first, last = self.together
        if 0 < first < duration_ms:
            yield Segment(0, first)
        if last is not None and 0 < last < duration_ms:
            yield Segment(last, duration_ms)


def gather(record: Record, folder: Path) -> Given:
    """What is kept of the call as something to hear; its sound lies in `folder`, plain."""
    files = {file.id: file for file in record.call.files}
    kept = [(name, files[int(name.rpartition("-")[2])]) for name in record.names() if name.startswith((MIXED, TRACK))]
    if not kept:
        raise RecordingUnusable("nothing of this recording is kept that could be heard", code="NO_AUDIO")
    begin = min((file.start_ms for _, file in kept if file.start_ms), default=0)
    sounds = [(name, _track(record, name, file, begin, folder)) for name, file in kept]
    mixed = [track for name, track in sounds if name.startswith(MIXED)]
    gaps = segments.join(mixed, folder / "mixed.wav") if len(mixed) > 1 else ()
    first = mixed[0].path if mixed else None
    return Given(
        recording=Recording(
            mixed=folder / "mixed.wav" if len(mixed) > 1 else first,
            tracks=tuple(track for name, track in sounds if name.startswith(TRACK)),
        ),
        gaps=gaps,
        names=tuple(_names(record, files, begin)),
        coach_names=tuple(_coach_names(record)),
        together=_together(record, begin),
    )


def _track(record: Record, name: str, file: CallFile, begin: int, folder: Path) -> Track:
    path = record.vault.write_plain(record.call.id, name, record.key, folder / name)
    sealed = file.participant_sealed
    person = None if sealed is None else record.key.open_text(sealed, f"participant:{file.zoom_id}")
    return Track(person, path, max(0, file.start_ms - begin))


def _names(record: Record, files: dict[int, CallFile], begin: int) -> Iterator[Annotation]:
    """Who was shown as speaking, on the call's time line: Zoom's timeline before its transcript."""
    for start, read in ((TIMELINE, timeline.load), (TRANSCRIPT, captions.load)):
        for name in record.names():
            if name.startswith(start) and (text := record.text(name)) is not None:
                file = files[int(name.rpartition("-")[2])]
                yield _later(read(text), max(0, file.start_ms - begin))


def _later(shown: Annotation, by_ms: int) -> Annotation:
    return Annotation.of(
        SpeechSpan(Segment(span.segment.start_ms + by_ms, span.segment.end_ms + by_ms), span.label)
        for span in shown.spans
    )


def _coach_names(record: Record) -> Iterator[str]:
    """Names under which the coach may have been shown: where the timeline has their address, and their own."""
    if record.coach is None:
        return
    for name in record.names():
        if name.startswith(TIMELINE) and (text := record.text(name)) is not None:
            yield from sorted(_shown_as(text, record.coach.email))
    if record.coach.name:
        yield record.coach.name


def _shown_as(text: str, email: str) -> set[str]:
    """Names that the timeline shows for an address; empty when it cannot be read."""
    try:
        root = json.loads(text)
        entries = [*root.get("timeline", []), *root.get("timeline_refine", [])]
        users = [user for entry in entries for user in entry.get("users", [])]
        return {user["username"] for user in users if str(user.get("email_address", "")).lower() == email.lower()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return set()


def _together(record: Record, begin: int) -> tuple[int, int | None] | None:
    """From when to when at least two people were there, on the call's time line."""
    if not begin:
        return None
    with record.database.transaction() as tx:
        rows = tx.scalars(select(Attendance).where(Attendance.meeting_uuid == record.call.meeting_uuid)).all()
    together = time_together(Move(row.person, row.at_ms, row.joined) for row in rows)
    if together is None:
        return None
    first, last = together
    return first - begin, None if last is None else last - begin
