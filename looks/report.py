"""The pictures of the report in docs/img, drawn anew from an invented call.

    nice .venv/bin/python looks/report.py

The call is one of the corpus that is kept for testing. Needs Chromium and poppler (Debian packages chromium,
poppler-utils). Writes docs/img/{mail-phone,page-phone,report-phone,page-light,print-pages,pdf-pages}.png.
"""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from processor.analysis.read import read_session
from processor.knowledge import load
from processor.model.session import Doubt
from reports.audience import Audience
from reports.content import build_report
from reports.context import Context, Guess, PastSession
from reports.message import build_message
from reports.page import render_page
from reports.pdf import render_pdf
from reports.report import Report
from tests.reports.calls import context
from training import corpus
from training.sessions import session_of

OUT = Path(__file__).resolve().parents[1] / "docs" / "img"
CALL = "calls/c02:0"
PHONE, DESK, TALL, ROOM = 390, 900, 1950, 24
_SHARES = (0.41, 0.38, 0.44, 0.36, 0.39, 0.35)


def around() -> Context:
    """Six earlier sessions, one of them read by another version."""
    earlier = tuple(
        PastSession(
            date(2026, 1, 9 + 7 * i) if i < 3 else date(2026, 2, 7 * i - 17),
            "new" if i else "old",
            (("talk_share_coach", share), ("move_share_client", 0.9 - share), ("wait_median_coach", 600 + 90 * i)),
        )
        for i, share in enumerate(_SHARES)
    )
    consent = "Your client agreed to this report on their page."
    return context(earlier=earlier, consent=consent, guess=Guess(0.3, 1, "client"), may_quote_client=True)


def reported() -> Report:
    """The coach's report of the call."""
    call = next(c for c in corpus.load() if c.name == CALL)
    found = replace(read_session(session_of(call), load("en")), doubt=Doubt("good", 0.02))
    return build_report(found, Audience.COACH, around())


def mail(report: Report, *, pictures: bool) -> str:
    """The mail's HTML as a program shows it that loads pictures, or does not."""
    message = build_message(report, "a@coach.example", "b@coach.example", "<1@coach.example>", "https://coach.example/x")
    shown = next(p for p in message.walk() if p.get_content_type() == "text/html").get_content()
    drawn = next(p for p in message.walk() if p.get_content_type() == "image/png").get_content()
    source = f"data:image/png;base64,{base64.b64encode(drawn).decode()}" if pictures else "data:,"
    return re.sub(r'src="cid:[^"]*"', f'src="{source}"', shown)


def shot(browser: Browser, html: str, width: int, *, dark: bool = False, height: int = 0) -> Image.Image:
    """A picture of `html`, whole or cut at `height`."""
    around_it = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme="dark" if dark else "light", device_scale_factor=1.5
    )
    page = around_it.new_page()
    page.set_content(html)
    image = Image.open(BytesIO(page.screenshot(full_page=True)))
    around_it.close()
    return image.crop((0, 0, image.width, min(image.height, round(height * 1.5)))) if height else image


def pages(pdf: bytes, most: int) -> list[Image.Image]:
    """The first pages of `pdf`."""
    return [Image.open(BytesIO(_drawn(pdf, number))) for number in range(1, most + 1)]


def _drawn(pdf: bytes, number: int) -> bytes:
    command = [str(shutil.which("pdftoppm")), "-r", "75", "-png", "-f", str(number), "-l", str(number), "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def beside(name: str, images: list[Image.Image]) -> None:
    """`images` side by side as docs/img/`name`.png, in few colours so that the file is small."""
    width = sum(image.width for image in images) + ROOM * (len(images) - 1)
    sheet = Image.new("RGB", (width, max(image.height for image in images)), "#d5d9de")
    at = 0
    for image in images:
        sheet.paste(image, (at, 0))
        at += image.width + ROOM
    sheet.quantize(128).save(OUT / f"{name}.png", optimize=True)


def printed(browser: Browser, html: str) -> bytes:
    """`html` as a browser prints it."""
    page = browser.new_page()
    page.set_content(html)
    return page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm"))


def main() -> None:
    """Draw all of them."""
    report = reported()
    html = render_page(report)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        light, off = mail(report, pictures=True), mail(report, pictures=False)
        beside("mail-phone", [shot(browser, light, PHONE), shot(browser, off, PHONE, dark=True)])
        phone = shot(browser, html, PHONE, height=TALL)
        beside("page-phone", [phone, shot(browser, html, PHONE, dark=True, height=TALL)])
        beside("report-phone", [phone.crop((0, 0, phone.width, 2130))])
        beside("page-light", [shot(browser, html, DESK, height=TALL)])
        beside("print-pages", pages(printed(browser, html), 3))
        browser.close()
    beside("pdf-pages", pages(render_pdf(report), 3))


if __name__ == "__main__":
    main()
