"""How long a report of a one-hour call takes, and how much its mail weighs.

    nice .venv/bin/python bench/report.py

The call is made up: turns of 4 to 40 words from a fixed script of lengths, with signals, moves and
comings-in spread over an hour. Limits: report, page, text and mail in under 2 s, the mail under 100 kB. Seconds
are of this process's own computing, so that a busy machine does not break the limit. Writes
bench/out/report.json and prints a table; exit status 1 when a limit is broken.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from processor.model.catalogue import MEASURES
from processor.model.findings import Findings
from processor.model.measures import Measure
from processor.model.people import Sure
from processor.model.reading import SignalId
from reports.audience import Audience
from reports.content import build_report
from reports.context import Context, Links, PastSession
from reports.message import build_message
from reports.page import render_page
from reports.pdf import render_pdf
from reports.text import render_text
from reports.transcript import render_docx
from tests.builders import event, findings, move

HOUR_S = 3600
LIMIT_S = 2.0
LIMIT_BYTES = 100_000
OUT = Path(__file__).parent / "out" / "report.json"


def hour() -> Findings:
    """A call of an hour: about 480 utterances, 45 moves, 40 comings-in, every measure."""
    signals, lines, at, i = list(SignalId), [], 1.0, 0
    while at < HOUR_S - 40:
        coach = i % 2 == 0
        words = 6 + i * 7 % 11 if coach else 9 + i * 13 % 33
        said = f"  [{signals[i % len(signals)]} 0.{70 + i % 29}]" if coach else ""
        lines.append(f"{int(at // 60)}:{at % 60:04.1f} {'coach' if coach else 'client'}: {'word ' * words}{said}")
        at += words / 3 + 0.4 + i % 5
        i += 1
    names = [f"u{n:03}" for n in range(2, i, 11)]
    return findings(
        "\n".join(lines),
        phases="opening 0:00, exploration 6:00, action 41:00, exploration 47:00, action 50:00, closing 56:00",
        coverage="agreement heard u001, check_in partly u101, meaning heard u051, action heard u301, close not_heard",
        led_by="client",
        moves=[move(name, ("client", "coach")[n % 2], confidence=0.6 + n % 4 / 10) for n, name in enumerate(names)],
        floor=[event("interruption", "coach", f"{n + 10}:00", names[n % len(names)]) for n in range(40)],
        measures=[Measure(s.id, 0.4, s.unit, 0.3, 0.5, 4, 10, Sure.FAIR, tuple(names[:6])) for s in MEASURES],
    )


def context() -> Context:
    """Links, and twenty earlier sessions."""
    past = tuple(
        PastSession(date(2026, 1 + n // 10, 1 + n % 10), "new", tuple((s.id, 0.3 + n / 100) for s in MEASURES))
        for n in range(20)
    )
    links = Links(page="https://coach.example/s/1", play="https://coach.example/s/1/audio?t={seconds}")
    return Context(recorded_on=date(2026, 3, 14), links=links, fingerprint="new", earlier=past)


def _timed(work: Callable[[], object]) -> tuple[object, float]:
    start = time.process_time()
    return work(), time.process_time() - start


def main() -> int:
    """Measure, print, keep; 1 when a limit is broken."""
    call, around = hour(), context()
    first, cold = _timed(lambda: render_page(build_report(call, Audience.COACH, around)))
    report, seconds = _timed(lambda: build_report(call, Audience.COACH, around))
    figures = {"first report and page in a process": cold, "report": seconds}
    for name, work in {
        "page": lambda: render_page(report),
        "text": lambda: render_text(report),
        "mail": lambda: build_message(report, "a@coach.example", "b@coach.example", "<1@coach.example>", ""),
        "pdf": lambda: render_pdf(report),
        "docx": lambda: render_docx(call),
    }.items():
        made, figures[name] = _timed(work)
        if name == "mail":
            weight = len(bytes(made))
    whole = figures["report"] + figures["page"] + figures["text"] + figures["mail"]
    for name, taken in figures.items():
        print(f"{name:<36} {taken:6.2f} s")
    print(f"{'report, page, text and mail':<36} {whole:6.2f} s   (limit {LIMIT_S} s)")
    print(f"{'mail':<36} {weight / 1000:6.1f} kB  (limit {LIMIT_BYTES / 1000:.0f} kB)")
    print(f"{'page':<36} {len(str(first)) / 1000:6.1f} kB, {len(call.utterances)} utterances")
    OUT.parent.mkdir(exist_ok=True)
    seconds_by_part = {name: round(taken, 3) for name, taken in figures.items()}
    OUT.write_text(json.dumps({"seconds": seconds_by_part, "whole_s": round(whole, 3), "mail_bytes": weight}) + "\n")
    return int(whole >= LIMIT_S or weight >= LIMIT_BYTES)


if __name__ == "__main__":
    sys.exit(main())
