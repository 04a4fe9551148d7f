"""States, reasons and kinds in words. A reason says what happened and what the coach can do about it."""

from __future__ import annotations

from flask_babel import LazyString, gettext
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
    "decode": _("opening the sound"),
    "activity": _("finding where somebody speaks"),
    "clocks": _("lining up the tracks"),
    "language": _("finding out the language"),
    "words": _("writing down the words"),
    "times": _("finding the time of each word"),
    "voices": _("telling the voices apart"),
    "reading": _("reading the conversation"),
}
"""What a stage is busy with; an unknown part is left out."""


def time_left(left_ms: int | None) -> str:
    """How long the part will take, to the minute; empty while that is not known."""
    if left_ms is None:
        return ""
    minutes = round(left_ms / 60_000)
    if minutes < 1:
        return str(gettext("less than a minute left"))
    return str(gettext("about %(minutes)s min left", minutes=minutes))

_ZOOM_LATER = _("Zoom is not ready or cannot be reached. It is asked again by itself.")
_ZOOM_SET_UP = _("Zoom does not let this server in. The practice's administrator can check the connection.")
_RECONNECT = _("Your connection to Zoom has ended. Connect again under Account, Zoom; then it goes on by itself.")
_NOT_THE_FILE = _("What Zoom sent was not the whole recording. If you have the file, send it by hand.")
_NO_SOUND = _("The file holds no sound. Record with sound, or send the audio file by hand.")
_DISK = _("The server has no space or does not reach its store. It goes on when it does.")
_KEPT_DAMAGED = _("Something that was kept is damaged. The practice's administrator can restore it from a backup.")

