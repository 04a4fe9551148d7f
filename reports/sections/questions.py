"""The coach's questions by their form, and where to listen to each."""

from __future__ import annotations

from processor.model.measures import Measure, Unit
from reports.audience import Audience
from reports.call import Call
from reports.phrases import about, count
from reports.report import KindLine
from reports.sections.places import places
from reports.wording import entry, persons

_MEASURES = {
    "open": "signal_count_open_question",
    "closed": "signal_count_closed_question",
    "stacked": "stacked_question_share_coach",
    "leading": "signal_count_leading_question",
}
_MOST_PLACES = 12


def questions(call: Call, audience: Audience) -> tuple[KindLine, ...]:
    """One line for each form that was measured; forms are sums of chances, stacked turns are counted."""
    lines = []
    for form, name in _MEASURES.items():
        measure = call.measure(name)
        if isinstance(measure, Measure):
            counted = count(measure.numerator) if measure.numerator else "none"
            said = about(measure.value) if measure.unit is Unit.COUNT else counted
            words = entry("question", form)
            found = places(call, measure)[:_MOST_PLACES]
            lines.append(KindLine(words["name"], persons(audience)["Coach"], said, words["meaning"], found))
    return tuple(lines)
