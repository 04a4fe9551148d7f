"""The practice's own figures: over clients who agreed, in groups that hide everybody."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from integration.aggregates import FEWEST, practice_figures
from integration.store.people import PersonKind
from integration.web.access import only
from integration.web.current import services
from reports.wording import entry

pages = Blueprint("practice", __name__)


@pages.get("/practice")
@only(PersonKind.ADMINISTRATOR)
def figures() -> ResponseReturnValue:
    """Quarters of the practice. Nothing here can be sorted, narrowed down, or asked of one coach."""
    return render_template(
        "practice.html",
        quarters=practice_figures(services()),
        fewest=FEWEST,
        part=lambda name: entry("group", name)["name"],
    )