REASONS: dict[str, LazyString] = {
    "NO_CONSENT": _("There is no consent for this session. Invite your client to say yes; then it goes on by itself."),
    "RECORDING_UNUSABLE": _("The recording could not be used. Check in Zoom whether it plays and holds both voices."),
    "SILENT": _("No voice could be heard on the recording. Check which microphone Zoom recorded."),
    "TOO_SHORT": _("The recording is too short to say anything about it."),
    "ONE_SPEAKER": _("Only one voice could be heard, so there is no conversation to report on."),
    "NO_AUDIO": _NO_SOUND,
    "NO_SOUND": _NO_SOUND,
    "AUDIO_UNREADABLE": _("The file is damaged or of a kind that cannot be read. Send it as m4a, mp3, mp4 or wav."),
    "LANGUAGE_UNKNOWN": _("It could not be told which language is spoken."),
    "FILE_FORMAT": _KEPT_DAMAGED,
    "ZOOM": _("Zoom refused to hand the recording over. It may have been deleted there, or the connection has ended."),
    "ZOOM_BUSY": _ZOOM_LATER,
    "ZOOM_AWAY": _ZOOM_LATER,
    "ZOOM_RATE": _ZOOM_LATER,
    "ZOOM_OAUTH_BUSY": _ZOOM_LATER,
    "ZOOM_NO_RECORDING": _("Zoom has not finished the recording yet. It is asked again by itself."),
    "ZOOM_NO_FILE": _("Zoom has not finished the recording yet. It is asked again by itself."),
    "ZOOM_ANSWER": _ZOOM_LATER,
    "ZOOM_GRANT": _RECONNECT,
    "ZOOM_NOT_CONNECTED": _RECONNECT,
    "ZOOM_TAKEN": _("This Zoom account is connected by somebody else here."),
    "ZOOM_TOKEN": _ZOOM_SET_UP,
    "ZOOM_SCOPE": _ZOOM_SET_UP,
    "ZOOM_CREDENTIALS": _ZOOM_SET_UP,
    "ZOOM_REQUEST": _ZOOM_SET_UP,
    "ZOOM_NO_USER": _ZOOM_SET_UP,
    "ZOOM_FILE_REFUSED": _ZOOM_SET_UP,
    "IN_ZOOM_TRASH": _("The recording lies in the bin at Zoom. Take it out there, and it goes on by itself."),
    "DELETED_AT_ZOOM": _("The recording was deleted at Zoom, so everything was erased here too."),
    "DEAUTHORIZED": _("The connection to Zoom was taken away there, so everything that came through it was erased."),
    "DOWNLOAD": _NOT_THE_FILE,
    "DOWNLOAD_BROKEN": _NOT_THE_FILE,
    "DOWNLOAD_SLOW": _("The recording came too slowly. It is fetched again by itself."),
    "WRONG_KIND": _NOT_THE_FILE,
    "WRONG_SIZE": _NOT_THE_FILE,
    "DAMAGED": _("The recording came damaged from Zoom, twice. Check whether it plays there, or send it by hand."),
    "EMPTY": _NOT_THE_FILE,
    "TOO_LARGE": _("The recording is larger than this server takes. The practice's administrator can raise the limit."),
    "BAD_ADDRESS": _("The recording lies at an address that this server does not fetch from."),
    "MODEL_MISSING": _("This server is still missing a part that it needs to listen. It goes on when that is there."),
    "OUT_OF_MEMORY": _("The server ran out of memory. It tries again by itself; a shorter recording needs less."),
    "GAVE_UP": _("It was tried several times without success. You can try it once more."),
    "BUG": _("Something went wrong on our side. You can try it once more; the practice's administrator can see why."),
    "DELIVERY": _("The mail server refused your address. The report is here all the same."),
    "DELIVERY_BUSY": _("The mail server is away. The mail follows; the report is here already."),
    "STORE": _KEPT_DAMAGED,
    "STORE_BUSY": _DISK,
    "VAULT_FULL": _DISK,
    "VAULT_AWAY": _DISK,
    "VAULT_DAMAGED": _KEPT_DAMAGED,
    "NOT_KEPT": _("What is needed to go on is not kept any more. If you have the recording, send it by hand."),
    "MASTER_KEY_LOST": _("The server's key is missing. The practice's administrator can put it back."),
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
    "consent": _("said yes"),
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
        _(
            "Numbers of this session, without words or names, count in figures of at least five clients and five "
            "coaches."
        ),
    ),
}
"""Each purpose, for the client: what it is called, and what a yes or a no means."""
PURPOSES_FOR_COACH: dict[Purpose, LazyString] = {
    Purpose.OWN_REPORT: _("Your own report"),
    Purpose.SUPERVISOR: _("Showing it to your supervisor"),
    Purpose.QUOTE: _("Quoting your client's words"),
    Purpose.CLIENT_COPY: _("A page of their own"),
    Purpose.AGGREGATE: _("The practice's figures"),
}
INVITED_AS: dict[str, LazyString] = {
    "coach": _("After each recorded session you get a private report of how you and your client talked."),
    "supervisor": _("Coaches share sessions with you. You mark them with your own ear before you see what was found."),
    "administrator": _("You invite people and say who supervises whom. No session can be opened by you."),
}
CHECKS: dict[str, LazyString] = {
    "database": _("Database"),
    "redis": _("Queue (Redis)"),
    "disk": _("Space on the disk"),
    "worker io": _("Fetching and sending (worker io)"),
    "worker audio": _("Hearing and reading (worker audio)"),
    "clock": _("Keeping time (clock)"),
    "challenge": _("Zoom's check of the address"),
    "webhook": _("Messages from Zoom"),
}
"""The parts of the server, as the administrator reads them."""


DETAILS: dict[str, dict[str, LazyString]] = {
    "consent": {purpose.value: words for purpose, words in PURPOSES_FOR_COACH.items()},
    "withdraw": {purpose.value: words for purpose, words in PURPOSES_FOR_COACH.items()},
    "share": SHARED_FOR,
    "export": {
        "report.pdf": _("the report"),
        "transcript.docx": _("the transcript"),
        "transcript.vtt": _("the captions"),
        "dossier.txt": _("the mentor hours"),
    },
    "retention": {
        "audio": _("the audio"),
        "transcript": _("the words"),
        "report": _("the report"),
        "leftovers": _("what was left over"),
    },
}
"""What an entry of the log was about, by action and the code that it was noted with."""


def reason(code: str) -> LazyString | str:
    """Why a call stands still, for its coach; "" when it does not."""
    return REASONS.get(code, OTHER_REASON) if code else ""
