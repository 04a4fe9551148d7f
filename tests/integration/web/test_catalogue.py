"""Every text of the pages stands once in the catalogue, so that a language can be added without touching code."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB = Path(__file__).parents[3] / "integration" / "web"
CATALOGUE = WEB / "translations" / "messages.pot"
SOURCES = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]


def extracted() -> set[str]:
    """Every marked text of code and templates."""
    keywords = {"_": None, "gettext": None, "lazy_gettext": None}
    options = {"templates/**.html": {"trimmed": "true"}, "templates/**.txt": {"trimmed": "true"}}
    found = extract_from_dir(WEB, SOURCES, options, keywords=keywords)
    return {text for _file, _line, text, _comments, _context in found if isinstance(text, str)}


def test_the_catalogue_is_complete() -> None:
    """The committed file holds exactly the texts that code and templates mark."""
    with CATALOGUE.open("rb") as stream:
        catalogue = {str(message.id) for message in read_po(stream) if message.id}
    assert catalogue == extracted(), "run the command of translations/README.md"


def test_templates_hold_no_text_of_their_own() -> None:
    """Between the tags of a page stand only texts that are marked, names and numbers."""
    unmarked = {}
    for path in sorted((WEB / "templates").glob("*.html")):
        text = re.sub(r"{% block width %}\w*{% endblock %}", " ", path.read_text())
        text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " ", text, flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", " ", text, flags=re.DOTALL)
        words = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", text))) - {"Partnering", "UTC"}
        if words:
            unmarked[path.name] = words
    assert unmarked == {}


def test_labels_are_marked_too() -> None:
    """What a screen reader says and what a field suggests is a text like any other."""
    pattern = re.compile(r'(?:aria-label|alt|title)="([^"{]*[A-Za-z][^"{]*)"')
    pages = {path.name: path.read_text() for path in sorted((WEB / "templates").glob("*.html"))}
    unmarked = {name: found for name, page in pages.items() if (found := pattern.findall(page))}
    assert unmarked == {}
