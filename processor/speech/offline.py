"""Keeps the hearing on this machine.

pyannote.audio reports the length of every file and the number of its speakers to its maker unless it is
told not to before it is imported; the model libraries look for newer files on their hub. Neither may
happen with a coach's recording, so every module here that imports one of them calls `stay_offline` first.
"""

from __future__ import annotations

import os
import warnings

SETTINGS = {
    "PYANNOTE_METRICS_ENABLED": "0",
    "OTEL_SDK_DISABLED": "true",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}

# What the libraries say at import about parts that are not used here (they never open a file themselves).
_CHATTER = (
    r"(?s).*torchcodec is not installed correctly.*",
    r"(?s).*torchaudio\..* has been deprecated.*",
    r"(?s).*pkg_resources is deprecated.*",
    r"(?s).*In 2\.9, this function's implementation will be changed.*",
)


def stay_offline() -> None:
    """Switches telemetry and look-ups off, for this process and those it starts; safe to call again.

    It must come before the first import of whisperx, pyannote.audio, transformers or huggingface_hub,
    because they read these settings once.
    """
    os.environ.update(SETTINGS)
    for pattern in _CHATTER:
        warnings.filterwarnings("ignore", message=pattern)
