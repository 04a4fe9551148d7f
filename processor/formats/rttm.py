"""RTTM: who spoke when, one line a span, seconds with three decimals (so whole milliseconds survive)."""

from __future__ import annotations

from processor.errors import ExchangeFileFault
from processor.model.segment import Segment
from processor.model.speech import Annotation, SpeechSpan

FIELDS = 9


def dump(annotation: Annotation, uri: str = "call") -> str:
    """`annotation` as RTTM. Blanks in a label or uri are written as "_", because RTTM parts its fields by blanks; two
    labels that differ in nothing else cannot be told apart in it."""
    return "".join(
        f"SPEAKER {_field(uri)} 1 {start / 1000:.3f} {length / 1000:.3f} <NA> <NA> {_field(label)} <NA> <NA>\n"
        for start, length, label in ((s.segment.start_ms, s.segment.length_ms, s.label) for s in annotation.spans)
    )


def _field(name: str) -> str:
    return "_".join(name.split())


def load(text: str) -> Annotation:
    """The annotation that an RTTM text holds; lines that are no SPEAKER lines are passed over.

    Raises ExchangeFileFault naming the line that cannot be read.
    """
    spans = []
    for at, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER":
            continue
        try:
            start, length = (round(1000 * float(fields[i])) for i in (3, 4))
            if len(fields) < FIELDS or length < 0 or start < 0:
                raise ValueError(at)
            spans.append(SpeechSpan(Segment(start, start + length), fields[7]))
        except (ValueError, IndexError, OverflowError) as fault:
            raise ExchangeFileFault(f"RTTM line {at} cannot be read; it needs start, length and speaker") from fault
    return Annotation.of(spans)
