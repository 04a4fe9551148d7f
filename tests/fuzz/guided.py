"""Look for inputs that reach new code, for as long as you like; a crash is written to a file and ends the run.

    uv pip install atheris
    python tests/fuzz/guided.py words_json -max_total_time=600
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
with atheris.instrument_imports(include=["processor", "integration.zoom", "webvtt"]):
    from tests.fuzz.targets import LONGEST, TARGETS, seeds


def main() -> None:
    """Fuzz the target that is named first; what follows goes to libFuzzer."""
    target, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds(target)):
            (Path(corpus) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, f"-max_len={LONGEST}", corpus], TARGETS[target])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
