"""The disk that counts is the one the data folder lies on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from integration.watching.disk import room_for

ROOT = Path(__file__).parents[3]
SIZE = 8 << 20
LOOK = """
import sys; from pathlib import Path; from integration.watching.disk import room_for
print(room_for(Path(sys.argv[1]) / "var").total)
"""


def test_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    """A machine that has written nothing yet is looked at all the same, and its folder is for its user only."""
    room = room_for(tmp_path / "new" / "var")
    assert 0 < room.free <= room.total
    assert (tmp_path / "new" / "var").stat().st_mode & 0o777 == 0o700


def test_a_disk_of_its_own(tmp_path: Path) -> None:
    """With the data folder on a disk of 8 MB, these 8 MB are what is told, not the system's disk."""
    script = f'mount -t tmpfs -o size={SIZE} tmpfs "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh", tmp_path, sys.executable, LOOK]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("this machine lets nobody mount a file system of their own (container without the right)")
    assert int(done.stdout) == SIZE
