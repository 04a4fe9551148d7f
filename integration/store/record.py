"""What is kept of a call, opened with its key: media, words, findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from integration import corrections
from integration.corrections import Corrections, corrected
from integration.errors import StoreFault
from integration.store import calls
from integration.store.database import Database
from integration.store.keys import CallKey, KeyRing
from integration.store.schema import Call, Person
from integration.store.vault import Vault
from processor.formats import findings_json, words_json
from processor.formats.findings_json import Pipeline
from processor.model.findings import Findings
from processor.model.session import Session

WORDS, FINDINGS, CORRECTIONS, MEDIA, PARTS = "words.json", "findings.json", "corrections.json", "media", "part"
FIGURES, TIMELINE, TRANSCRIPT = "figures", "timeline", "vtt"
"""Names in the vault. Media are media-mixed-<n> and media-track-<n>; part-<…> is what a hearing has finished;
figures-<audience>.json is what was drawn for a reader; timeline-<n> and vtt-<n> are what Zoom itself heard."""


@dataclass(frozen=True, slots=True)
class Record:
    """One call and the way into what is kept of it."""

    call: Call
    coach: Person | None
    key: CallKey
    database: Database
    vault: Vault
    now_ms: Callable[[], int]

    def keep_session(self, session: Session) -> None:
        self.keep_text(WORDS, words_json.dump(session))

    def heard(self) -> Session:
        """What was heard, as it was heard. StoreFault NOT_KEPT when it is gone."""
        return words_json.load(self.vault.read_text(self.call.id, WORDS, self.key))

    def session(self) -> Session:
        """What was heard, with the coach's corrections: what is read and shown."""
        return corrected(self.heard(), self.corrections())

    def corrections(self) -> Corrections:
        """What the coach corrected; nothing at first."""
        text = self.text(CORRECTIONS)
        return Corrections() if text is None else corrections.load(text)

    def text(self, name: str) -> str | None:
        """The content of `name`; None when it is not kept."""
        try:
            return self.vault.read_text(self.call.id, name, self.key)
        except StoreFault as fault:
            if fault.code != "NOT_KEPT":
                raise
            return None

    def keep_findings(self, findings: Findings, pipeline: Pipeline) -> None:
        self.keep_text(FINDINGS, findings_json.dump(findings, pipeline))

    def findings(self) -> tuple[Findings, Pipeline]:
        """The findings with their words. StoreFault NOT_KEPT when the words or the findings are gone."""
        return findings_json.load(self.vault.read_text(self.call.id, FINDINGS, self.key), self.session())

    def keep_text(self, name: str, text: str) -> None:
        self.keep(name, text.encode())

    def keep(self, name: str, content: bytes) -> None:
        kept = self.vault.write(self.call.id, name, [content], self.key)
        with self.database.transaction() as tx:
            calls.keep_artefact(tx, self.call.id, name, kept, self.now_ms())

    def names(self) -> tuple[str, ...]:
        """What is kept, in the order in which it came."""
        with self.database.transaction() as tx:
            return calls.artefact_names(tx, self.call.id)

    def drop(self, start: str) -> int:
        """Erase everything whose name begins with `start`; how many files that were."""
        names = [name for name in self.names() if name.startswith(start)]
        for name in names:
            self.vault.erase(self.call.id, name)
        with self.database.transaction() as tx:
            calls.forget_artefacts(tx, self.call.id, names)
        return len(names)


def open_record(
    database: Database, keys: KeyRing, vault: Vault, call_id: int, now_ms: Callable[[], int]
) -> Record:
    """The record of a call. StoreFault NOT_FOUND or ERASED when there is none any more."""
    with database.transaction() as tx:
        call = calls.get_call(tx, call_id)
        coach = tx.scalar(select(Person).where(Person.id == call.coach_id))
        _ = call.files  # loaded while the transaction is open
    return Record(call, coach, keys.unwrap(call.wrapped_key), database, vault, now_ms)
