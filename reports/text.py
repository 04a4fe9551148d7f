"""The report as plain text: what report.txt holds, and a page for readers who want no pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import fill

from reports.charts.strip import in_words
from reports.report import KindLine, Led, Moment, Number, Report, Rubric, Trend

_WIDTH = 78


def render_text(report: Report) -> str:
    """All of `report` as text of at most 78 columns; the same facts as the page, in the same order."""
    blocks = [
        block
        for block in (
            _opening(report),
            _section("Your guess", report.guess),
            _section("At a glance", [in_words(report.picture)] if report.picture else []),
            *_own_words(report),
            _section("What worked", [*map(_moment, report.moments), report.no_moments]),
            _section("One to hear again", [_moment(report.hear_again)] if report.hear_again else []),
            _section("Who led", _led(report.led) if report.led else []),
            _section("In numbers", [number_line(n) for n in report.headlines]),
            _section("Places for partnering", _coverage(report)),
            _section("One thing to try", _experiment(report)),
            _section("Coming in", _kinds(report.floor)),
            _section("Questions", _kinds(report.questions)),
            _section("All numbers", _numbers(report)),
            _section("Over your sessions", _trend(report.trend) if report.trend else []),
            _section(report.rubric.title, _rubric(report.rubric)) if report.rubric else "",
            _section("What this cannot know", report.limits),
            _section("From here", [f"{act.text}: {act.url}" for act in report.acts]),
            _wrapped(report.footer),
        )
        if block
    ]
    return "\n\n".join(blocks) + "\n"


def number_line(number: Number) -> str:
    """You spoke: 38 % (36 to 40%; your last 5: 31 to 44%), sure"""
    if number.missing:
        return f"{number.name}. {number.missing}"
    inside = "; ".join(part for part in (number.bounds, number.own) if part)
    at = f" {number.parts}" if number.parts.startswith("at ") else ""
    return f"{number.name}: {number.value}{at}{f' ({inside})' if inside else ''}, {number.sure}"


def _opening(report: Report) -> str:
    lines = [report.title.upper(), *map(_wrapped, report.trust)]
    if report.notice:
        lines += ["", _wrapped(report.notice), *map(_item, report.asks)]
    if report.coachs_question:
        lines += ["", _wrapped(f"The coach asks you: {report.coachs_question}")]
    return "\n".join(lines)


def _section(title: str, lines: Iterable[str]) -> str:
    items = [_item(line) for line in lines if line]
    return "\n".join([title.upper(), *items]) if items else ""


def _item(line: str) -> str:
    return fill(line, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def _wrapped(line: str) -> str:
    return fill(line, _WIDTH, break_on_hyphens=False)


def _moment(moment: Moment) -> str:
    quoted = "".join(f' {quote.who}: "{quote.words}"' for quote in moment.quotes)
    span = f"{moment.place.clock} to {moment.until.clock}" if moment.ask else moment.place.clock
    line = " ".join(part for part in (moment.line, moment.ask) if part)
    return f"{span}  {line}{quoted} ({moment.sure})"


def _led(led: Led) -> Iterator[str]:
    yield from (led.line, led.counts, led.choices, led.note)
    for move in led.moves:
        yield f"{move.place.clock}  {move.who} {move.cue} ({move.sure}); {move.outcome}"


def _coverage(report: Report) -> Iterator[str]:
    for line in report.coverage:
        at = f" at {', '.join(place.clock for place in line.places)}" if line.places else ""
        yield f"{line.name}: {line.state_text}{at}"


def _experiment(report: Report) -> Iterator[str]:
    if report.experiment:
        yield report.experiment.why
        first, *others = report.experiment.options
        yield f"Perhaps: {first}"
        yield from (f"Or: {other}" for other in others)


def _kinds(lines: Iterable[KindLine]) -> Iterator[str]:
    for line in lines:
        at = f" Listen at {', '.join(place.clock for place in line.places)}." if line.places else ""
        yield f"{line.who}: {line.kind.lower()}, {line.count}. {line.meaning}{at}"


def _numbers(report: Report) -> Iterator[str]:
    for number in report.numbers:
        rest = f"; {number.parts}" if number.parts and not number.missing else ""
        yield f"{number_line(number)}{rest}"


def _trend(trend: Trend) -> Iterator[str]:
    yield trend.note
    for line in trend.lines:
        beside = "; ".join(part for part in (line.spread, line.least) if part)
        yield f"{line.name}: {line.change}{f' ({beside})' if beside else ''}"


def _rubric(rubric: Rubric) -> Iterator[str]:
    yield rubric.note
    for marker in rubric.markers:
        at = f" at {', '.join(place.clock for place in marker.places)}" if marker.places else ""
        yield f"{marker.number} {marker.text.removesuffix('.')}: {marker.state_text}{at}"


def _own_words(report: Report) -> Iterator[str]:
    for title, moments in report.own_words:
        said = [quote.words for moment in moments for quote in moment.quotes]
        yield _section(title, said or ["Nothing was heard surely enough to be shown here."])
