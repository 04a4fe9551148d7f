"""The web server: gunicorn around the app, without its configuration files or environment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from integration.web import assets
from integration.web.app import create_app
from integration.wiring import Services

THREADS = 4
TIMEOUT_S = 60


def serve(build: Callable[[], Services], bind: str, workers: int) -> None:
    """Serve the app on `bind` with `workers` processes until told to stop; each builds its own services."""
    # After the fork: neither a connection nor a blob store's thread can be shared between processes.
    options = {"bind": bind, "workers": workers, "worker_class": "gthread", "threads": THREADS,
               "timeout": TIMEOUT_S, "graceful_timeout": TIMEOUT_S // 2, "accesslog": None,
               "max_requests": 5000, "max_requests_jitter": 500, "limit_request_line": 4094,
               "control_socket_disable": True}
    _Server(build, options).run()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, build: Callable[[], Services], options: dict[str, Any]) -> None:
        self._build, self._options = build, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # Loading the drawing library takes a second or two, for which nobody should wait.
        threading.Thread(target=assets.warm_up, name="drawing", daemon=True).start()
        return create_app(self._build())
