"""What has to happen without anybody asking: work handed over, missed recordings found, what is due erased."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from integration.errors import where_raised
from integration.privacy import retention
from integration.store import heartbeats
from integration.wiring import Services
from integration.zoom import reconcile, reconnecting
from processor.errors import ProductError

ZOOM = "zoom"
"""The name of the thread that asks Zoom."""


def hand_over(services: Services) -> None:
    """Hand waiting work to Redis: after an outage, a flush, a killed worker, or a wait that is over."""
    handed = services.queues.dispatch(services.database, services.now_ms())
    if handed.jobs or not handed.reachable:
        structlog.get_logger().info("handed_over", count=handed.jobs, status="up" if handed.reachable else "redis_away")


def look_after(services: Services) -> None:
    """Erase what the settings say, and find recordings that no webhook brought.

    Zoom may take long to answer, so it is asked in a thread of its own, one at a time: neither handing over nor
    erasing waits for it. The process does not end before that thread does.
    """
    attempt(services, _erase_what_is_due)
    attempt(services, reconcile.clear_away)
    attempt(services, _forget_workers)
    if all(thread.name != ZOOM for thread in threading.enumerate()):
        threading.Thread(target=ask_zoom, args=(services,), name=ZOOM).start()


def ask_zoom(services: Services) -> None:
    """Find what no webhook brought and hand it over, and ask coaches whose connection has ended to make it again."""
    attempt(services, _find_missed)
    attempt(services, reconnecting.ask_who_must)
    attempt(services, hand_over)


def attempt(services: Services, duty: Callable[[Services], object]) -> None:
    """One duty. What went wrong is logged and tried again in the next round; it keeps no other duty from being done."""
    try:
        duty(services)
    except ProductError as fault:
        structlog.get_logger().warning("clock", code=fault.code)
    except Exception as bug:  # noqa: BLE001 - one broken duty must not stop the others
        structlog.get_logger().error("clock", error=type(bug).__name__, where=where_raised(bug))


def _erase_what_is_due(services: Services) -> None:
    retention.sweep(services, dry_run=False)


def _forget_workers(services: Services) -> None:
    with services.database.transaction() as tx:
        heartbeats.forget_workers(tx, services.now_ms())


def _find_missed(services: Services) -> None:
    structlog.get_logger().info("reconciled", count=reconcile.reconcile(services))
