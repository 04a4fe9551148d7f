"""Hears cuts of the sample call in a process that may reach nothing but itself, and tells what happened.

The models' libraries take 20 s to import and may only be looked at before anybody else imported them, so all
tests with real models share one run of this script:  python hear_in_private.py CUTS_FOLDER  (JSON to stdout).
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from processor.errors import ModelMissing, ProductError
from processor.formats import words_json
from processor.model.segment import Segment
from processor.speech.chunks import Chunk
from processor.speech.hearing import Hearing, load_hearing
from processor.speech.profiles import Embedded, Standard
from processor.speech.recording import Recording, Track
from processor.speech.samples import decode

looked_up: list[str] = []
rows: list[np.ndarray] = []


def refuse_network() -> None:
    """From here on only loopback can be reached; every other try is noted and fails."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def local(host: object) -> bool:
        return str(host) in {"localhost", "127.0.0.1", "::1"} or str(host).startswith("/")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if not local(address[0] if isinstance(address, tuple) else address):
            looked_up.append(str(address))
            raise OSError("refused by the test")
        connect(self, address)

    def guarded_look_up(host: Any, *rest: Any, **more: Any) -> Any:
        if not local(host):
            looked_up.append(str(host))
            raise OSError("refused by the test")
        return look_up(host, *rest, **more)

    socket.socket.connect = guarded_connect
    socket.getaddrinfo = guarded_look_up


def watch_voices(models: Embedded) -> None:
    """Remembers what voices were like, so that the disk can be searched for it."""
    voices = models.voices()
    embed = voices.embed

    def watched(windows: np.ndarray) -> np.ndarray:
        found = embed(windows)
        rows.extend(found)
        return found

    voices.embed = watched  # the same model, looked at


def told(hearing: Hearing, recording: Recording, **more: Any) -> dict[str, Any]:
    """What came of a recording: the session as words.json, or the code of the refusal."""
    progress: list[tuple[str, float]] = []

    def note(stage: str, share: float) -> None:
        progress.append((stage, share))

    try:
        session, seconds = hearing.listen(recording, progress=note, **more)
    except ProductError as fault:
        return {"refused": fault.code, "message": fault.message}
    return {"words_json": words_json.dump(session), "seconds": dict(seconds), "progress": progress}


def files_with(needles: list[bytes], folders: list[Path]) -> list[str]:
    found = []
    for folder in folders:
        for path in filter(Path.is_file, folder.rglob("*")):
            content = path.read_bytes()
            found += [path.name] if any(needle in content for needle in needles) else []
    return found


