"""A report of a stored call for one audience: the one place where the store meets the reports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from integration.store import consents
from integration.store.record import Record
from integration.store.states import Purpose
from integration.web.links import report_links
from integration.wiring import Services
from processor.formats.findings_json import Pipeline
from reports.audience import Audience
from reports.content import build_report
from reports.context import Context
from reports.report import Report

DAY_MS = 86_400_000


def present(services: Services, record: Record, audience: Audience) -> Report:
    """The report of the call for `audience`. StoreFault NOT_KEPT when words or findings are gone."""
    findings, pipeline = record.findings()
    return build_report(findings, audience, context_of(services, record, pipeline))


def context_of(services: Services, record: Record, pipeline: Pipeline) -> Context:
    """What surrounds the call: dates, consent, links."""
    with services.database.transaction() as tx:
        own = consents.latest(tx, record.call.id, Purpose.OWN_REPORT)
        may_quote = consents.is_granted(tx, record.call.id, Purpose.QUOTE)
    return Context(
        recorded_on=day(record.call.started_ms),
        consent=_CONSENT.get(own.basis, "") if own is not None and own.granted else "",
        deletes_on=day(record.call.created_ms) + timedelta(days=services.settings.retention.report_days),
        links=report_links(services.settings, record.call),
        may_quote_client=may_quote,
        fingerprint=pipeline.fingerprint,
        profile=pipeline.profile,
    )


def day(at_ms: int) -> date:
    """The day (UTC) of a moment."""
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).date()


_CONSENT = {
    "recording_disclaimer": "Your client agreed to the recording in Zoom; it is used for your own report.",
    "client_page": "Your client agreed to this report on their page.",
    "upload": "You said that your client agreed to this report.",
}

