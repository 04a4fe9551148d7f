"""What a language brings along."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from processor.analysis.knowledge import Line
from processor.analysis.lead_features import COURSE
from processor.analysis.line_features import HITS, NAMES
from processor.analysis.roles import NAMES as HABITS
from processor.errors import ModelMissing
from processor.knowledge import load
from processor.knowledge.heads import Forest, LearntHeads, Linear
from processor.knowledge.loading import FOLDER
from processor.model.people import Role
from processor.model.reading import Phase, SignalId


def test_a_language_variant_is_its_language() -> None:
    """British English is read as English."""
    assert load("en-GB").language == "en"


def test_an_unknown_language_has_no_lexicon() -> None:
    """It is said not to be readable, and its lines are never scored."""
    assert load("xx").lexicon is None
    with pytest.raises(ModelMissing):
        load("xx").script.read([Line(Role.COACH, "")])


def test_every_wording_that_is_asked_for_is_in_the_lexicon() -> None:
    lexicon = load("en").lexicon
    assert lexicon is not None
    assert set(HITS) <= set(lexicon.patterns)


def test_every_head_that_is_asked_for_is_there_and_fits_its_features() -> None:
    """Signals, phases and the kind of call rest on the features of a line, the coach's voice on habits; leading, which
    trees tell, on the course of the phases too."""
    heads = load("en").heads
    assert isinstance(heads, LearntHeads)
    lines = [*(f"signal_{s}" for s in SignalId), *(f"phase_{p}" for p in Phase), "coaching"]
    for name, width in (dict.fromkeys(lines, len(NAMES)) | {"coach_voice": len(HABITS)}).items():
        head = heads.heads[name]
        assert isinstance(head, Linear)
        assert head.weights.shape == (width,)
    for name in ("leads_coach", "leads_client"):
        head = heads.heads[name]
        assert isinstance(head, Forest)
        assert max(int(tree.feature.max()) for tree in head.trees) < len(NAMES) + len(COURSE)
    assert {"backchannel", "interruption", "completion", "attempt", "cooperative"} <= set(heads.heads)


def test_what_is_quoted_is_right_seven_times_in_ten() -> None:
    """For each signal, by the files left out when the heads were fitted, of what has the probability that is quoted."""
    learnt = json.loads((FOLDER / "en" / "heads.json").read_text(encoding="utf-8"))
    assert set(learnt["quoted"]) == set(SignalId)
    assert {s for s, found in learnt["quoted"].items() if found["precision"] < 0.7} == set()


def test_a_phase_goes_somewhere() -> None:
    """From each phase the probabilities of the next sum to one."""
    for row in load("en").phase_steps:
        assert sum(2.718281828459045**step for step in row) == pytest.approx(1.0, abs=1e-3)


def test_the_weights_are_small_enough_to_ship() -> None:
    """25 MB at most."""
    assert (FOLDER / "en" / "script.onnx").stat().st_size <= 25_000_000


def test_reading_needs_no_torch() -> None:
    """Loading everything imports neither torch nor transformers."""
    look = "sys.exit(bool({'torch', 'transformers'} & {*sys.modules}))"
    code = f"import sys, processor.knowledge as k; k.load('en'); {look}"
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
