"""From a file on disk to a report on disk: the commands `process` and `read`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from integration import config, reading
from integration.outputs import make_files, write_files
from processor.analysis.naming import name_the_coach, name_voices
from processor.errors import ExchangeFileFault, RecordingUnusable
from processor.formats import captions, timeline, words_json
from processor.model.session import Session
from processor.speech.recording import Recording, Track

LARGEST_WORDS_FILE = 200 * 1024**2
Report = Callable[[str, float], None]


def process_files(
    media: Path | None,
    tracks: tuple[str, ...],
    *,
    out: Path,
    coach: str | None,
    timeline: Path | None,
    vtt: Path | None,
    language: str | None,
    profile: str | None,
    speakers: int | None,
) -> None:
    """Hear, read and write. Nothing is written unless everything worked."""
    if media is None and not tracks:
        raise RecordingUnusable("name a recording, or --track NAME=FILE for each person", code="NO_INPUT")
    recording = Recording(
        mixed=_existing(media) if media else None,
        tracks=tuple(_track(track) for track in tracks),
        language=language,
        speakers=speakers,
    )
    names = _names(timeline, vtt)
    settings = config.from_env({"speech": {"profile": profile}} if profile else None)
    with _progress() as report:
        from processor.speech.hearing import load_hearing  # noqa: PLC0415 - torch and its kin take 15 s to import

        speech = settings.speech
        hearing = load_hearing(
            speech.profile,
            cache=settings.data_dir.absolute() / "models",
            threads=speech.threads or None,
            device=None if speech.device == "auto" else speech.device,
        )
        session, seconds = hearing.listen(recording, progress=report)
        session = names(session)
        session = name_the_coach(session, coach) if coach else session
        _read_and_write(session, out, speech.profile, seconds, report)


def read_words(words: Path, out: Path, coach: str | None) -> None:
    """Read a words.json and write the report."""
    with _progress() as report:
        session = words_json.load(_text(words, "words.json"))
        session = name_the_coach(session, coach) if coach else session
        _read_and_write(session, out, "given", (), report)


def _read_and_write(
    session: Session, out: Path, profile: str, seconds: tuple[tuple[str, float], ...], report: Report
) -> None:
    report("read", 0.0)
    begin = perf_counter()
    findings, pipeline = reading.read(session, profile, seconds)
    if seconds:  # only what was heard here has times worth telling; a reading alone gives the same bytes each time
        pipeline = reading.with_stage(pipeline, "analyse", perf_counter() - begin)
    report("read", 1.0)
    report("report", 0.0)
    write_files(make_files(session, findings, pipeline), out)
    report("report", 1.0)


def _names(timeline_file: Path | None, vtt_file: Path | None) -> Callable[[Session], Session]:
    """How voices get names: read before anything is heard, so that a missing file is said at once."""
    shown = timeline.load(_text(timeline_file, "the timeline")) if timeline_file else None
    captioned = captions.load(_text(vtt_file, "the transcript")) if vtt_file else None

    def give(session: Session) -> Session:
        for source in (shown, captioned):
            if source is not None:
                session = name_voices(session, source)
        return session

    return give


def _existing(path: Path) -> Path:
    if path.is_dir():
        raise RecordingUnusable("this is a folder; give the recording in it, or --track NAME=FILE", code="NO_FILE")
    if not path.is_file():
        raise RecordingUnusable("there is no such recording; check the path", code="NO_FILE")
    return path


def _track(text: str) -> Track:
    name, equals, path = text.partition("=")
    if not equals or not name.strip() or not path:
        raise RecordingUnusable("--track needs the form NAME=FILE", code="TRACK_FORM")
    return Track(name.strip(), _existing(Path(path)))


def _text(path: Path, what: str) -> str:
    try:
        if path.stat().st_size > LARGEST_WORDS_FILE:
            raise ExchangeFileFault(f"{what} is larger than {LARGEST_WORDS_FILE // 1024**2} MB; check the path")
        return path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise ExchangeFileFault(f"{what} cannot be opened; check the path", code="NO_FILE") from fault
    except UnicodeDecodeError as fault:
        raise ExchangeFileFault(f"{what} is not UTF-8 text") from fault


@contextmanager
def _progress() -> Iterator[Report]:
    """A bar for each part on a terminal; silence in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _part, _share: None
        return
    share = TextColumn("{task.percentage:>3.0f} %")
    times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    columns = (TextColumn("{task.description:>12}"), BarColumn(), share, *times)
    with Progress(*columns, console=Console(stderr=True)) as bars:
        shown: dict[str, TaskID] = {}

        def report(part: str, share: float) -> None:
            if part not in shown:
                shown[part] = bars.add_task(part, total=1.0)
            bars.update(shown[part], completed=share)

        yield report
