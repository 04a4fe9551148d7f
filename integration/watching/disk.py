"""How much room is left where the data folder lies."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes on the disk of the data folder."""

    free: int
    total: int


def room_for(data_dir: Path) -> Room:
    """The room on the data folder's disk, which need not be the system's. A folder that is not there yet is made."""
    folder = data_dir.absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    usage = shutil.disk_usage(folder)
    return Room(usage.free, usage.total)
