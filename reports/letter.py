"""What the e-mail says, once, for its text and its HTML: eleven short parts in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from textwrap import fill

from processor.model.reading import Heard
from reports.audience import Audience
from reports.report import Act, Moment, Number, Report
from reports.text import number_line

_WIDTH = 72
_ROOM = 290
"""Words and addresses in the text. The HTML has links in place of addresses."""
_FULLEST_FIRST = ((2, 3), (2, 2), (1, 2))
"""How many things to try and how many limits are said: as many as there is room for."""
_FROM_THERE = "Play, correct, share or delete from your page:"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the letter; `url` is where it can be heard, `at` the time that stands before it."""

    text: str
    at: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the letter."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of the e-mail. `before` stand above the picture, `after` below it.

    `preview` is what a list of mails shows beside the subject, and a locked telephone shows to anybody: no finding.
    """

    preview: str
    before: tuple[Block, ...]
    after: tuple[Block, ...]
    acts: tuple[Act, ...]
    text: str


def letter(report: Report) -> Letter:
    """The letter of `report`: no word that was said, no name."""
    before = tuple(_before(report))
    for options, limits in _FULLEST_FIRST:
        after = tuple(_after(report, options, limits))
        text = _text(report, (*before, *after))
        if len(text.split()) <= _ROOM:
            break
    return Letter(_PREVIEW, before, after, report.acts, text)


def _before(report: Report) -> Iterator[Block]:
    yield _block("", report.trust)
    if report.notice:
        yield _block("First of all", (report.notice, *report.asks))
    if report.guess:
        yield _block("Your guess", report.guess)


def _after(report: Report, options: int, limits: int) -> Iterator[Block]:
    if report.audience is not Audience.COACH:
        yield _block("", (_PAGE[report.audience],))
        yield _block("What this cannot know", report.limits)
        return
    if report.moments or report.no_moments:
        items = [_moment(m) for m in report.moments] or [Item(report.no_moments)]
        yield Block("What worked", tuple(items))
    if report.hear_again:
        yield Block("One to hear again", (_moment(report.hear_again),))
    if report.led:
        led = report.led
        yield _block("Who led", tuple(line for line in (led.line, led.counts, led.choices) if line))
    if report.headlines:
        yield _block("In numbers", tuple(number_line(_short(n)) for n in report.headlines))
    if report.coverage:
        yield _block("Places for partnering", tuple(_coverage(report)))
    if report.experiment:
        said = " Or: ".join(report.experiment.options[:options])
        yield _block("One thing to try", (f"{report.experiment.why} {said}",))
    yield _block("What this cannot know", (" ".join(report.limits[:limits]),))


_PREVIEW = "For you alone."

_PAGE = {
    Audience.SUPERVISOR: "A session was shared with you. Numbers stay hidden until you have marked it yourself.",
    Audience.CLIENT: "Your own page is ready. It holds your words, so they are not in this mail. You can take it "
    "back at any time, and your coach is not told whether you open it.",
}


def _block(title: str, lines: tuple[str, ...]) -> Block:
    return Block(title, tuple(Item(line) for line in lines))


def _short(number: Number) -> Number:
    """The own range stays with the share of talk; the page has the others."""
    return number if number.id == "talk_share_coach" else replace(number, own="")


def _moment(moment: Moment) -> Item:
    at = f"{moment.place.clock} to {moment.until.clock}" if moment.ask else moment.place.clock
    return Item(" ".join(part for part in (moment.line, moment.ask) if part), at, moment.place.play)


def _coverage(report: Report) -> Iterator[str]:
    """One line for each state that occurs: Heard: agreement (0:50), close (46:10)"""
    for state in Heard:
        found = [line for line in report.coverage if line.state == state]
        if not found:
            continue
        said = [f"{line.short} ({line.best.clock})" if line.best else line.short for line in found]
        yield f"{found[0].state_text.capitalize()}: {', '.join(said)}"


def _text(report: Report, blocks: tuple[Block, ...]) -> str:
    parts = [report.title, _PREVIEW]
    for block in blocks:
        lines = [_line(item) for item in block.items]
        parts.append("\n".join([block.title.upper(), *lines] if block.title else lines))
    if report.page:
        parts.append(f"{_FROM_THERE if report.acts else 'Open the page:'}\n{report.page}")
    parts.append(fill(report.footer.partition(". ")[0] + ".", _WIDTH))
    return "\n\n".join(parts) + "\n"


def _line(item: Item) -> str:
    said = fill(f"{item.at}  {item.text}" if item.at else item.text, _WIDTH, break_on_hyphens=False)
    return f"{said}\n{item.url}" if item.url else said
