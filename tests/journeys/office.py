"""A practice whose web app runs as its own process, and the people in front of it with real browsers.

Every page that anybody opens is looked at: no rule of accessibility broken, nothing on the console,
nothing asked of another host, nothing sticking out at the side of the screen.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from http.client import HTTPConnection
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Self

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request

from integration import config, wiring
from integration.redis_server import free_port
from integration.wiring import Services
from tests.log_watch import WATCH
from tests.practices import Practice
from tests.visitors import code_in, letters, next_letter

START_S = 180
"""Two web workers load everything; on a machine that is busy this takes its time."""
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
AXE = files("axe_playwright_python").joinpath("axe.min.js")


class Office:
    """The running app. `sessions` puts sessions into its store, as workers would have."""

    def __init__(self, folder: Path, redis_url: str, browser: Browser, **more: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._browser, self._log = browser, folder / "web.log"
        self._environment = {
            "PARTNERING_DATA_DIR": str(folder / "var"),
            "PARTNERING_WEB__PUBLIC_URL": self.url,
            "REDIS_URL": redis_url,
            **more,
        }
        self.services: Services = wiring.build(self._settings())
        self.services.database.migrate()
        self.sessions = Practice(Flask("no pages of its own"), self.services)
        self._process: subprocess.Popen[bytes] | None = None
        self._browsers: list[BrowserContext] = []

    def _settings(self) -> config.Settings:
        outside = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PARTNERING_")}
        os.environ.update(self._environment)
        try:
            return config.from_env()
        finally:
            for name in self._environment:
                os.environ.pop(name, None)
            os.environ.update(outside)

    def __enter__(self) -> Self:
        command = [str(Path(sys.executable).parent / "partnering"), "serve", "--bind", f"127.0.0.1:{self.port}"]
        outside = {k: v for k, v in os.environ.items() if not k.startswith("PARTNERING_")}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, env=outside | self._environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, "the web app did not start"
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        for context in self._browsers:
            context.close()
        self._process.terminate()
        self._process.wait(timeout=60)
        self.services.database.close()
        WATCH.read(f"the web app's log in {self._log.parent.name}", self._log.read_text())

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def visitor(self, *, phone: bool = False, script: bool = True, dark: bool = False) -> Guest:
        """Somebody with a fresh browser."""
        context = self._browser.new_context(
            viewport=PHONE if phone else DESK,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            base_url=self.url,
        )
        self._browsers.append(context)
        return Guest(self, context, script=script)

    def invitation(self, before: int) -> str:
        """The link in the letter that comes after the first `before` ones."""
        found = re.search(r"http\S+/invitations/\S+", next_letter(self.services, before).get_content())
        assert found
        return found[0]

    def letter_count(self) -> int:
        folder: Path = self.services.mailer.folder
        return len(letters(self.services)) if folder.exists() else 0


class Guest:
    """One person at one browser."""

    def __init__(self, office: Office, context: BrowserContext, *, script: bool) -> None:
        self.office, self.page, self._script = office, context.new_page(), script
        self.page.set_default_timeout(120_000)  # a busy machine is no fault of the page
        self.seen: list[str] = []
        self._faults: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda fault: self._faults.append(str(fault)))
        self.page.on("request", self._ours)

    def open(self, path: str) -> Page:
        """Go to a page and look at it closely."""
        self.page.goto(path)
        self.look()
        return self.page

    def press(self, name: str, *, exact: bool = True) -> Page:
        """Press the button or follow the link called `name`, and look at what comes."""
        button = self.page.get_by_role("button", name=name, exact=exact)
        target = button if button.count() else self.page.get_by_role("link", name=name, exact=exact)
        target.first.click()
        self.page.wait_for_load_state()
        self.look()
        return self.page

    def sign_in(self, address: str) -> None:
        """With the code from the mail."""
        before = self.office.letter_count()
        self.open("/sign-in")
        self.page.get_by_label("Your e-mail address").fill(address)
        self.press("Send me a code")
        code = code_in(next_letter(self.office.services, before))
        self.page.get_by_label("Code from the e-mail, or from your authenticator app").fill(code)
        self.press("Sign in")

    def says(self, *texts: str) -> None:
        """The page shows each of these texts."""
        shown = self.page.inner_text("body")
        for text in texts:
            assert text in shown, f"{text!r} is not on {self.page.url}"

    def says_nothing_of(self, *texts: str) -> None:
        """The page holds none of these texts, not even hidden."""
        held = self.page.content()
        for text in texts:
            assert text not in held, f"{text!r} is on {self.page.url}"

    def look(self) -> None:
        """No rule broken, nothing on the console, nothing at the side."""
        self.seen.append(self.page.url)
        if self._script:
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            found = self.page.evaluate(
                "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))"
            )
            assert found == [], (self.page.url, found)
            width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert width <= 0, f"{self.page.url} is too wide by {width}"
        assert not self._faults, (self.page.url, list(self._faults))

    def first_paint_ms(self, path: str) -> float:
        """When the first words of a page stand on the screen; the best of three, so that a busy machine counts less."""
        paints = []
        for _ in range(3):
            self.page.goto(path)
            paints.append(
                self.page.evaluate(
                    "new Promise(done => new PerformanceObserver(list => done(list.getEntries()[0].startTime))"
                    ".observe({type: 'paint', buffered: true}))"
                )
            )
        return float(min(paints))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "404 (NOT FOUND)" not in text:
            self._faults.append(text)

    def _ours(self, request: Request) -> None:
        if not request.url.startswith((self.office.url, "data:")):
            self._faults.append(f"asked {request.url}")
