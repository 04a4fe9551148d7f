"""What a report needs besides the findings: dates, consent, links, earlier sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from processor.model.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class PastSession:
    """An earlier session of the same coach: its date, the pipeline that read it, its measures by id."""

    recorded_on: date
    fingerprint: str
    values: tuple[tuple[str, float], ...]

    def value(self, measure: str) -> float | None:
        return dict(self.values).get(measure)


@dataclass(frozen=True, slots=True)
class Guess:
    """What the coach guessed before reading. Shares are 0 to 1; None = not guessed."""

    talk_share_coach: float | None = None
    interruptions_by_coach: int | None = None
    led_by: str | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses on the coach's own server; an empty one is left out of the report.

    `play` holds `{seconds}` where the start goes.
    """

    page: str = ""
    play: str = ""
    correct: str = ""
    swap: str = ""
    strike: str = ""
    share: str = ""
    delete: str = ""
    formulas: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds the session.

    `recorded_on` None = not known. `consent` says in one sentence what was agreed and for what.
    `deletes_on` None = kept until deleted by hand. `earlier` are the coach's own sessions, oldest first;
    `marked` = the supervisor has marked this one. `may_quote_client` is false unless the client agreed
    to be quoted. `coachs_question` is what the coach asks the supervisor. `tried` are ids of
    experiments that earlier reports offered. `verdicts` is what the coach said of this call's findings, and
    `roles_told` that they said who is who.
    """

    recorded_on: date | None = None
    consent: str = ""
    deletes_on: date | None = None
    links: Links = Links()
    may_quote_client: bool = False
    fingerprint: str = ""
    profile: str = ""
    guess: Guess | None = None
    earlier: tuple[PastSession, ...] = ()
    tried: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    roles_told: bool = False
    marked: bool = True
    coachs_question: str = ""
    rubric: str = "pcc_2020"
