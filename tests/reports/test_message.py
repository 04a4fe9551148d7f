"""The e-mail: short, private, the same in text and HTML, readable with pictures off."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import html5lib
import pytest
from lxml import html

from processor.model.people import Sure
from reports.audience import Audience
from reports.charts.strip import in_words
from reports.message import build_message
from reports.report import Report
from tests.reports.calls import ordinary, report
from tests.reports.promises import MOST_BYTES, MOST_WORDS, words


def _mail(built: Report | None = None) -> EmailMessage:
    message = build_message(
        built or report(), "Partnering <notes@coach.example>", "dana@coach.example", "<s1.r1@coach.example>",
        "https://coach.example/off/abc",
    )  # fmt: skip
    parsed = message_from_bytes(bytes(message), policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return part.get_content()


def _text_of_html(message: EmailMessage) -> str:
    tree = html.document_fromstring(_part(message, "html"))
    for hidden in tree.xpath("//style|//head"):
        hidden.getparent().remove(hidden)
    return tree.text_content()


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'\u2019%-]+", re.sub(r"https?://\S+", "", text).replace("\u2019", "'"))


def _fullest() -> Report:
    """A report in which every part that can be in a mail is there, and each is long."""
    built = report(call=ordinary(coverage="agreement heard u001, check_in partly u010, meaning not_heard u006"))
    assert built.guess and built.led and len(built.moments) == 2 and built.experiment  # noqa: PT018  # one condition
    return built


@pytest.mark.parametrize("built", [_fullest(), report(call=ordinary(sure=Sure.UNSURE))], ids=["fullest", "unsure"])
def test_the_mail_has_at_most_three_hundred_words(built: Report) -> None:
    """In text and in HTML, addresses not counted."""
    message = _mail(built)
    for text in (_part(message, "plain"), _text_of_html(message)):
        assert len(words(text)) <= MOST_WORDS


def test_where_there_is_room_the_mail_says_that_the_coach_knows_more() -> None:
    """Short findings leave room for it; in the fullest mail the page has it."""
    said = "You were there: you know more."
    few = replace(report(), moments=(), guess=(), headlines=())
    assert said in _part(_mail(few), "plain").replace("\n", " ")
    assert said in _fullest().limits[2]


def test_the_mail_weighs_less_than_a_hundred_kilobytes_with_its_picture() -> None:
    """Encoded, as it travels."""
    assert len(bytes(_mail())) < MOST_BYTES


def test_text_and_html_say_the_same() -> None:
    """Every word of the text is in the HTML, but for the line that leads to the page."""
    message = _mail()
    text = [line.strip() for line in _part(message, "plain").splitlines()]
    shown = " ".join(_words(_text_of_html(message))).lower()
    lines = [line for line in text if line and not line.startswith(("http", "Play, correct"))]
    assert [line for line in lines if " ".join(_words(line)).lower() not in shown] == []


def test_the_parts_stand_in_their_order() -> None:
    """Trust, guess, strip, what worked, hear again, who led, numbers, places, experiment, limits."""
    page = _part(_mail(), "html")
    marks = [
        "heard; ", "Your guess", "<img", "What worked", "One to hear again", ">Who led<", "In numbers",
        "Places for partnering", "One thing to try", "What this cannot know", "Open the full page", "Pipeline new",
    ]  # fmt: skip
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)


def test_at_most_six_lines_of_numbers() -> None:
    """More is for the page."""
    tree = html.document_fromstring(_part(_mail(), "html"))
    rows = [row.text_content().strip() for row in tree.xpath("//table//table//table//tr")]
    assert rows.index("Places for partnering") - rows.index("In numbers") - 1 <= 6


def test_nothing_in_the_mail_is_fetched() -> None:
    """The only picture travels along, so nobody learns when the mail was opened."""
    page = _part(_mail(), "html")
    assert re.findall(r'(?:src|background)="(?!cid:)[^"]*"|url\(|<link|<script', page) == []


def test_the_picture_is_in_the_mail_and_told_in_words() -> None:
    """With pictures off, the words of the strip stand in its place."""
    message = _mail()
    tree = html.document_fromstring(_part(message, "html"))
    (image,) = tree.xpath("//img")
    attached = {part["Content-ID"] for part in message.walk() if part.get_content_type() == "image/png"}
    assert f"<{image.get('src').removeprefix('cid:')}>" in attached
    assert image.get("alt") == in_words(report().picture)


def test_headers_are_fixed_and_hold_no_name_or_topic() -> None:
    """The same mail sent twice is one mail; one click turns mails off."""
    message = _mail()
    assert message["Message-ID"] == "<s1.r1@coach.example>"
    assert message["Subject"] == "Session of 14 March, 4 min: your notes are ready"
    assert message["List-Unsubscribe"] == "<https://coach.example/off/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_html_keeps_to_the_standard() -> None:
    """A strict parser finds no fault."""
    html5lib.HTMLParser(strict=True).parse(_part(_mail(), "html"))


def test_a_list_of_mails_shows_no_finding_beside_the_subject() -> None:
    """What a locked telephone shows comes first in the body, and is not seen in the mail itself."""
    tree = html.document_fromstring(_part(_mail(), "html"))
    first = tree.xpath("//body/*[1]")[0]
    assert first.text_content() == "For you alone."
    assert "display: none" in first.get("style")


def test_programs_that_know_no_padding_of_links_still_show_a_button() -> None:
    """Its colour and its room stand in a cell of a table."""
    tree = html.document_fromstring(_part(_mail(), "html"))
    (cell,) = tree.xpath("//td[a[contains(., 'Open the full page')]]")
    assert cell.get("bgcolor") == "#1d5b8f"
    assert "padding" in cell.get("style")


def test_styles_stand_in_the_tags_and_dark_is_known() -> None:
    """Mail programs drop style sheets; those that keep them may show the mail dark."""
    page = _part(_mail(), "html")
    assert page.count("style=") > 20
    assert "prefers-color-scheme: dark" in page
    assert 'name="color-scheme"' in page


def test_thin_findings_give_the_same_parts_with_reasons() -> None:
    """Where a figure is missing the line says why; nothing looks like a bad result."""
    measures = [m for m in ordinary().measures if m.id != "wait_median_coach"]
    thin = replace(report(call=ordinary(measures=measures)), moments=(), no_moments="No moment stood out.")
    text = _part(_mail(thin), "plain")
    assert "No moment stood out." in text
    assert "IN NUMBERS" in text


@pytest.mark.parametrize("audience", [Audience.SUPERVISOR, Audience.CLIENT])
def test_other_readers_get_a_line_and_a_link_and_no_finding(audience: Audience) -> None:
    """What a supervisor or a client may see stands on their page, behind their sign-in."""
    text = _part(_mail(report(audience)), "plain")
    assert "IN NUMBERS" not in text
    assert "WHO LED" not in text
    assert "https://coach.example/s/1" in text
