"""How exactly and how fast calls are heard, beside the plain recipe on the same models in the same run.

    python bench/hearing.py [--runs 3] [--no-hour] [CALL ...]

CALL is a folder with mix.m4a (or .flac), track_*.m4a and truth.rttm (and truth.json for words); the sample call is
always heard. Runs are interleaved and medians printed, because other work on the machine moves every time; judge
by the ratios. The hour is made of the sample call at changing levels, and heard in a process of its own. Writes
bench/out/hearing.json with the load of the machine; exit status 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from _hearing_scores import (
    diarisation,
    overlap_f1,
    plain_error_rate,
    read_truth,
    right_speaker,
    start_error_ms,
    word_error_rate,
)

from processor.model.session import Session
from processor.speech import weights
from processor.speech.hearing import Hearing
from processor.speech.offline import stay_offline
from processor.speech.profiles import Embedded
from processor.speech.recording import Recording, Track
from processor.speech.samples import RATE, decode

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples" / "sample_call"
OUT = ROOT / "bench" / "out" / "hearing.json"
MODELS = ROOT / "var" / "models"
CORES = 2
NO_BAR = float("inf")

Row = tuple[str, float, float, bool]
"""What was measured, the figure, its bar, and whether more is better."""


def mixed_of(call: Path) -> Path:
    """The call's mixed file."""
    return next(path for path in (call / "mix.m4a", call / "mix.flac") if path.is_file())


def tracks_of(call: Path) -> tuple[Track, ...]:
    """The call's files of one person each."""
    return tuple(Track(path.stem.removeprefix("track_"), path) for path in sorted(call.glob("track_*")))


class Plain:
    """whisperx with its own voice activity model, then pyannote.audio's pipeline with its default step."""

    def __init__(self, folder: Path) -> None:
        stay_offline()  # before the first of the imports below
        import torch  # noqa: PLC0415 - not before stay_offline
        import whisperx.asr  # noqa: PLC0415 - as above

        from processor.speech.pyannote_voices import local_pipeline  # noqa: PLC0415 - as above

        self._torch = torch
        torch.set_num_threads(CORES)
        self._asr = whisperx.asr.load_model(str(folder), "cpu", compute_type="int8", threads=CORES)
        self._pipeline = local_pipeline(
            weights.packaged(weights.SEGMENTATION, "segmentation model"),
            weights.packaged(weights.VOICES, "voice model"),
            step=0.1,
        )

    def hear(self, path: Path, *, voices: bool = True) -> str:
        """What was said; who said it is found as well and thrown away."""
        torch = self._torch
        torch.set_num_threads(CORES)
        sound = decode(path).between(0, 1e9)
        heard = self._asr.transcribe(sound, batch_size=8)
        if voices:
            file = {"waveform": torch.from_numpy(sound)[None], "sample_rate": RATE, "uri": "call"}
            self._pipeline(file, num_speakers=2)
        torch.set_num_threads(1)
        return " ".join(segment["text"] for segment in heard["segments"])


def seconds(work: Callable[[], Any]) -> tuple[Any, float]:
    """What `work` gives, and how long it took."""
    began = time.monotonic()
    return work(), time.monotonic() - began


def speed(models: Embedded, plain: Plain, runs: int) -> list[Row]:
    """Wall times on the sample call, each against what it must not exceed."""
    mixed, tracks = Recording(mixed_of(SAMPLE)), Recording(None, tracks_of(SAMPLE))
    taken: dict[str, list[float]] = {}
    for _ in range(runs):
        _, plain_s = seconds(lambda: plain.hear(mixed.mixed or SAMPLE))
        _, mixed_s = seconds(lambda: Hearing(models, CORES).listen(mixed))
        (_, stages), _ = seconds(lambda: Hearing(models, 1).listen(mixed))
        _, tracks_s = seconds(lambda: Hearing(models, CORES).listen(tracks))
        work = sum(value for stage, value in stages if stage in {"activity", "words", "voices"})
        for name, value in (("plain", plain_s), ("mixed", mixed_s), ("work", work), ("tracks", tracks_s)):
            taken.setdefault(name, []).append(value)
    median = {name: statistics.median(values) for name, values in taken.items()}
    print({name: [round(value, 1) for value in values] for name, values in taken.items()}, flush=True)
    shown = {"plain recipe": "plain", "mixed": "mixed", "tracks": "tracks", "work there is, one thread": "work"}
    return [
        *((f"{name}, seconds", median[key], NO_BAR, False) for name, key in shown.items()),
        ("mixed / plain recipe", median["mixed"] / median["plain"], 0.5, False),
        ("mixed / work there is", median["mixed"] * CORES / median["work"], 1.2, False),
        ("tracks / mixed", median["tracks"] / median["mixed"], 0.6, False),
        ("warm start, seconds", _warm_start(models, mixed), 1.0, False),
    ]


