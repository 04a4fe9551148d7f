"""The stage fetch: a call's files come from Zoom into the vault, sealed on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import structlog

from integration.errors import DownloadFault, ZoomBusy, ZoomFault
from integration.store import calls
from integration.store.record import MEDIA, TIMELINE, TRANSCRIPT, Record
from integration.store.schema import CallFile
from integration.wiring import Services
from integration.zoom import arrival, reconnecting
from integration.zoom.addresses import Allowed
from integration.zoom.choosing import choose_audio, choose_beside
from integration.zoom.connections import gateway_for
from integration.zoom.download import Downloader, Limits, NotAccepted, StartAgain, Wanted
from integration.zoom.file_check import check_for
from integration.zoom.gateway import Fetched, ZoomGateway
from integration.zoom.recordings import FileKind
from processor.speech.playable import plays

PART = "fetching"
MOST_STARTS = 3
SECOND_TRY = frozenset({"DAMAGED", "WRONG_SIZE"})
"""Faults after which the file is fetched once more, as Zoom describes it then."""
SOUND = frozenset({FileKind.MIXED, FileKind.TRACK, FileKind.VIDEO})
NAMES = {
    FileKind.MIXED: f"{MEDIA}-mixed",
    FileKind.VIDEO: f"{MEDIA}-mixed",
    FileKind.TRACK: f"{MEDIA}-track",
    FileKind.TIMELINE: TIMELINE,
    FileKind.TRANSCRIPT: TRANSCRIPT,
}

Report = Callable[[str, float], None]


def fetch_call(services: Services, call_id: int, report: Report) -> None:
    """Bring what is to be heard of the call, and what helps to name who speaks, into the vault.

    Files that are there already are not fetched again. `report` learns the share of the bytes that came.
    Raises ZoomBusy (later), ZoomFault or DownloadFault (never), StoreBusy (the disk is full).
    """
    try:
        _Fetch(services, services.record(call_id), report).run()
    except ZoomFault as fault:
        if fault.code == "ZOOM_GRANT":
            reconnecting.ask_who_must(services)
        raise


def artefact_name(file: CallFile) -> str:
    """The name in the vault of a file: media-mixed-<id>, media-track-<id>, timeline-<id> or vtt-<id>."""
    return f"{NAMES[FileKind(file.kind)]}-{file.id}"


class _Fetch:
    """One run for one call."""

    def __init__(self, services: Services, record: Record, report: Report) -> None:
        self._services, self._record, self._report = services, record, report
        zoom = services.settings.zoom
        self._downloader = Downloader(
            Allowed(zoom.file_hosts, zoom.allow_loopback),
            Limits(zoom.largest_file_bytes, zoom.download_deadline_s),
            services.now_ms,
        )
        self._received = self._announced = 0

    def run(self) -> None:
        audio = self._choose() or self._ask_and_choose()
        beside = choose_beside(self._files())
        self._drop_all_but({artefact_name(file) for file in (*audio, *beside)})
        self._announced = sum(file.size for file in (*audio, *beside)) or 1
        for file in audio:
            self._bring(file)
        for file in beside:
            try:
                self._bring(file)
            except (DownloadFault, ZoomFault, ZoomBusy) as fault:
                # The call can be heard without it: names then come from the voices alone.
                structlog.get_logger().warning("side_file_missing", call=self._record.call.id, code=fault.code)
        self._forget_grant()

    @cached_property
    def _gateway(self) -> ZoomGateway:
        return gateway_for(self._services, self._record.call)

    @cached_property
    def _told(self) -> Fetched:
        """The recording as the API describes it now; asked for once in a run."""
        return self._gateway.recording(self._record.call.meeting_uuid or "")

    def _files(self) -> list[CallFile]:
        with self._services.database.transaction() as tx:
            return arrival.live_files(tx, calls.get_call(tx, self._record.call.id))

    def _choose(self) -> tuple[CallFile, ...]:
        return choose_audio(self._files())

    def _ask_and_choose(self) -> tuple[CallFile, ...]:
        """No webhook told of audio: perhaps the API does."""
        with self._services.database.transaction() as tx:
            arrival.take_recording(tx, self._services, self._record.call.account_id, self._told.recording)
        chosen = self._choose()
        if not chosen:
            raise ZoomBusy("Zoom has not finished the recording yet; it will be asked again", code="ZOOM_NO_RECORDING")
        return chosen

    def _bring(self, file: CallFile) -> None:
        """Fetch one file with the first token that is accepted."""
        name, seconds = artefact_name(file), 0
        if self._is_kept(name, file):
            return
        for wanted in self._sources(file):
            try:
                self._write(name, file, wanted)
            except NotAccepted:
                continue
            except DownloadFault as fault:
                seconds += 1
                if fault.code not in SECOND_TRY or seconds > 1:
                    raise
            else:
                return
        raise ZoomFault("Zoom gives the recording out to no token; check the app's scopes", code="ZOOM_FILE_REFUSED")

    def _sources(self, file: CallFile) -> Iterator[Wanted]:
        """Address and token in the order of trying: the webhook's, the API's, the account's own."""
        call, key = self._record.call, self._record.key
        if call.grant_sealed and file.address_sealed and self._services.now_ms() < call.grant_until_ms:
            address = key.open_text(file.address_sealed, f"address:{file.zoom_id}")
            yield Wanted(address, key.open_text(call.grant_sealed, "grant"), file.size)
        told = next((one for one in self._told.recording.files if one.zoom_id == file.zoom_id), None)
        if told is None or not told.address:
            raise ZoomBusy("Zoom does not give this file out now; it will be asked again", code="ZOOM_NO_FILE")
        yield Wanted(told.address, self._told.download_token, told.size)
        yield Wanted(told.address, self._gateway.tokens.current(), told.size)

    def _write(self, name: str, file: CallFile, wanted: Wanted) -> None:
        record = self._record
        before = self._received
        for _ in range(MOST_STARTS):
            self._received = before
            try:
                kept = record.vault.write(record.call.id, name, self._counted(wanted, file), record.key)
            except StartAgain:
                continue
            if file.kind in SOUND:
                self._listen(name)
            with record.database.transaction() as tx:
                calls.keep_artefact(tx, record.call.id, name, kept, record.now_ms())
            return
        raise ZoomBusy("the recording changes while it comes; it will be tried later", code="DOWNLOAD_BROKEN")

    def _listen(self, name: str) -> None:
        """Whether what came plays; if not, it goes. Plain sound lies in a private folder only while this runs."""
        record = self._record
        with record.vault.plain_folder() as folder:
            if plays(record.vault.write_plain(record.call.id, name, record.key, folder / name)):
                return
        record.vault.erase(record.call.id, name)
        raise DownloadFault("the recording is whole, but its sound cannot be played", code="DAMAGED")

    def _counted(self, wanted: Wanted, file: CallFile) -> Iterator[bytes]:
        for piece in self._downloader.pieces(wanted, check_for(file.kind)):
            self._received += len(piece)
            self._report(PART, min(1.0, self._received / self._announced))
            yield piece

    def _is_kept(self, name: str, file: CallFile) -> bool:
        with self._record.database.transaction() as tx:
            kept = calls.find_artefact(tx, self._record.call.id, name)
        return kept is not None and kept.size == file.size

    def _drop_all_but(self, wanted: set[str]) -> None:
        """Files of an earlier choice must not be heard beside the new one."""
        for name in self._record.names():
            if name.startswith(tuple(NAMES.values())) and name not in wanted:
                self._record.drop(name)

    def _forget_grant(self) -> None:
        with self._services.database.transaction() as tx:
            calls.get_call(tx, self._record.call.id).grant_sealed = None
