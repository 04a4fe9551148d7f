"""A report as values: everything that one reader will see, and nothing else.

Page, text, e-mail and PDF show the same report; they choose what to show first, never what is true.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.audience import Audience


@dataclass(frozen=True, slots=True)
class Place:
    """A moment to go to: `clock` as people read it, `play` where it can be heard ("" when it cannot)."""

    at_ms: int
    clock: str
    play: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that were said, and whose they are, as this reader knows them."""

    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A place worth hearing. `line` says what was done, never what somebody is; `ask` is a question to sit with."""

    place: Place
    until: Place
    line: str
    sure: str
    ask: str = ""
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """One figure with everything that belongs to it, worded.

    `missing` says why there is no figure; then `value` and `bounds` are empty. A share of few cases has them as its
    `value` ("2 of 2 pauses"), and neither `bounds` nor `parts`. `own` is the reader's own
    range over earlier sessions. `formula` is how it is counted, `limits` what it does not tell. `evidence`
    are places to hear it, `seen_in` is the figure that shows it.
    """

    id: str
    group: str
    name: str
    value: str
    bounds: str
    sure: str
    own: str = ""
    parts: str = ""
    formula: str = ""
    limits: str = ""
    missing: str = ""
    evidence: tuple[Place, ...] = ()
    seen_in: str = ""


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One line of the ledger of who set the course."""

    place: Place
    who: str
    what: str
    cue: str
    outcome: str
    sure: str


@dataclass(frozen=True, slots=True)
class Led:
    """Who set the course: one sentence, what it rests on, and the ledger. `note` says why the ledger is shorter."""

    line: str
    counts: str
    choices: str
    note: str = ""
    moves: tuple[MoveLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One place for partnering: what it is, whether it was heard, where; `best` where one has room."""

    id: str
    name: str
    short: str
    state: str
    state_text: str
    places: tuple[Place, ...] = ()
    best: Place | None = None


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of coming-in or of question: by whom, how often, what it is, and where to listen."""

    kind: str
    who: str
    count: str
    meaning: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkerLine:
    """One line of a rubric: our wording, how far a machine may speak to it, what was heard."""

    number: str
    text: str
    reach: str
    state: str
    state_text: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rubric laid beside the session; never a result."""

    title: str
    note: str
    markers: tuple[MarkerLine, ...]


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One measure over the reader's own sessions.

    `points` are (date text, share of the measure's own span 0 to 1, compared); `change` says whether the
    last step is larger than what chance and hearing alone would give, `least` from where on it would be.
    """

    id: str
    name: str
    spread: str
    change: str
    points: tuple[tuple[str, float, bool], ...]
    least: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """The reader's own earlier sessions, and what may not be compared."""

    note: str
    lines: tuple[TrendLine, ...]


@dataclass(frozen=True, slots=True)
class Experiment:
    """A question to try next time, or another; and why these."""

    why: str
    options: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """A pause: after whose words, broken by whom ("coach", "client", "other", or a voice)."""

    place: Place
    length_ms: int
    after: str
    broken_by: str


BRIDGE_MS = 300
"""Pauses up to this are too short to be seen, and are closed in the pictures. Ours."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice in the pictures: `key` chooses lane and colour, `name` is what the reader calls it.

    `spans` = when it talks, pauses up to BRIDGE_MS closed.
    """

    key: str
    name: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A coming-in shown on the timeline."""

    at_ms: int
    key: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the charts draw. Times are ms; `phases` are (id, start, end), empty when they were not read."""

    duration_ms: int
    voices: tuple[Voice, ...]
    phases: tuple[tuple[str, int, int], ...] = ()
    marks: tuple[Mark, ...] = ()
    overlaps: tuple[tuple[int, int], ...] = ()
    silences: tuple[Silence, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """Something the reader can do from here; `short` is for where there is little room."""

    text: str
    short: str
    url: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one reader sees of one session.

    `notice` is set when something stands before everything else (roles unsure, not a coaching call, a
    language that cannot be read); then only times follow. Empty parts were not heard, or are not for
    this reader.
    """

    audience: Audience
    title: str
    subject: str
    lead: str
    trust: tuple[str, ...]
    limits: tuple[str, ...]
    footer: str
    page: str = ""
    notice: str = ""
    asks: tuple[str, ...] = ()
    guess: tuple[str, ...] = ()
    picture: Picture | None = None
    moments: tuple[Moment, ...] = ()
    no_moments: str = ""
    hear_again: Moment | None = None
    led: Led | None = None
    headlines: tuple[Number, ...] = ()
    numbers: tuple[Number, ...] = ()
    coverage: tuple[CoverageLine, ...] = ()
    floor: tuple[KindLine, ...] = ()
    questions: tuple[KindLine, ...] = ()
    rubric: Rubric | None = None
    trend: Trend | None = None
    experiment: Experiment | None = None
    own_words: tuple[tuple[str, tuple[Moment, ...]], ...] = ()
    coachs_question: str = ""
    acts: tuple[Act, ...] = ()