def _warm_start(models: Embedded, recording: Recording) -> float:
    """How long after the call to a warm hearing the sound is decoded."""
    told: list[float] = []
    began = time.monotonic()

    class Enough(Exception):
        """The first piece is done."""

    def note(_stage: str, _share: float) -> None:
        told.append(time.monotonic() - began)
        raise Enough

    with contextlib.suppress(Enough):
        Hearing(models, CORES).listen(recording, progress=note)
    return told[0]


def exactness(models: Embedded, plain: Plain, call: Path) -> list[Row]:
    """What was heard against the truth: from the mixed file and from the tracks."""
    truth, rows = read_truth(call), []
    kinds = [("mixed", Recording(mixed_of(call)), 1.0, 0.75, 98.0)]
    kinds += [("tracks", Recording(None, tracks_of(call)), 0.3, 0.95, 99.5)]
    for kind, recording, most_der, least_f1, least_right in kinds:
        session: Session = Hearing(models, CORES).listen(recording)[0]
        found, name = diarisation(truth, session), f"{call.name}, {kind}"
        if not truth.words:
            rows += [(f"{name}: speaker confusion %", found["confusion"], 0.3, False)]
            continue
        wrong, off = word_error_rate(truth, session.words), start_error_ms(truth, session.words)[0]
        most_wrong = plain_error_rate(truth, plain.hear(mixed_of(call), voices=False))
        rows += [
            (f"{name}: DER %, collar 0.5", found["der"], most_der, False),
            (f"{name}: overlaps found, F1", overlap_f1(truth, session), least_f1, True),
            (f"{name}: WER % (bar: plain whisperx)", wrong, most_wrong, False),
            (f"{name}: words on the right speaker %", right_speaker(truth, session.words), least_right, True),
            (f"{name}: word starts, median error ms", off, 100.0, False),
        ]
    return rows


def hour() -> dict[str, float]:
    """An hour of the sample call at changing levels: minutes to hear it with models loaded, and peak memory."""
    models = Embedded(MODELS, CORES)
    hearing = Hearing(models, CORES)
    hearing.warm_up()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hour.wav"
        sound = decode(mixed_of(SAMPLE)).between(0, 1e9)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            for turn in range(9):
                louder = 10 ** ((turn % 3 - 1) * 4 / 20)
                file.writeframes((sound * louder * 32767).clip(-32768, 32767).astype(np.int16).tobytes())
        _, taken = seconds(lambda: hearing.listen(Recording(path)))
    # Not getrusage: a process begins with the peak of the one that started it.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {"minutes": taken / 60, "gigabytes": int(status["VmHWM"].split()[0]) / 2**20}


def hour_rows() -> list[Row]:
    """The hour, heard in a process of its own so that its memory is its own."""
    run = subprocess.run([sys.executable, __file__, "--only-hour"], capture_output=True, text=True, check=True)
    found = json.loads(run.stdout.splitlines()[-1])
    return [
        ("an hour, minutes", found["minutes"], 5.0, False),
        ("an hour, peak memory GB", found["gigabytes"], 3.0, False),
    ]


def main() -> int:
    """Measure, print, keep; 1 when a bar is missed."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("calls", nargs="*", type=Path)
    ask.add_argument("--runs", type=int, default=3)
    ask.add_argument("--hour", action=argparse.BooleanOptionalAction, default=True)
    ask.add_argument("--only-hour", action="store_true")
    asked = ask.parse_args()
    if asked.only_hour:
        print(json.dumps(hour()))
        return 0
    models = Embedded(MODELS, CORES)
    models.words()
    plain = Plain(next(MODELS.glob("whisper-base-*")))
    rows: list[Row] = []
    for call in [SAMPLE, *asked.calls]:
        rows += _shown(exactness(models, plain, call))
    rows += _shown(speed(models, plain, asked.runs)) if asked.runs else []
    load = os.getloadavg()[0]
    rows += _shown(hour_rows()) if asked.hour else []
    print(f"{'load of the machine after the runs':<58} {load:9.1f}")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    found = {name: round(value, 4) for name, value, _, _ in rows} | {"load": round(load, 1)}
    OUT.write_text(json.dumps(found, indent=1) + "\n")
    return int(not all(_is_met(row) for row in rows))


def _is_met(row: Row) -> bool:
    _, value, bar, more = row
    return value >= bar if more else value <= bar


def _shown(rows: list[Row]) -> list[Row]:
    """Prints `rows` as lines of the table, and gives them back."""
    for row in rows:
        name, value, bar, more = row
        asked = "" if bar == NO_BAR else f"{'at least' if more else 'at most'} {bar:8.3f}"
        print(f"{name:<58} {value:9.3f}   {asked:<17}  {'' if _is_met(row) else 'MISSED'}".rstrip(), flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
