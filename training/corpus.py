"""The training corpus: invented calls as labelled utterances (format: corpus/README.md)."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
PHASES = ("opening", "exploration", "action", "closing")
EVENTS = ("interruption", "attempt", "completion", "cooperative", "simultaneous")
SIGNALS = (
    "ask_agreement",
    "check_in",
    "invite_meaning",
    "ask_action",
    "ask_close",
    "acknowledge",
    "observe",
    "reflect",
    "accept_correction",
    "open_question",
    "closed_question",
    "leading_question",
    "make_meaning",
    "stay_on_problem",
    "own_thinking",
    "reject_correction",
    "choose_path",
    "advise",
    "manage",
)
SPEAKERS = {"c": "coach", "k": "client", "o": "other"}
LEADS = {"L": 1.0, "l": 0.5}
WORDS_PER_SECOND = 3.0
LINE = re.compile(r"(\d+)\s+([CKOcko])\s+(-?\d*\.?\d+)(?:@(\d+))?\s+(.*?)\s*\|\s*(.*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance of a call, with its labels and the time that its gap gives it.

    `leads` = the share of two labellings that say so: 1, 0.5 or 0.
    """

    number: int
    speaker: str
    backchannel: bool
    start_ms: int
    end_ms: int
    phase: str
    leads: float
    event: str | None
    signals: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call, or one exchange cut from a call."""

    name: str
    head: dict[str, str]
    lines: tuple[Line, ...] = field(default=())

    @property
    def file(self) -> str:
        """The file that it stands in, such as "calls/a01"."""
        return self.name.partition(":")[0]


class CorpusFault(ValueError):
    """A line that breaks the format; the message names file and line."""


def _line(text: str, ends: dict[int, int], previous: int | None) -> Line:
    match = LINE.fullmatch(text)
    if not match:
        raise CorpusFault("not in the form: number who gap phase marks | words")
    number, who, gap, after, marks, words = match.groups()
    phase, *rest = marks.split() or [""]
    if phase not in PHASES:
        raise CorpusFault(f"unknown phase {phase!r}")
    events = [mark[1:] for mark in rest if mark.startswith("!")]
    signals = [mark for mark in rest if mark not in LEADS and not mark.startswith("!")]
    unknown = [s for s in signals if s not in SIGNALS] + [e for e in events if e not in EVENTS]
    if unknown or len(events) > 1:
        raise CorpusFault(f"unknown or too many marks {unknown or events}")
    if signals and who != "C":
        raise CorpusFault("signals are for coach turns only")
    anchor = int(after) if after else previous
    if anchor is not None and anchor not in ends:
        raise CorpusFault(f"@{anchor} is not an earlier utterance")
    start = 1000 if anchor is None else max(0, ends[anchor] + round(1000 * float(gap)))
    length = max(250, round(1000 * len(words.split()) / WORDS_PER_SECOND))
    leads = max((LEADS.get(mark, 0.0) for mark in rest), default=0.0)
    return Line(int(number), SPEAKERS[who.lower()], who.islower(), start, start + length, phase,
                leads, events[0] if events else None, frozenset(signals), words)


def parse(name: str, text: str) -> list[Call]:
    """The calls of one file; a blank line parts two exchanges."""
    head: dict[str, str] = {}
    blocks: list[list[Line]] = [[]]
    ends: dict[int, int] = {}
    previous: int | None = None
    for at, raw in enumerate(text.splitlines(), 1):
        row = raw.strip()
        if row.startswith("#"):
            key, _, value = row[1:].partition(":")
            head[key.strip()] = value.strip()
        elif not row:
            blocks.append([])
            ends, previous = {}, None
        else:
            try:
                line = _line(row, ends, previous)
            except CorpusFault as fault:
                raise CorpusFault(f"{name}:{at}: {fault}") from None
            ends[line.number] = line.end_ms
            previous = previous if line.backchannel else line.number
            blocks[-1].append(line)
    missing = {"topic", "coach", "client", "coaching", "split"} - head.keys()
    if missing:
        raise CorpusFault(f"{name}: head lacks {sorted(missing)}")
    return [Call(f"{name}:{i}", head, tuple(block)) for i, block in enumerate(blocks) if block]


def load(folder: Path = FOLDER) -> list[Call]:
    """Every call and exchange of the corpus, in the order of file names."""
    found = []
    for path in sorted([*folder.glob("calls/*.txt"), *folder.glob("exchanges/*.txt")]):
        found += parse(f"{path.parent.name}/{path.stem}", path.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Print what the corpus holds, or the first fault and exit status 1."""
    faults = 0
    calls: list[Call] = []
    for path in sorted([*FOLDER.glob("calls/*.txt"), *FOLDER.glob("exchanges/*.txt")]):
        try:
            calls += parse(f"{path.parent.name}/{path.stem}", path.read_text(encoding="utf-8"))
        except CorpusFault as fault:
            faults += 1
            sys.stderr.write(f"{fault}\n")
    lines = [line for call in calls for line in call.lines]
    coach = [line for line in lines if line.speaker == "coach" and not line.backchannel]
    count = Counter(signal for line in coach for signal in line.signals)
    sys.stdout.write(f"{len(calls)} calls and exchanges, {len(lines)} utterances, {len(coach)} coach turns\n")
    for label, n in count.most_common():
        sys.stdout.write(f"{n:6d} {label}\n")
    for label, n in Counter(line.event for line in lines if line.event).most_common():
        sys.stdout.write(f"{n:6d} !{label}\n")
    sys.stdout.write(f"{sum(line.leads == 1 for line in lines):6d} L\n")
    sys.stdout.write(f"{sum(line.leads == LEADS['l'] for line in lines):6d} l\n")
    raise SystemExit(1 if faults else 0)


if __name__ == "__main__":
    main()
