"""Profiles choose models, a device and a precision, and say what is missing (small models in the hub's formats)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from processor.speech.profiles import Embedded, Standard, best_precision, choose

Heard = dict[str, Any]


@pytest.mark.parametrize(
    ("device", "supported", "precision"),
    [
        ("cuda", {"float32", "float16", "int8_float16", "int8"}, "float16"),
        ("cuda", {"float32", "int8_float16", "int8"}, "int8_float16"),
        ("cuda", {"float32"}, "float32"),
        ("cpu", {"float32", "int8", "int8_float32", "int16"}, "int8"),
        ("cpu", {"float32"}, "float32"),
        ("cpu", set(), "default"),
    ],
)
def test_the_fastest_precision_that_there_is(device: str, supported: set[str], precision: str) -> None:
    """A card computes in halves, a processor in whole numbers; what it cannot do it is not asked."""
    assert best_precision(device, supported) == precision


def test_choosing_loads_nothing(tmp_path: Path) -> None:
    """A profile is chosen at once and leaves no file, whether or not its models are there."""
    assert isinstance(choose("embedded", tmp_path, 2, None), Embedded)
    assert isinstance(choose("standard", tmp_path, 2, "cpu"), Standard)
    assert list(tmp_path.iterdir()) == []


def test_parts_of_one_profile_are_not_used_by_the_other(tmp_path: Path) -> None:
    """What was kept by one profile is heard again by another: their names differ."""
    assert choose("embedded", tmp_path, 1, None).name != choose("standard", tmp_path, 1, "cpu").name


@pytest.mark.models
def test_a_missing_hub_model_says_how_to_get_it(heard: Heard) -> None:
    """Each message names the model and the command."""
    words, voices = heard["standard"]["refused"]
    assert "hf download" in words
    assert "whisper-large-v3-turbo" in words
    assert "hf download pyannote/speaker-diarization-community-1" in voices


@pytest.mark.models
def test_a_hub_whisper_hears_words(heard: Heard) -> None:
    """At 12 s the coach says "Thank you for saying that"."""
    assert heard["standard"]["words"][:3] == ["Thank", "you", "for"]


@pytest.mark.models
def test_hub_voices_are_segmented_and_described(heard: Heard) -> None:
    """Twelve seconds are two windows of 589 frames and three voices; what a voice is like has length one."""
    assert heard["standard"]["activity"] == [2, 589, 3]
    assert heard["standard"]["lengths"] == pytest.approx([1.0, 1.0], abs=1e-4)


@pytest.mark.models
def test_wav2vec2_places_words_in_order(heard: Heard) -> None:
    """Five words, one after the other, inside the twelve seconds."""
    times = heard["standard"]["times"]
    assert len(times) == 5
    assert all(0 <= start <= end <= 12_000 for start, end in times)
    assert all(before[1] <= after[0] for before, after in pairwise(times))


@pytest.mark.models
def test_words_that_cannot_be_spelt_keep_their_times(heard: Heard) -> None:
    """Digits are no letters of the model, and French has no model here."""
    assert heard["standard"]["unspellable"] is None
    assert heard["standard"]["no_times"]
