"""All reports of stored calls, and which promise any of them breaks.

    nice .venv/bin/python looks/every_form.py OUT WORDS.json...

For each words.json: the page, text, mail, PDF (A4 and Letter) of coach, supervisor and client and the two
transcripts go to OUT, to be read by eye; what a machine can hold (tests/reports/promises.py) is checked.
Exit status 1 when a promise is broken.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.report import context
from integration.reading import read
from processor.formats import words_json
from processor.model.findings import Findings
from reports.audience import Audience
from reports.content import build_report
from reports.message import build_message
from reports.page import render_page
from reports.pdf import render_pdf
from reports.text import render_text
from reports.transcript import render_docx, render_vtt
from tests.reports.promises import broken


def write(call: Findings, out: Path) -> None:
    """Every form of every reader's report of `call` into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for audience in Audience:
        report = build_report(call, audience, context())
        message = build_message(report, "a@coach.example", "b@coach.example", "<1@coach.example>", "")
        (out / f"{audience}.txt").write_text(render_text(report), encoding="utf-8")
        (out / f"{audience}.html").write_text(render_page(report), encoding="utf-8")
        (out / f"{audience}.eml").write_bytes(bytes(message))
        (out / f"{audience}.pdf").write_bytes(render_pdf(report))
        (out / f"{audience}-letter.pdf").write_bytes(render_pdf(report, "us-letter"))
    (out / "transcript.docx").write_bytes(render_docx(call))
    (out / "transcript.vtt").write_text(render_vtt(call), encoding="utf-8")


def main(out: Path, files: list[Path]) -> int:
    """Write and check all; 1 when a promise is broken."""
    faults = 0
    for path in files:
        call, _ = read(words_json.load(path.read_text(encoding="utf-8")), "given", ())
        write(call, out / path.stem)
        found = broken(call, context())
        faults += len(found)
        print(f"{path.stem:<24} {'; '.join(found) or 'keeps every promise'}")
    return int(faults > 0)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]))
