"""A report of a stored call for one audience: the one place where the store meets the reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from integration.history import earlier_sessions
from integration.reflection import reflection_of
from integration.store import consents
from integration.store.calls import artefact_names
from integration.store.record import MEDIA, Record
from integration.store.schema import Consent
from integration.store.states import Purpose
from integration.web.links import report_links
from integration.wiring import Services
from processor.formats.findings_json import Pipeline
from reports.audience import Audience
from reports.content import build_report
from reports.context import Context
from reports.report import Report

DAY_MS = 86_400_000


def present(
    services: Services, record: Record, audience: Audience, *, marked: bool = True, coachs_question: str = ""
) -> Report:
    """The report of the call for `audience`. StoreFault NOT_KEPT when words or findings are gone.

    For a supervisor: whether they have `marked` the session, and what the coach asks them.
    """
    findings, pipeline = record.findings()
    around = _context(services, record, pipeline, audience)
    return build_report(findings, audience, replace(around, marked=marked, coachs_question=coachs_question))


def _context(services: Services, record: Record, pipeline: Pipeline, audience: Audience) -> Context:
    """What surrounds the call: dates, consent, links; for its coach also their guess and their earlier sessions."""
    with services.database.transaction() as tx:
        own = consents.latest(tx, record.call.id, Purpose.OWN_REPORT)
        may_quote = consents.is_granted(tx, record.call.id, Purpose.QUOTE)
        can_play = any(name.startswith(MEDIA) for name in artefact_names(tx, record.call.id))
    coachs, corrections = audience is Audience.COACH, record.corrections()
    earlier, tried = earlier_sessions(services, record) if coachs else ((), ())
    return Context(
        guess=reflection_of(record).guess if coachs else None,
        earlier=earlier,
        tried=tried,
        recorded_on=day(record.call.started_ms),
        consent=_consent(audience, own),
        verdicts=corrections.verdicts,
        roles_told=bool(corrections.roles),
        deletes_on=day(record.call.created_ms) + timedelta(days=services.settings.retention.report_days),
        links=report_links(services.settings, record.call, audience, can_play=can_play),
        may_quote_client=may_quote,
        fingerprint=pipeline.fingerprint,
        profile=pipeline.profile,
    )


def day(at_ms: int) -> date:
    """The day (UTC) of a moment."""
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).date()


def _consent(audience: Audience, own: Consent | None) -> str:
    """In one sentence, for this reader: what was agreed."""
    if audience is Audience.CLIENT:
        return "You agreed to this page. You can take that back at any time."
    if audience is Audience.SUPERVISOR:
        return "The client agreed to this session being shown to you."
    return _CONSENT.get(own.basis, "") if own is not None and own.granted else ""


_CONSENT = {
    "recording_disclaimer": "Your client agreed to the recording in Zoom; it is used for your own report.",
    "client_page": "Your client agreed to this report on their page.",
    "upload": "You said that your client agreed to this report.",
}

