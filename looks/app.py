"""The pictures of the app's pages in docs/img, drawn anew from a running app and a session that was really read.

    nice .venv/bin/python looks/app.py

Needs Chromium and Redis as the tests do. Writes docs/img/app-{consent-phone,my-page-phone,marking-desk}.png.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from playwright.sync_api import sync_playwright

from integration.redis_server import redis_server
from integration.store.people import PersonKind
from tests.journeys.office import Guest, Office
from tests.practices import CLIENT, COACH, EVERY, SUPERVISOR
from tests.visitors import known

OUT = Path(__file__).resolve().parents[1] / "docs" / "img"


def shoot(guest: Guest, path: str, name: str, height: int) -> None:
    """The page at `path` from its top down to `height` pixels, as docs/img/`name`.png."""
    page = guest.open(path)
    page.set_viewport_size({"width": page.evaluate("innerWidth"), "height": height})
    Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(128).save(OUT / f"{name}.png", optimize=True)


def main() -> None:
    """Draw all of them."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with (
            redis_server(Path(folder, "redis")) as redis,
            Office(Path(folder), redis, browser, PARTNERING_CONSENT__INVITE_CLIENTS="true") as office,
        ):
            known(office.services, COACH, PersonKind.COACH, name="Dana Hale")
            call = office.sessions.session(client=CLIENT, purposes=EVERY, media=b"\0" * 50)
            office.sessions.tie()
            office.sessions.share(call)
            client, supervisor = office.visitor(phone=True), office.visitor()
            client.sign_in(CLIENT)
            shoot(client, f"/my-sessions/{call.token}/choices", "app-consent-phone", 1400)
            shoot(client, f"/my-sessions/{call.token}", "app-my-page-phone", 1400)
            supervisor.sign_in(SUPERVISOR)
            shoot(supervisor, f"/supervision/{call.token}", "app-marking-desk", 1000)
        browser.close()


if __name__ == "__main__":
    main()
