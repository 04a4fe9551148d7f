"""What guards every answer: headers, tokens in forms, limits on tries, and faults told in plain words."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from flask import Flask, Response, current_app, render_template, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security.utils import uia_email_mapper
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from integration.errors import StoreFault, where_raised
from integration.store.people import plain
from integration.wiring import Services
from processor.errors import ProductError

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
CONTENT_POLICY = "; ".join(f"{part} {value}" for part, value in POLICY.items())
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: over https a form is checked for coming from our own pages, by its referrer.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "X-Robots-Tag": "noindex, nofollow",
}
CODES_SENT = "5 per 15 minutes"
CODES_TRIED = "10 per hour"
FROM_ONE_PLACE = "60 per 15 minutes"
"""Tries of one address, and from one place (an office shares one). # Source: the house's choice, see SECURITY.md."""

EVEN_S = 0.1
"""Answers of the sign-in leave at multiples of this. # Source: measured, 12 to 30 ms are needed, and some 5 ms more for
a known address."""

LASTING = frozenset({"static", "assets.sheet", "assets.charts"})
"""What browsers may keep: it is the same for everybody."""

csrf = CSRFProtect()


def protect(app: Flask, services: Services) -> None:
    """Put all guards before and behind the views of `app`."""
    csrf.init_app(app)
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _fault_page)
    app.register_error_handler(ProductError, _product_fault)
    app.register_error_handler(Exception, _bug)
    if services.settings.web.trusted_proxies:
        count = services.settings.web.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's own way to wrap an app


def limit_tries(app: Flask, services: Services) -> None:
    """Limit how often codes are asked for and tried. Without Redis each process counts for itself."""
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=services.queues.url or "memory://",
        in_memory_fallback_enabled=True,
        headers_enabled=False,
        key_prefix="partnering-limit",
    )
    for endpoints, tries in {
        ("security.us_signin_send_code",): CODES_SENT,
        ("security.us_signin", "security.login"): CODES_TRIED,  # two addresses of one view, so one count
    }.items():
        scope, view = endpoints[0], _evenly(app.view_functions[endpoints[0]])
        by_place = limiter.shared_limit(FROM_ONE_PLACE, scope, methods=["POST"])(view)
        by_identity = limiter.shared_limit(tries, scope, key_func=_identity, methods=["POST"])(by_place)
        for endpoint in endpoints:
            app.view_functions[endpoint] = by_identity


def _evenly(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, with the time that it took for a known address and for an unknown one made the same."""

    @wraps(view)
    def answered() -> Any:
        began = time.monotonic()
        answer = view()
        if request.method == "POST":
            time.sleep(EVEN_S - (time.monotonic() - began) % EVEN_S)
        return answer

    return answered


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint not in LASTING:
        response.headers["Cache-Control"] = "no-store, private"
    return response


def _identity() -> str:
    """A mark of the address that is being tried, in the form in which it is looked up; never the address itself."""
    typed = request.form.get("identity", "")
    return hashlib.sha256(plain(uia_email_mapper(typed) or typed).encode()).hexdigest()[:32]


def _fault_page(fault: HTTPException) -> tuple[str, int] | HTTPException:
    """Every fault as a page of ours, with what can be done. Redirects pass."""
    if fault.code is None or fault.code < 400:
        return fault
    code = 400 if isinstance(fault, CSRFError) else fault.code
    return render_template("fault.html", status=code, stale=isinstance(fault, CSRFError)), code


def _product_fault(fault: ProductError) -> tuple[str, int]:
    structlog.get_logger().warning("page_failed", code=fault.code, route=str(request.url_rule))
    gone = isinstance(fault, StoreFault) and fault.code in {"NOT_FOUND", "ERASED", "NOT_KEPT"}
    status = 404 if gone else 503 if not fault.permanent else 500
    return render_template("fault.html", status=status, stale=False, message=fault.message), status


def _bug(bug: Exception) -> tuple[str, int]:
    """A bug: noted by kind and place, because its own words might hold what somebody said."""
    if current_app.testing:
        raise bug
    structlog.get_logger().error(
        "page_crashed", error=type(bug).__name__, where=where_raised(bug), route=str(request.url_rule)
    )
    return render_template("fault.html", status=500, stale=False), 500
