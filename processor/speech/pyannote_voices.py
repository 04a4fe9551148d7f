"""The real pyannote.audio pipeline, on local models: who sounds in each frame, and what a voice is like."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from pyannote.audio import Model
from pyannote.audio.core.plda import PLDA
from pyannote.audio.pipelines import SpeakerDiarization
from torch.nn import functional
from torchaudio.compliance.kaldi import get_mel_banks

from processor.speech.samples import RATE

FRAME, SHIFT, FFT = 400, 160, 512  # 25 ms every 10 ms, as CAM++ was trained
MELS = 80
CAMPPLUS_ALIKE = 0.85
"""One voice split in two came to 0.92 and more, two voices of one sex and age to 0.80 (our own measurements,
docs/hearing.md)."""

COMMUNITY_1_ALIKE = 0.75
"""An assumption: these weights could not be had where the figures in docs/hearing.md were measured."""

QUIETEST = torch.finfo(torch.float32).eps

_Float = NDArray[np.float32]


class CamPlus(Model):
    """CAM++ (3D-Speaker, 192 numbers a voice) as an embedding model of pyannote.audio.

    `forward` takes waveforms of shape (batch, 1, samples) and, as the pipeline asks, weights a frame that
    say which part of each waveform is the voice; a row whose voice is silent comes back as NaN.
    """

    banks: torch.Tensor
    window: torch.Tensor

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__(sample_rate=RATE, num_channels=1, task=None)
        self.network = network.eval()
        banks, _ = get_mel_banks(MELS, FFT, float(RATE), 20.0, 0.0, 100.0, -500.0, 1.0)
        self.register_buffer("banks", functional.pad(banks, (0, 1)), persistent=False)
        window = torch.hann_window(FRAME, periodic=False).pow(0.85)  # Kaldi's "povey" window
        self.register_buffer("window", window, persistent=False)

    @property
    def dimension(self) -> int:
        return 192

    def forward(self, waveforms: torch.Tensor, weights: torch.Tensor | None = None, **_: Any) -> torch.Tensor:
        if weights is None:
            return self._embed(waveforms[:, 0])
        rows = [self._embed_masked(sound, mask) for sound, mask in zip(waveforms[:, 0], weights, strict=True)]
        return torch.stack(rows)

    def _embed_masked(self, sound: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        keep = functional.interpolate(mask[None, None].float(), size=len(sound), mode="nearest")[0, 0] > 0.5
        voiced = sound[keep]
        if len(voiced) < FRAME + SHIFT:
            return torch.full((self.dimension,), torch.nan, device=sound.device)
        return self._embed(voiced[None])[0]

    def _embed(self, sound: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.network(self._features(sound))
        return found

    def _features(self, sound: torch.Tensor) -> torch.Tensor:
        """Log mel energies as Kaldi computes them, each band's mean over the waveform taken off."""
        frames = sound.unfold(-1, FRAME, SHIFT)
        frames = frames - frames.mean(dim=-1, keepdim=True)
        before = torch.cat([frames[..., :1], frames[..., :-1]], dim=-1)
        spectrum = torch.fft.rfft((frames - 0.97 * before) * self.window, n=FFT).abs().pow(2)
        energies: torch.Tensor = (spectrum @ self.banks.T).clamp_min(QUIETEST).log()
        return energies - energies.mean(dim=-2, keepdim=True)


class NoPlda(PLDA):
    """Stands where the pipeline wants a PLDA although its clustering uses none; without it the hub is asked."""

    def __init__(self) -> None:
        """Nothing to load."""


class CallDiarization(SpeakerDiarization):
    """pyannote.audio's speaker diarization, with its steps open so that they can run side by side.

    `activity` and `embed` may be called from several threads at once. `alike` is the cosine from which on two
    groups of stretches are one person; it belongs to the embedding model.
    """

    alike = CAMPPLUS_ALIKE

    def activity(self, sound: _Float) -> NDArray[np.int8]:
        """For each window of `sound`, each frame and each of the window's voices: 1 where it sounds.

        The windows start every `segmentation_step` of the window's length; voices have no identity from one
        window to the next.
        """
        torch.set_num_threads(1)  # it counts for the calling thread: a lane is one core
        file = {"waveform": torch.from_numpy(sound)[None], "sample_rate": RATE, "uri": "call"}
        found: NDArray[np.int8] = np.rint(self.get_segmentations(file).data).astype(np.int8)
        return found

    def embed(self, windows: _Float) -> _Float:
        """What the voice in each window (a row of samples) is like: one row of numbers each, of length one."""
        torch.set_num_threads(1)  # as in activity
        rows: _Float = self._embedding(torch.from_numpy(windows)[:, None])
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return rows

    @property
    def frame_ms(self) -> tuple[float, float]:
        """Where the middle of a window's first frame lies, and how far apart frames are, in milliseconds."""
        frames = self._segmentation.model.receptive_field
        return 1000 * (frames.start + frames.duration / 2), 1000 * frames.step

    @property
    def window_ms(self) -> tuple[int, int]:
        """The length of a segmentation window and the distance between two, in milliseconds."""
        return round(1000 * self._segmentation.duration), round(1000 * self._segmentation.step)


VBX = {"threshold": 0.6, "Fa": 0.07, "Fb": 0.8}  # Source: the published configuration of community-1


def local_pipeline(segmentation: Path, voices: Path, *, step: float, device: str = "cpu") -> CallDiarization:
    """The pipeline on the packaged models: segmentation-3.0, and CAM++ for what a voice is like."""
    state = torch.load(voices, map_location="cpu", weights_only=True)
    network = _campplus_code(voices).CAMPPlus(feat_dim=MELS, embedding_size=192)
    network.load_state_dict(state)
    pipeline = CallDiarization(
        segmentation=_model(segmentation),
        segmentation_step=step,
        segmentation_batch_size=8,
        embedding=CamPlus(network),
        embedding_batch_size=8,
        embedding_exclude_overlap=True,
        plda=NoPlda(),
        clustering="AgglomerativeClustering",
    )
    pipeline.instantiate(
        {
            "segmentation": {"min_duration_off": 0.0},
            "clustering": {"method": "centroid", "min_cluster_size": 12, "threshold": 0.7},
        }
    )
    pipeline.to(torch.device(device))
    return pipeline


def hub_pipeline(folder: Path, *, step: float, device: str) -> CallDiarization:
    """The same pipeline on the models of a downloaded pyannote/speaker-diarization-community-1 folder."""
    parts: dict[str, Any] = {
        part: {"checkpoint": str(folder), "subfolder": part} for part in ("segmentation", "embedding", "plda")
    }
    pipeline = CallDiarization(
        **parts,
        segmentation_step=step,
        segmentation_batch_size=32,
        embedding_batch_size=32,
        embedding_exclude_overlap=True,
        clustering="VBxClustering",
    )
    pipeline.instantiate({"segmentation": {"min_duration_off": 0.0}, "clustering": VBX})
    pipeline.alike = COMMUNITY_1_ALIKE
    pipeline.to(torch.device(device))
    return pipeline


def _model(checkpoint: Path) -> Model:
    model = Model.from_pretrained(str(checkpoint))
    if model is None:
        raise ValueError(f"{checkpoint.name} is no model of pyannote.audio")
    return model


def _campplus_code(voices: Path) -> ModuleType:
    """The network's definition, taken from the file beside its weights: the package itself needs CUDA tools."""
    source = voices.parents[2] / "camplusplus.py"
    spec = importlib.util.spec_from_file_location("campplus_network", source)
    if spec is None or spec.loader is None:
        raise ImportError(f"{source.name} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
