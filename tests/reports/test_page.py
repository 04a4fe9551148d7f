"""The page: one file, whole without script, easy to reach for everybody, on paper and in the dark."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files

import html5lib
import pytest
from lxml import html
from playwright.sync_api import Browser, Page, Route

from processor.model.people import Sure
from processor.model.reading import IsCoaching
from reports.audience import Audience
from reports.charts.drawing import script
from reports.page import render_page
from tests.reports.calls import ordinary, report

REPORTS = {
    **{audience.value: report(audience, may_quote_client=True) for audience in Audience},
    "unmarked": report(Audience.SUPERVISOR, marked=False, coachs_question="Did I leave room?"),
    "unsure": report(call=ordinary(sure=Sure.UNSURE)),
    "no coaching": report(call=ordinary(is_coaching=IsCoaching.NO)),
}
_ADDRESS = "https://coach.example/s/1"
_POLICY = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self'"


@cache
def _page(name: str, script_url: str | None = None) -> str:
    return render_page(REPORTS[name], script_url)


def _open(browser: Browser, name: str, *, width: int = 390, dark: bool = False, script_url: str | None = None) -> Page:
    """The page as the web app serves it: its content security policy, its script file and nothing else."""
    scheme = "dark" if dark else "light"
    page = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()

    def serve(route: Route) -> None:
        if route.request.url == _ADDRESS:
            body = _page(name, script_url)
            route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": _POLICY})
        elif route.request.url.endswith("/charts.js"):
            route.fulfill(body=script(), content_type="text/javascript")
        else:
            route.abort()

    page.route("**/*", serve)
    page.goto(_ADDRESS)
    return page


@pytest.mark.parametrize("name", REPORTS)
def test_the_page_keeps_to_the_standard(name: str) -> None:
    """A strict parser finds no fault, pictures included."""
    html5lib.HTMLParser(strict=True).parse(_page(name, "/charts.js"))


@pytest.mark.parametrize("name", REPORTS)
def test_the_page_fetches_nothing_and_runs_nothing(name: str) -> None:
    """No script of its own, no font, no style, no picture from elsewhere."""
    page = _page(name)
    assert re.findall(r"<script|<link|@import|url\((?!#)|\ssrc=|\son\w+=", page) == []


def test_ids_are_unique_and_headings_go_down_one_by_one() -> None:
    """So that a screen reader can jump."""
    tree = html.document_fromstring(_page("coach"))
    ids = tree.xpath("//@id")
    levels = [int(heading.tag[1]) for heading in tree.xpath("//h1|//h2|//h3")]
    assert len(ids) == len(set(ids))
    assert levels[0] == 1
    assert set(levels[1:]) == {2}


def test_each_number_is_one_click_from_where_it_comes_from() -> None:
    """How sure it is, its formula, its limits, and where it can be heard or seen; or why it is missing."""
    tree = html.document_fromstring(_page("coach"))
    ids = {f"#{name}" for name in tree.xpath("//@id")}
    numbers = tree.xpath("//details[@class='number']")
    assert len(numbers) > 15
    for number in numbers:
        behind = number.xpath("./div")[0].text_content()
        links = number.xpath("./div//a/@href")
        assert "How it is counted." in behind
        assert "What it does not tell." in behind
        assert "Could not be measured" in behind or (links and number.xpath("./summary//*[@class='sure']"))
        assert {link for link in links if link.startswith("#")} <= ids
    longest = tree.xpath("//details[@class='number'][contains(., 'longest stretch')]//a/@href")
    assert longest == ["https://coach.example/s/1/audio?t=165", "#figure-timeline"]


def test_a_number_opens_by_keyboard(browser: Browser) -> None:
    """Tab to its line, Enter, and what stands behind it is shown."""
    page = _open(browser, "coach")
    line = page.locator("details.number summary").first
    for _ in range(60):
        page.keyboard.press("Tab")
        if line.evaluate("line => line === document.activeElement"):
            break
    page.keyboard.press("Enter")
    shown = page.locator("details.number .behind").first.is_visible()
    page.context.close()
    assert shown


def test_a_call_without_a_pause_says_so_and_draws_no_empty_chart() -> None:
    """The section stays, with a sentence, and numbers of silence lead to the whole conversation."""
    built = report()
    still = render_page(replace(built, picture=replace(built.picture, silences=())))
    assert "No pause of two seconds or more was heard." in still
    assert "figure-silence" not in still


def test_what_is_said_cannot_become_markup() -> None:
    """A word is a word, whatever it looks like."""
    sly = report(Audience.SUPERVISOR, marked=False, coachs_question="<img src=x onerror=alert(1)>")
    assert "<img" not in render_page(sly)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", REPORTS)
def test_no_rule_of_accessibility_is_broken(browser: Browser, name: str, dark: bool) -> None:  # noqa: FBT001  # a column
    """axe-core finds nothing, contrast included, with everything folded open."""
    page = _open(browser, name, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
    page.context.close()
    assert found == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_stands_out_at_the_side(browser: Browser, width: int) -> None:
    """Down to the narrowest telephone, with everything folded open."""
    page = _open(browser, "coach", width=width)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    needed = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()
    assert needed <= width


def test_letters_in_pictures_can_be_read_on_a_telephone(browser: Browser) -> None:
    """The narrow drawing is shown there; no letter is smaller than 11 pixels."""
    page = _open(browser, "coach")
    sizes = page.evaluate(
        "[...document.querySelectorAll('.narrow svg text')].filter(t => t.textContent.trim())"
        ".map(t => [t.getScreenCTM(), parseFloat(getComputedStyle(t).fontSize)])"
        ".map(([m, size]) => size * Math.hypot(m.a, m.b))"
    )
    page.context.close()
    assert min(sizes) >= 11


def test_charts_answer_to_the_pointer_under_a_strict_policy(browser: Browser) -> None:
    """Without inline script, evaluated text or a style of their own."""
    page = _open(browser, "coach", width=1280, script_url="/charts.js")
    page.wait_for_selector("#figure-timeline .drawing.wide div svg", timeout=30_000)
    drawn = page.evaluate("document.querySelectorAll('.drawing.wide > div svg').length")
    page.context.close()
    assert drawn >= 6


def test_without_the_script_the_charts_are_there(browser: Browser) -> None:
    """Drawn into the page."""
    page = _open(browser, "coach", width=1280)
    shown = page.evaluate("[...document.querySelectorAll('.drawing.wide svg')].filter(s => s.clientWidth > 500).length")
    page.context.close()
    assert shown == 6


def test_in_print_the_ground_is_white_and_links_are_words(browser: Browser) -> None:
    """A dark screen does not print a dark page."""
    page = _open(browser, "coach", dark=True)
    page.emulate_media(media="print")
    ground, nav = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('nav')).display]"
    )
    page.context.close()
    assert (ground, nav) == ("rgb(255, 255, 255)", "none")
