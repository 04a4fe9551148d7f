"""States, reasons and kinds in words. A reason says what happened and what the coach can do about it."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from integration.store.states import Purpose, State

STATES: dict[State, LazyString] = {
    State.RECEIVED: _("Waiting to be fetched from Zoom"),
    State.FETCHED: _("Being heard"),
    State.HEARD: _("Being read"),
    State.ANALYSED: _("Ready"),
    State.DELIVERED: _("Ready"),
    State.REFUSED: _("Not used"),
    State.FAILED: _("Did not work"),
    State.WITHDRAWN: _("Erased"),
}

PARTS: dict[str, LazyString] = {
    "fetching": _("fetching the recording"),
    "listening": _("listening"),
    "transcribing": _("writing down the words"),
    "aligning": _("finding the time of each word"),
    "diarising": _("telling the voices apart"),
    "reading": _("reading the conversation"),
}
"""What a stage is busy with; an unknown part is left out."""

REASONS: dict[str, LazyString] = {
    "NO_CONSENT": _("There is no consent for this session. Invite your client to say yes; then it goes on by itself."),
    "RECORDING_UNUSABLE": _("The recording could not be used. Check in Zoom whether it plays and holds both voices."),
    "SILENT": _("No voice could be heard on the recording. Check which microphone Zoom recorded."),
    "TOO_SHORT": _("The recording is too short to say anything about it."),
    "ONE_VOICE": _("Only one voice could be heard, so there is no conversation to report on."),
    "NO_AUDIO": _("The file holds no sound. Record with sound, or upload the audio file."),
    "UNREADABLE": _("The file is damaged or of a kind that cannot be read. Upload it as m4a, mp3, mp4 or wav."),
    "ZOOM": _("Zoom refused to hand the recording over. It may have been deleted there, or the connection has ended."),
    "ZOOM_BUSY": _("Zoom did not have the recording ready. It is asked again by itself."),
    "DOWNLOAD": _("What Zoom sent was not the recording. Upload the file by hand if you have it."),
    "MODEL_MISSING": _("This server is still missing a part that it needs to listen. It goes on when that is there."),
    "OUT_OF_MEMORY": _("The server ran out of memory. It tries again by itself; a shorter recording needs less."),
    "GAVE_UP": _("It was tried several times without success. You can try it once more."),
    "BUG": _("Something went wrong on our side. You can try it once more; the practice's administrator can see why."),
    "DELIVERY": _("The mail server refused your address. The report is here all the same."),
    "DELIVERY_BUSY": _("The mail server is away. The mail follows; the report is here already."),
    "VAULT_FULL": _("The server's disk is full. It goes on when there is space again."),
    "NO_COACH": _("Zoom named a host whom nobody here knows. An administrator can say whose session this is."),
    "WITHDRAWN_BY_CLIENT": _("Your client withdrew their consent, so everything was erased."),
    "ERASED_BY_COACH": _("You erased it."),
    "ERASED_BY_ADMINISTRATOR": _("The practice's administrator erased it."),
    "RETENTION": _("Its time was over, so it was erased as promised."),
}
OTHER_REASON = _("It could not be carried on. You can try it once more, or ask the practice's administrator.")

PURPOSES: dict[Purpose, LazyString] = {
    Purpose.OWN_REPORT: _("Your coach's own report"),
    Purpose.SUPERVISOR: _("Your coach's supervisor"),
    Purpose.CLIENT_COPY: _("Your own page"),
    Purpose.AGGREGATE: _("The practice's figures"),
    Purpose.QUOTE: _("Quoting your words"),
}


def reason(code: str) -> LazyString | str:
    """Why a call stands still, for its coach; "" when it does not."""
    return REASONS.get(code, OTHER_REASON) if code else ""
