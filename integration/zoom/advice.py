"""What to switch on in Zoom so that calls can be heard well. Pure: settings go in, advice comes out.

Names as Zoom's API gives them in GET /users/{id}/settings (part "recording"); a test holds them against Zoom's types.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from integration.zoom.payloads import Json, part

APART = "record_audio_file_each_participant"


@dataclass(frozen=True, slots=True)
class Switch:
    """One of Zoom's settings: its name in Zoom's own pages, what it does for a report, and whether it is on.

    `on` None = Zoom did not say. `needed` = without it there is no report at all. `seen` = Zoom did not say, and the
    coach's last recording showed it.
    """

    key: str
    label: str
    why: str
    on: bool | None
    needed: bool = False
    seen: bool = False


def advise(settings: Json, *, last_had_tracks: bool | None) -> tuple[Switch, ...]:
    """Every setting that matters, the most helpful first.

    Of accounts and groups Zoom tells whether participants are recorded apart, of users it does not (so the types of
    its own library have it); then `last_had_tracks` says it, None when there is no recording yet.
    """
    recording = part(settings, "recording")
    switches = (
        Switch(key, label, why, _on(recording.get(key)), needed=key == "cloud_recording")
        for key, label, why in _SWITCHES
    )
    return tuple(
        replace(one, on=last_had_tracks, seen=last_had_tracks is not None)
        if one.key == APART and one.on is None
        else one
        for one in switches
    )


def _on(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return value == "cloud" if isinstance(value, str) else None


_SWITCHES = (
    (
        APART,
        "Record a separate audio file of each participant",
        "Each voice is heard by itself: who said what is certain, and talking at the same time is measured exactly.",
    ),
    ("cloud_recording", "Cloud recording", "Only recordings in Zoom's cloud can be fetched."),
    (
        "record_audio_file",
        "Record audio-only files",
        "A small file with all that is needed; without it the film has to be fetched.",
    ),
    ("show_timestamp", "Add a timestamp to the recording", "Zoom then notes who spoke when, which helps with names."),
    (
        "display_participant_name",
        "Display participants' names in the recording",
        "Names in the report instead of “first voice” and “second voice”.",
    ),
    ("recording_audio_transcript", "Audio transcript", "Zoom's own transcript helps to tell names."),
    ("auto_recording", "Automatic recording: in the cloud", "No call is missed because nobody pressed the button."),
    (
        "recording_disclaimer",
        "Recording disclaimer",
        "Everybody is asked for consent before the recording begins.",
    ),
)
