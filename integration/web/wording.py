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

WAITS_FOR_CLIENT = _("Waiting for your client's yes")

ACTIONS: dict[str, LazyString] = {
    "view": _("looked at it"),
    "listen": _("listened to it"),
    "export": _("took a file along"),
    "share": _("shared it"),
    "take_back": _("took it back"),
    "correct": _("corrected it"),
    "mark": _("marked it"),
    "assign": _("became or accepted a supervisor"),
    "end_assignment": _("ended the supervision"),
    "invite": _("invited the client"),
    "consent": _("said yes to a purpose"),
    "withdraw": _("took a yes back"),
    "erase": _("erased it"),
    "retention": _("erased what was due"),
    "add_person": _("added you"),
    "close_account": _("opened or closed your account"),
    "sign": _("signed the dossier"),
    "connect_zoom": _("connected Zoom"),
    "disconnect_zoom": _("disconnected Zoom"),
    "deauthorize_zoom": _("ended the connection at Zoom"),
}
SOFTWARE, YOU, CLIENT, GONE = _("Partnering"), _("You"), _("Your client"), _("Somebody who has left")

SHARED_FOR: dict[str, LazyString] = {
    "supervision": _("supervision"),
    "mentoring": _("mentor coaching"),
    "credential": _("a credential"),
}
SEEN: dict[str, LazyString] = {
    "seen": _("Seen"),
    "not_seen": _("Not seen"),
    "cannot_tell": _("Cannot tell"),
}
KINDS: dict[str, LazyString] = {
    "coach": _("Coach"),
    "supervisor": _("Supervisor"),
    "client": _("Client"),
    "administrator": _("Administrator"),
}
MOVES: dict[str, LazyString] = {
    "topic": _("set or changed the topic"),
    "direction": _("changed the direction"),
    "phase": _("moved on to another phase"),
}

PURPOSES: dict[Purpose, tuple[LazyString, LazyString]] = {
    Purpose.OWN_REPORT: (
        _("The coach's own report"),
        _("The coach sees how the two of you talked, to learn from it. A no erases all of it."),
    ),
    Purpose.SUPERVISOR: (
        _("Showing it to the coach's supervisor"),
        _("The coach may show this session to the person who supervises their work."),
    ),
    Purpose.QUOTE: (
        _("Quoting your words"),
        _("The report may show what you said. Without a yes it shows times, and the coach's own words only."),
    ),
    Purpose.CLIENT_COPY: (
        _("A page of your own"),
        _("You get a page with your aim, your words of learning, your next steps, and your share of leading."),
    ),
    Purpose.AGGREGATE: (
        _("The practice's figures"),
        _("Numbers of this session, without words or names, count in figures of at least five clients."),
    ),
}
"""Each purpose: what it is called, and what a yes or a no means."""


def reason(code: str) -> LazyString | str:
    """Why a call stands still, for its coach; "" when it does not."""
    return REASONS.get(code, OTHER_REASON) if code else ""
