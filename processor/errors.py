"""Errors that say what happened and what to do.

A message never holds a word that was said, a name, an address or a token: it is printed, logged and
shown. `code` is stable, so that documents and scripts can name it; `permanent` alone decides whether
the same work is tried again.
"""

from __future__ import annotations


class ProductError(Exception):
    """Something that Partnering foresaw and can explain.

    `message` is one sentence that says what is wrong and what to do about it. `code` names the case
    for good. `permanent` is true when trying again with the same input cannot help.
    """

    code = "PRODUCT"
    permanent = True

    def __init__(self, message: str, *, code: str | None = None, permanent: bool | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.permanent = type(self).permanent if permanent is None else permanent


class RecordingUnusable(ProductError):
    """The recording cannot give a report: unreadable, silent, too short, or one voice only."""

    code = "RECORDING_UNUSABLE"


class ExchangeFileFault(ProductError):
    """A words.json, RTTM, VTT or TIMELINE file does not keep to its format."""

    code = "FILE_FORMAT"


class ModelMissing(ProductError):
    """A model is not on this machine. The job waits until it is; the coach's recording has not failed."""

    code = "MODEL_MISSING"
    permanent = False


class NoRoom(ProductError):
    """There is no room for what must be written while a recording is heard. The job waits until there is."""

    code = "STORE_BUSY"
    permanent = False


class OutOfMemory(ProductError):
    """The machine ran out of memory while it heard the recording."""

    code = "OUT_OF_MEMORY"
    permanent = False
