"""What Zoom told beside the sound: segments on one time line, names, the coach, who was there when."""

from __future__ import annotations

import json
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from integration.jobs import segments
from integration.jobs.given import gather
from integration.store import calls, people
from integration.store.people import PersonKind
from integration.store.record import Record
from integration.store.schema import CallFile
from integration.store.zoom_schema import Attendance
from integration.wiring import Services
from processor.model.people import Participant, Role
from processor.model.segment import Segment
from processor.model.session import Session, Source
from processor.model.speech import Annotation, SpeechSpan, Word
from processor.speech.recording import Track

BEGIN = 1_794_000_000_000
RATE = 16_000


def tone(path: Path, seconds: float, level: int) -> Path:
    """A WAV that holds one level all along."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(np.full(int(seconds * RATE), level, dtype=np.int16).tobytes())
    return path


def levels(path: Path) -> list[int]:
    """The level in the middle of each second."""
    with wave.open(str(path)) as sound:
        frames = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)
    return [int(frames[at]) for at in range(RATE // 2, len(frames), RATE)]


def joined(folder: Path, *parts: tuple[float, float]) -> tuple[list[int], Sequence[Segment]]:
    """Levels and gaps of parts given as (start, length) in seconds; part n has level 100 n."""
    tracks = [
        Track(None, tone(folder / f"{n}.wav", length, 100 * n), int(start * 1000))
        for n, (start, length) in enumerate(parts, start=1)
    ]
    gaps = segments.join(tracks, folder / "out.wav")
    return levels(folder / "out.wav"), gaps


def test_34_segments_lie_on_one_time_line(tmp_path: Path) -> None:
    """2 s, a gap of 3 s, 2 s: the gap is silent and is told as not recorded."""
    assert joined(tmp_path, (0, 2), (5, 2)) == ([100, 100, 0, 0, 0, 200, 200], (Segment(2000, 5000),))


def test_34_segments_in_any_order(tmp_path: Path) -> None:
    """The later part given first: the same time line."""
    assert joined(tmp_path, (3, 1), (0, 2)) == ([200, 200, 0, 100], (Segment(2000, 3000),))


def test_34_what_two_segments_both_hold_is_heard_once(tmp_path: Path) -> None:
    """The second begins a second before the first ends: its first second is cut, nothing is a gap."""
    assert joined(tmp_path, (0, 3), (2, 3)) == ([100, 100, 100, 200, 200], ())


def test_34_a_segment_inside_another_adds_nothing(tmp_path: Path) -> None:
    """A part that the part before it holds entirely is left out."""
    assert joined(tmp_path, (0, 4), (1, 2)) == ([100] * 4, ())


@pytest.fixture
def record(services: Services, tmp_path: Path) -> Record:
    """A call of Dana's with one mixed recording of 60 seconds."""
    with services.database.transaction() as tx:
        coach = people.add_person(tx, "dana.coach@example.com", (PersonKind.COACH,), now_ms=0, name="Dana")
        call, _ = calls.add_call(
            tx, services.keys, origin="zoom", started_ms=BEGIN, now_ms=0, meeting_uuid="u", coach_id=coach.id
        )
        call.files.append(CallFile(zoom_id="m", kind="mixed", status="completed", start_ms=BEGIN))
        call.files.append(CallFile(zoom_id="t", kind="timeline", status="completed", start_ms=BEGIN))
        tx.flush()
        call_id, file_id = call.id, call.files[0].id
    record = services.record(call_id)
    sound = tone(tmp_path / "call.wav", 60, 1).read_bytes()
    kept = record.vault.write(call_id, f"media-mixed-{file_id}", [sound], record.key)
    with services.database.transaction() as tx:
        calls.keep_artefact(tx, call_id, f"media-mixed-{file_id}", kept, 0)
    return record


def heard() -> Session:
    """Two voices of 20 seconds each, a word of each, and one voice before and after them."""
    spans = [(0, 4_000, "A"), (5_000, 25_000, "A"), (26_000, 46_000, "B"), (50_000, 55_000, "A")]
    return Session(
        language="en",
        duration_ms=60_000,
        source=Source.MIXED,
        participants=(Participant("A", None, None), Participant("B", None, None)),
        words=tuple(Word("w", Segment(start, start + 500), label) for start, _, label in spans),
        speech=Annotation.of(SpeechSpan(Segment(start, end), label) for start, end, label in spans),
    )


def show(record: Record, *entries: tuple[str, str, str]) -> None:
    """Keep a timeline of (time, name, address)."""
    told = [{"ts": ts, "users": [{"username": name, "email_address": email}]} for ts, name, email in entries]
    timeline = next(file for file in record.call.files if file.kind == "timeline")
    record.keep_text(f"timeline-{timeline.id}", json.dumps({"timeline": told}))


def given(record: Record, tmp_path: Path) -> Session:
    return gather(record, tmp_path).added_to(heard())


def test_the_timeline_names_the_voices_and_the_host_is_the_coach(record: Record, tmp_path: Path) -> None:
    """Shown as "Dana C." with Dana's address: that voice is the coach, the only other one the client."""
    show(record, ("00:00:05.000", "Dana C.", "Dana.Coach@example.com"), ("00:00:26.000", "Ana", ""))
    people_of = {p.label: (p.name, p.role) for p in given(record, tmp_path).participants}
    assert people_of == {"A": ("Dana C.", Role.COACH), "B": ("Ana", Role.CLIENT)}


def test_a_coach_is_known_by_their_own_name_too(record: Record, tmp_path: Path) -> None:
    """Shown without an address, as "Dana", which is the coach's name here."""
    show(record, ("00:00:05.000", "Ana", ""), ("00:00:26.000", "dana", ""))
    assert {p.label: p.role for p in given(record, tmp_path).participants} == {"A": Role.CLIENT, "B": Role.COACH}


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"timeline": 5}', '{"timeline": [{"ts": 1}]}'])
def test_62_a_broken_timeline_is_no_help_and_no_harm(record: Record, tmp_path: Path, text: str) -> None:
    """Names and roles stay open."""
    timeline = next(file for file in record.call.files if file.kind == "timeline")
    record.keep_text(f"timeline-{timeline.id}", text)
    assert {(p.name, p.role) for p in given(record, tmp_path).participants} == {(None, None)}


def test_only_the_time_together_is_read(record: Record, services: Services, tmp_path: Path) -> None:
    """Ana came after 7 s and left after 46 s: what was said before 5 s and after 48 s (2 s of margin) is gone."""
    moves = [("a", -60_000, True), ("b", 7_000, True), ("b", 46_000, False), ("a", 59_000, False)]
    with services.database.transaction() as tx:
        for person, at, joined_ in moves:
            tx.add(Attendance(meeting_uuid="u", person=person, at_ms=BEGIN + at, joined=joined_))
    session = given(record, tmp_path)
    assert [word.segment.start_ms for word in session.words] == [5_000, 26_000]
    assert session.gaps == (Segment(0, 5_000), Segment(48_000, 60_000))


def test_without_joins_and_leaves_everything_is_read(record: Record, tmp_path: Path) -> None:
    """Nothing told: nothing struck out."""
    assert len(given(record, tmp_path).words) == 4
