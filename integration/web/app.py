"""The web app: everybody's pages, and the door for Zoom's webhooks."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask import Flask, request
from flask_babel import Babel

from integration.web import access, guard, health, hooks, look
from integration.web.accounts import init_accounts
from integration.web.current import SERVICES
from integration.web.upload import allow_large_files
from integration.wiring import Services

PAGES = (
    "home",
    "assets",
    "sessions",
    "correction",
    "listening",
    "keeping",
    "sharing",
    "inviting",
    "exporting",
    "erasing",
    "upload",
    "logbook",
    "invitations",
    "client",
    "supervising",
    "agreeing",
    "mentoring",
    "administration",
    "practice",
    "zoom",
)
"""The modules with pages; each has one blueprint, called `pages`."""
TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = ("en", *sorted(path.parts[-3] for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo")))
"""English, and every language with a compiled file (translations/README.md says how to add one)."""
LARGEST_FORM = 256 * 1024


def create_app(services: Services) -> Flask:
    """The app over `services`. Nothing here can reach the hearing: work is handed to the queues."""
    app = Flask(__name__)
    app.extensions[SERVICES] = services
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_MEMORY_SIZE=LARGEST_FORM, BABEL_DEFAULT_LOCALE="en")
    Babel(app, locale_selector=_language)
    init_accounts(app, services)
    access.guard_doors(app)
    allow_large_files(app)
    guard.protect(app, services)
    for name in PAGES:
        app.register_blueprint(import_module(f"integration.web.{name}").pages)
    app.register_blueprint(health.make_blueprint(services))
    _register_hooks(app, services)
    guard.limit_tries(app, services)
    look.init_look(app)
    return app


def _register_hooks(app: Flask, services: Services) -> None:
    """Open the door for Zoom. It checks signatures instead of form tokens and lets strangers in to be refused."""
    blueprint = hooks.make_blueprint(services)
    guard.csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
    for endpoint in [name for name in app.view_functions if name.startswith(f"{blueprint.name}.")]:
        access.public(app.view_functions[endpoint])


def _language() -> str:
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
