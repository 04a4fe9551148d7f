"""The PDF: one page to read and an appendix, tagged, searchable, on both papers."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from processor.model.people import Sure
from reports.audience import Audience
from reports.pdf import render_pdf
from tests.conftest import missing
from tests.reports.calls import CANARIES, canary_call, ordinary, report


def _poppler(*command: str, content: bytes) -> str:
    """What a poppler tool says of the PDF; without poppler the test is skipped aloud."""
    if shutil.which(command[0]) is None:
        missing(command[0], "poppler-utils")
    return subprocess.run([*command, "-"], input=content, capture_output=True, check=True).stdout.decode()


def _pages(content: bytes) -> list[str]:
    return _poppler("pdftotext", "-layout", "-", content=content).split("\f")[:-1]


@pytest.mark.parametrize(("paper", "size"), [("a4", "595.276 x 841.89"), ("us-letter", "612 x 792")])
def test_both_papers_come_out_tagged_and_without_script(paper: str, size: str) -> None:
    """A tagged PDF can be read aloud."""
    said = re.sub(r" +", " ", _poppler("pdfinfo", content=render_pdf(report(), paper)))
    assert f"Page size: {size}" in said
    assert "Tagged: yes" in said
    assert "JavaScript: no" in said


def test_it_says_that_it_keeps_to_the_standard_for_accessible_pdf() -> None:
    """PDF/UA-1, in its metadata; the typesetter refuses to write it where a picture has no words."""
    assert b"pdfuaid:part>1<" in render_pdf(report())


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_all_that_a_coach_should_read_stands_on_the_first_page(paper: str) -> None:
    """From the title to the last word of what cannot be known; then the appendix."""
    first, second, *_ = _pages(render_pdf(report(), paper))
    assert "you know more." in " ".join(first.split())
    for title in ("Session of 14 March", "What worked", "Who led", "In numbers", "What this cannot know"):
        assert title in first
    assert "Appendix" in second


def test_every_word_can_be_searched_for() -> None:
    """The words of pictures too, since they are drawn as letters."""
    whole = " ".join(_pages(render_pdf(report())))
    assert "Exploring" in whole
    assert "8.9" in whole


def test_the_same_report_gives_the_same_bytes() -> None:
    """No clock is in it."""
    assert render_pdf(report()) == render_pdf(report())


@pytest.mark.parametrize("audience", Audience)
def test_every_reader_gets_one_and_sees_no_name_in_it(audience: Audience) -> None:
    """The client's words are on the client's own PDF only."""
    text = " ".join(_pages(render_pdf(report(audience, canary_call()))))
    assert CANARIES["names"] not in text
    assert (CANARIES["client"] in text) == (audience is Audience.CLIENT)


def test_a_report_that_asks_which_voice_is_whose_can_be_printed() -> None:
    """Nothing in the template needs a part that may be missing."""
    assert "Which voice is yours?" in _pages(render_pdf(report(call=ordinary(sure=Sure.UNSURE))))[0]
