"""What was said at a place, as far as this reader may read it.

The coach reads their own words; the client's only when the client agreed to be quoted. For a supervisor
both need that: a coach who gives words back says the client's words.
"""

from __future__ import annotations

from reports.audience import Audience
from reports.call import Call
from reports.report import Quote
from reports.wording import persons

QUOTED_WORDS = 32
"""Longer quotes are cut, with three dots."""


def quotes(call: Call, audience: Audience, utterance: str) -> tuple[Quote, ...]:
    """The coach's `utterance`, and what the client answered."""
    answer = call.turn_after(utterance)
    said = [_coachs(call, audience, utterance)]
    if answer is not None and answer.label == call.client:
        said.append(_clients(call, audience, _head(call.text(answer.utterances))))
    return tuple(quote for quote in said if quote is not None and quote.words)


def quotes_of_coming_in(call: Call, audience: Audience, utterance: str, over: str | None) -> tuple[Quote, ...]:
    """How far the client had got, and the coach's `utterance` that came in there."""
    before = _clients(call, audience, _tail(call.text([over]))) if over else None
    return tuple(q for q in (before, _coachs(call, audience, utterance)) if q is not None and q.words)


def _coachs(call: Call, audience: Audience, utterance: str) -> Quote | None:
    if call.turn_of(utterance) is None or not (audience is Audience.COACH or call.context.may_quote_client):
        return None
    return Quote(persons(audience)["Coach"], _head(call.text([utterance])))


def _clients(call: Call, audience: Audience, words: str) -> Quote | None:
    return Quote(persons(audience)["Client"], words) if call.context.may_quote_client else None


def _head(text: str) -> str:
    words = text.split()
    return text if len(words) <= QUOTED_WORDS else " ".join(words[:QUOTED_WORDS]).rstrip(",;:.") + " …"


def _tail(text: str) -> str:
    words = text.split()
    return text if len(words) <= QUOTED_WORDS else "… " + " ".join(words[-QUOTED_WORDS:])
