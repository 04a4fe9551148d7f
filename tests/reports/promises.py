"""What every report keeps to, whatever the call: each rule gives the sentences in which it is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from processor.model.findings import Findings
from processor.model.floor import UtteranceKind
from processor.model.people import Role
from processor.model.reading import IsCoaching
from reports.audience import Audience
from reports.content import build_report
from reports.context import Context
from reports.letter import letter
from reports.message import build_message
from reports.report import Number, Report
from reports.text import render_text
from tests.reports.readability import grade

MOST_WORDS, MOST_BYTES = 300, 100_000
HARDEST = 9.0
"""# Source: the limit that was set for this product; about the school year of a 14-year-old."""

ORDER = (
    "YOUR GUESS", "WHAT WORKED", "ONE TO HEAR AGAIN", "WHO LED", "IN NUMBERS", "PLACES FOR PARTNERING",
    "ONE THING TO TRY", "WHAT THIS CANNOT KNOW",
)  # fmt: skip
"""The parts of the mail, in the order that was fixed for it."""

_SAID_TOGETHER = 6
"""So many words in a row are what somebody said, and no chance."""


def broken(call: Findings, context: Context) -> list[str]:
    """Every promise that the reports of `call` break; empty when they keep all."""
    coach = build_report(call, Audience.COACH, context)
    return [
        *_mail(call, coach),
        *(f"{number.id}: {fault}" for number in (*coach.numbers, *coach.headlines) for fault in _number(number)),
        *_moments(call, coach),
        *_coverage(coach),
        *_silent_when_unsure(call, coach),
        *(fault for audience in Audience for fault in _readable(call, audience, context)),
    ]


def words(text: str) -> list[str]:
    """Words as a reader counts them: no address, and no mark that stands alone."""
    return [word for word in re.sub(r"https?://\S+", "", text).split() if re.search(r"\w", word)]


def _mail(call: Findings, report: Report) -> Iterator[str]:
    message = build_message(report, "a@coach.example", "b@coach.example", "<1@coach.example>", "https://coach.example/x")
    page = html.document_fromstring(message.get_body(("html",)).get_content())
    for hidden in page.xpath("//style|//head|//comment()"):
        hidden.getparent().remove(hidden)
    for form, text in (("text", letter(report).text), ("HTML", page.text_content())):
        if len(words(text)) > MOST_WORDS:
            yield f"the mail's {form} has {len(words(text))} words"
        if said := _said_in(call, text):
            yield f"the mail's {form} holds words that were said, from {said}"
    if len(bytes(message)) >= MOST_BYTES:
        yield f"the mail weighs {len(bytes(message))} bytes"
    heads = [line for line in letter(report).text.splitlines() if line in ORDER]
    if heads != sorted(heads, key=ORDER.index):
        yield f"the parts of the mail stand as {heads}"


def _said_in(call: Findings, text: str) -> str:
    """The first utterance of which six words in a row stand in `text`."""
    shown = " ".join(re.findall(r"\w+", text.lower()))
    for utterance in call.utterances:
        said = re.findall(r"\w+", utterance.text.lower())
        runs = (" ".join(said[i : i + _SAID_TOGETHER]) for i in range(len(said) - _SAID_TOGETHER + 1))
        if any(run in shown for run in runs):
            return utterance.id
    return ""


def _number(number: Number) -> Iterator[str]:
    if not (number.formula and number.limits and number.name):
        yield "has no name, formula or limits"
    if bool(number.missing) == bool(number.value):
        yield "has neither a figure nor a reason, or both"
    if number.value and number.sure not in ("sure", "fairly sure", "unsure"):
        yield "does not say how sure it is"
    if number.value and not (number.evidence or number.seen_in):
        yield "cannot be heard or seen anywhere"
    if re.search(r"about hardly|about about|\b1 \w+s\b", f"{number.value} {number.parts}"):
        yield f"is no English: {number.value}; {number.parts}"


def _moments(call: Findings, report: Report) -> Iterator[str]:
    coach = call.label_of(Role.COACH)
    starts = {u.segment.start_ms for u in call.utterances if u.label == coach and u.kind is UtteranceKind.TURN}
    for moment in report.moments:
        if moment.place.at_ms not in starts:
            yield f"what worked at {moment.place.clock} is no turn of the coach"
    again = report.hear_again
    if again and not 0 <= again.place.at_ms < again.until.at_ms <= call.duration_ms:
        yield "what to hear again lies outside the call"
    if again and not again.ask.endswith("?"):
        yield "what to hear again comes with no question"


def _coverage(report: Report) -> Iterator[str]:
    for line in report.coverage:
        if (line.state in ("heard", "partly")) != bool(line.places):
            yield f"{line.id} is {line.state} at {len(line.places)} places"


def _silent_when_unsure(call: Findings, report: Report) -> Iterator[str]:
    """What a call means is said only of one that is surely coaching."""
    meaning = (report.moments, report.hear_again, report.led, report.coverage, report.rubric, report.experiment)
    if call.is_coaching is not IsCoaching.YES and any(meaning):
        yield "a call that is not surely coaching is read as one"
    if call.is_coaching is not IsCoaching.YES and not report.notice:
        yield "a call that is not surely coaching is not said to be so"


def _readable(call: Findings, audience: Audience, context: Context) -> Iterator[str]:
    """No brace, no None, no sentence twice; easy to read but for what was said."""
    report = build_report(call, audience, context)
    text = render_text(report)
    if re.search(r"[{}]|\bNone\b|\bnan\b", text):
        yield f"{audience}: something is left unfilled"
    own = "\n".join(line for line in text.splitlines() if '"' not in line)
    if audience is not Audience.CLIENT and grade(own) > HARDEST:
        yield f"{audience}: the report reads at grade {grade(own):.1f}"
    lines = [line for line in text.split("\n\n")[0].splitlines() if line]
    if len(lines) != len(set(lines)):
        yield f"{audience}: a line stands twice at the top"
