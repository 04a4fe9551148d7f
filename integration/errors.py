"""What can go wrong outside, each with a code that documents and scripts may name."""

from __future__ import annotations

from processor.errors import ProductError


class ConfigFault(ProductError):
    """The configuration cannot be used; the message lists every fault at once."""

    code = "CONFIG"


class SignatureFault(ProductError):
    """A webhook is not from Zoom, or too old to be believed."""

    code = "SIGNATURE"


class EventNotUnderstood(ProductError):
    """A signed webhook does not have the form that Zoom documents."""

    code = "EVENT_FORM"


class ZoomFault(ProductError):
    """Zoom refused for good: wrong scope, recording gone, connection ended."""

    code = "ZOOM"


class ZoomBusy(ProductError):
    """Zoom, or the way to it, is not ready; `retry_after_s` says when to ask again (None: as usual)."""

    code = "ZOOM_BUSY"
    permanent = False

    def __init__(self, message: str, *, code: str | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class DownloadFault(ProductError):
    """What came is not the recording: wrong place, wrong kind, wrong size."""

    code = "DOWNLOAD"


class StoreFault(ProductError):
    """The database or the vault cannot do what was asked."""

    code = "STORE"


class StoreBusy(ProductError):
    """Another process writes; the same call may be made again."""

    code = "STORE_BUSY"
    permanent = False


class LeaseLost(ProductError):
    """Another worker has taken this call over, so this one stops without writing."""

    code = "LEASE_LOST"
    permanent = False


class NoConsent(ProductError):
    """Nobody agreed to this use of the call, or the agreement was withdrawn."""

    code = "NO_CONSENT"


class DeliveryFault(ProductError):
    """The mail server refused the message for good."""

    code = "DELIVERY"


class DeliveryBusy(ProductError):
    """The mail server cannot be reached, asks to come back later, or refuses our password or sender."""

    code = "DELIVERY_BUSY"
    permanent = False


def where_raised(bug: BaseException) -> str:
    """File and line of the innermost frame, such as "run.py:80": enough to find a bug, nothing of what was said."""
    trace = bug.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
