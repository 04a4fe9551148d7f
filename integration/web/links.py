"""Addresses of pages, for letters and reports. They name a call by its random token and hold nothing about it."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from integration.config import Settings
from integration.store.keys import own_secret
from integration.store.schema import Call, Person
from reports.audience import Audience
from reports.context import Links

UNSUBSCRIBE = "unsubscribe"


def report_url(settings: Settings, call: Call) -> str:
    """The page on which the coach reads the report of `call`."""
    return f"{_root(settings)}/sessions/{call.token}"


def report_links(settings: Settings, call: Call, audience: Audience, *, can_play: bool) -> Links:
    """Every address that a report offers its reader. Only coach and supervisor can play, while the audio is kept."""
    if audience is Audience.CLIENT:
        return Links()
    page = report_url(settings, call)
    if audience is Audience.SUPERVISOR:
        page = f"{_root(settings)}/supervision/{call.token}"
    play = f"{page}/listen?at={{seconds}}" if can_play else ""
    if audience is Audience.SUPERVISOR:
        return Links(page=page, play=play)
    return Links(
        page=page,
        play=play,
        correct=f"{page}/correct",
        swap=f"{page}/correct#voices",
        strike=f"{page}/correct#strike",
        share=f"{page}/share",
        delete=f"{page}/delete",
        formulas=f"{page}#numbers",
    )


def sign_in_url(settings: Settings) -> str:
    """Where everybody signs in."""
    return f"{_root(settings)}/sign-in"


def supervision_url(settings: Settings) -> str:
    """Where a supervisor finds what is shared with them."""
    return f"{_root(settings)}/supervision"


def invitation_url(settings: Settings, token: str) -> str:
    """Where an invitation is read and answered."""
    return f"{_root(settings)}/invitations/{token}"


def unsubscribe_url(settings: Settings, coach: Person) -> str:
    """Where the coach turns their report mails off, in one click and without signing in."""
    return f"{_root(settings)}/mail-off/{_serializer(settings).dumps(coach.id)}"


def unsubscribing_person(settings: Settings, token: str) -> int | None:
    """The id of the person whose letter held `token`; None when it is not one of ours."""
    try:
        found = _serializer(settings).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


def web_secret(settings: Settings) -> str:
    """The secret that signs sessions and links: the setting, or one made once in the data folder."""
    return settings.web.secret_key.get_secret_value() or own_secret(settings.data_dir / "keys" / "web.key")


def _serializer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(web_secret(settings), salt=UNSUBSCRIBE)


def _root(settings: Settings) -> str:
    return settings.web.public_url.rstrip("/")