class Folder:
    """Parts that are kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def read(self, part: str) -> bytes | None:
        path = self.folder / part
        return path.read_bytes() if path.exists() else None

    def keep(self, part: str, content: bytes) -> None:
        (self.folder / part).write_bytes(content)


def ended_and_resumed(models: Embedded, cuts: Path, kept: Folder) -> dict[str, Any]:
    """A job that ends at its last chunk, and the same job again with what the first one had kept."""
    recording = Recording(cuts / "mix.wav", language="en")

    def die(stage: str, share: float) -> None:
        if stage == "words" and share > 0:
            raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt):
        Hearing(models, 1).listen(recording, progress=die, checkpoints=kept)
    parts = sorted(path.name for path in kept.folder.iterdir())
    return {"parts": parts, "again": told(Hearing(models, 1), recording, checkpoints=kept)}


def main(cuts: Path) -> dict[str, Any]:
    refuse_network()
    temporary, cache, kept = cuts / "temporary", cuts / "models", Folder(cuts / "kept")
    temporary.mkdir()
    tempfile.tempdir = str(temporary)
    models = Embedded(cache, lanes=2)
    hearing = Hearing(models, 2)
    hearing.warm_up()
    watch_voices(models)
    coach, client = Track("Dana", cuts / "track_coach.wav"), Track("Tom", cuts / "late_client.wav", offset_ms=4_000)
    silent = Track("Tom", cuts / "silent.wav")
    came_back = (Track("Tom", cuts / "client_first.wav"), Track("Tom", cuts / "client_second.wav", offset_ms=21_000))
    namesakes = (replace(client, name="Alex"), replace(coach, name="Alex"))
    found = {
        "mixed": told(hearing, Recording(cuts / "mix.wav")),
        "tracks": told(hearing, Recording(None, (coach, client), language="en")),
        "one_missing": told(hearing, Recording(cuts / "mix.wav", (coach,), language="en")),
        "one_silent": told(hearing, Recording(cuts / "mix.wav", (coach, silent), language="en")),
        "all_silent": told(hearing, Recording(cuts / "mix.wav", (replace(silent, name="Dana"), silent), language="en")),
        "one_room": told(hearing, Recording(cuts / "mix.wav", (Track("Dana", cuts / "mix.wav"), silent))),
        "third": told(hearing, Recording(cuts / "third.wav", (coach, client), language="en")),
        "came_back": told(hearing, Recording(None, (coach, *came_back), language="en")),
        "namesakes": told(hearing, Recording(None, namesakes, language="en")),
        "stereo": told(hearing, Recording(cuts / "stereo.wav")),
        "one_voice": told(hearing, Recording(cuts / "track_coach.wav", language="en")),
        "silent": told(hearing, Recording(cuts / "silent.wav")),
        "short": told(hearing, Recording(cuts / "short.wav")),
        "alone": told(hearing, Recording(None, (coach,))),
        "unknown_language": told(hearing, Recording(cuts / "mix.wav", language="xx")),
        "resumed": ended_and_resumed(models, cuts, kept),
    }
    found["standard"] = standard(cuts, next(cache.glob("whisper-base-*")))
    greatest = [row[(at := int(row[:-4].argmax())) : at + 4] for row in rows]
    needles = [four.astype(kind).tobytes() for four in greatest for kind in (np.float32, np.float64)]
    return found | {
        "voice_rows": len(rows),
        "voices_on_disk": files_with(needles, [temporary, kept.folder]),
        "looked_up": looked_up,
        "telemetry_on": telemetry_on(),
        "threads": [thread.name for thread in threading.enumerate()],
        "unknown_profile": unknown_profile(),
    }


def standard(cuts: Path, whisper: Path) -> dict[str, Any]:
    """The `standard` profile on small models in the hub's formats; Whisper base stands where turbo would."""
    from tests.processor.speech import hub_models  # its imports are the models'

    folder = cuts / "hub"
    models = Standard(folder, lanes=1)
    refused = [refusal(models.words), refusal(models.voices)]
    hub_models.community_1(folder / "speaker-diarization-community-1")
    hub_models.wav2vec2(folder / "wav2vec2-en")
    (folder / "whisper-large-v3-turbo").symlink_to(whisper.absolute())
    sound = decode(cuts / "mix.wav").between(12_000, 24_000)
    chunk = Chunk((Segment(12_000, 24_000),))
    voices, times = models.voices(), models.times("en")
    rows = voices.embed(np.stack([sound[:24_000], sound[24_000:48_000]]))
    return {
        "refused": refused,
        "words": [word.text for word in models.words().words([chunk], [sound], "en", 5)[0]],
        "activity": list(voices.activity(sound).shape),
        "lengths": np.linalg.norm(rows, axis=1).tolist(),
        "times": times.times(sound, ["Thank", "you", "for", "saying", "that."]) if times else None,
        "no_times": models.times("fr") is None,
        "unspellable": times.times(sound, ["1984"]) if times else [],
    }


def refusal(load: Callable[[], object]) -> str:
    try:
        load()
    except ModelMissing as fault:
        return fault.message
    return ""


def telemetry_on() -> bool:
    """What pyannote.audio itself says about its reports to its maker."""
    from pyannote.audio.telemetry.metrics import is_metrics_enabled

    return bool(is_metrics_enabled())


def unknown_profile() -> str:
    try:
        load_hearing("best")
    except ValueError as fault:
        return str(fault)
    return ""


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))  # noqa: T201  # the answer to the test that started this
