"""What has to happen without anybody asking: work handed over, missed recordings found, what is due erased."""

from __future__ import annotations

import structlog

from integration.privacy import retention
from integration.store import heartbeats
from integration.wiring import Services
from integration.zoom import reconcile


def hand_over(services: Services) -> None:
    """Hand waiting work to Redis: after an outage, a flush, a killed worker, or a wait that is over."""
    handed = services.queues.dispatch(services.database, services.now_ms())
    if handed.jobs or not handed.reachable:
        structlog.get_logger().info("handed_over", count=handed.jobs, status="up" if handed.reachable else "redis_away")


def look_after(services: Services) -> None:
    """Find recordings that no webhook brought, and erase what the settings say."""
    found = reconcile.reconcile(services)
    structlog.get_logger().info("reconciled", count=found)
    retention.sweep(services, dry_run=False)
    with services.database.transaction() as tx:
        heartbeats.forget_workers(tx, services.now_ms())
    hand_over(services)
