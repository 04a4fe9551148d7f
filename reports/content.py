"""The report of one session for one reader.

What a reader may not see is not built: that rule stands here and nowhere else (`reports.audience` holds
the table). The same findings, audience and context always give the same report.
"""

from __future__ import annotations

from collections.abc import Callable

from processor.model.findings import Findings
from processor.model.measures import Measure
from reports import rubric
from reports.audience import Audience, Part, may_see
from reports.call import Call
from reports.context import Context
from reports.report import Picture, Report
from reports.sections import opening
from reports.sections.coverage import coverage
from reports.sections.experiment import experiment
from reports.sections.floor import floor
from reports.sections.hear_again import hear_again
from reports.sections.led import led
from reports.sections.moments import partnering
from reports.sections.numbers import headlines, numbers
from reports.sections.own_words import own_words
from reports.sections.questions import questions
from reports.sections.voices import picture
from reports.trend import trend

NO_MOMENTS = "No moment stood out surely enough to be named. That says more about the machine than about the session."


def build_report(findings: Findings, audience: Audience, context: Context) -> Report:
    """What `audience` sees of `findings`.

    When roles are unsure, the call is not (surely) coaching, or its language cannot be read, the report
    says so first and holds times only.
    """
    call = Call(findings, context)
    seen = may_see(audience, marked=context.marked)
    parts = _always(call, audience, seen) | _when_read(call, audience, seen)
    return Report(**parts)  # type: ignore[arg-type]  # the dicts below name fields of Report; a test builds all


def _always(call: Call, audience: Audience, seen: frozenset[Part]) -> dict[str, object]:
    """What needs neither roles nor meaning."""
    context = call.context
    return {
        "audience": audience,
        "title": opening.title(call),
        "subject": opening.subject(call, audience),
        "lead": opening.lead(audience),
        "trust": opening.trust(call, audience),
        "limits": opening.limits(call, audience),
        "footer": opening.footer(context),
        "page": context.links.page,
        "notice": opening.notice(call, audience),
        "asks": opening.asks(call, audience),
        "picture": _picture(call, audience, seen),
        "headlines": headlines(call, audience) if Part.NUMBERS in seen else (),
        "numbers": numbers(call, audience) if Part.NUMBERS in seen else (),
        "acts": opening.acts(call) if Part.ACTS in seen else (),
        "coachs_question": context.coachs_question if audience is Audience.SUPERVISOR else "",
    }


def _picture(call: Call, audience: Audience, seen: frozenset[Part]) -> Picture | None:
    """Who spoke when. Phases are findings too: a supervisor who has not marked yet does not see them."""
    if Part.PICTURE not in seen:
        return None
    blind = audience is Audience.SUPERVISOR and not call.context.marked
    return picture(call, audience, marks=Part.FLOOR in seen, phases=not blind)


def _when_read(call: Call, audience: Audience, seen: frozenset[Part]) -> dict[str, object]:
    """What needs to know who is who and what was meant; nothing when that is not known."""
    if not call.meaning_read:
        return {}
    built: dict[Part, tuple[str, Callable[[], object]]] = {
        Part.GUESS: ("guess", lambda: opening.guess(call)),
        Part.MOMENTS: ("moments", lambda: partnering(call, audience)),
        Part.HEAR_AGAIN: ("hear_again", lambda: hear_again(call, audience)),
        Part.LED: ("led", lambda: led(call, audience)),
        Part.COVERAGE: ("coverage", lambda: coverage(call, audience)),
        Part.FLOOR: ("floor", lambda: floor(call, audience)),
        Part.QUESTIONS: ("questions", lambda: questions(call, audience)),
        Part.RUBRIC: ("rubric", lambda: rubric.lay(call, call.context.rubric, audience)),
        Part.TREND: ("trend", lambda: trend(call.context, _measured(call))),
        Part.EXPERIMENT: ("experiment", lambda: experiment(call)),
        Part.OWN_WORDS: ("own_words", lambda: own_words(call)),
    }
    parts = {field: build() for part, (field, build) in built.items() if part in seen}
    if "moments" in parts and not parts["moments"]:
        parts["no_moments"] = NO_MOMENTS
    return parts


def _measured(call: Call) -> list[Measure]:
    return [m for m in call.findings.measures if isinstance(m, Measure)]
