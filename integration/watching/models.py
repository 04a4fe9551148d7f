"""Whether the models are on this machine and are the ones that this version knows, without loading any."""

from __future__ import annotations

from pathlib import Path

from integration.config import SpeechSettings
from processor import knowledge
from processor.errors import ModelMissing
from processor.speech import profiles, weights


def check(settings: SpeechSettings, cache: Path) -> str:
    """What is there, in one sentence. Raises ModelMissing, which names what is not and says how to get it."""
    knowledge.load("en")
    if settings.profile == "standard":
        for name, repository, file in (profiles.WHISPER_TURBO, profiles.COMMUNITY_1):
            if not (cache / name / file).is_file():
                raise ModelMissing(
                    f"the model {name} is missing: hf download {repository} --local-dir {name} in the model folder"
                )
        return "the models of the standard profile are in the model folder"
    weights.packaged(weights.SEGMENTATION, "segmentation model")
    weights.packaged(weights.VOICES, "voice model")
    weights.whisper_base(cache)
    return "the models of the embedded profile are there, each with the right SHA-256"
