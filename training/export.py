"""Turn fine-tuned weights into the file that reads calls, an ONNX graph with 8-bit weights, and back.

    python -m training.export FOLDER/reader.pt [FOLDER/reader.pt ...] OUT.onnx
    python -m training.export FOLDER/reader.pt IN.onnx --back

Of several trainings from one start the mean is taken.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.encoder import START, Reader

PARTS = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip
"""The products of a layer in the order in which the graph numbers them."""


def export(weights: Sequence[Path], out: Path) -> None:
    """Write the mean of `weights` as an ONNX graph (ids, mask, voice, pooling -> found) with 8-bit weights."""
    reader = Reader(Path(__import__(START).__file__).parent / "model")
    reader.load_state_dict(mean_of([torch.load(path, weights_only=True) for path in weights]))
    reader.eval()
    ids = torch.tensor([[101, 2054, 2052, 102], [101, 2748, 102, 0]])
    mask, voice = (ids > 0).long(), torch.zeros_like(ids)
    pooling = torch.rand(2, 3, 4)
    names = ["ids", "mask", "voice", "pooling"]
    axes = {name: {0: "windows", 1: "tokens"} for name in names[:3]} | {
        "pooling": {0: "windows", 1: "lines", 2: "tokens"},
        "found": {0: "windows", 1: "lines"},
    }
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder, "plain.onnx")
        torch.onnx.export(
            reader, (ids, mask, voice, pooling), str(plain), input_names=names, output_names=["found"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(plain, out, weight_type=QuantType.QInt8, per_channel=True)


def mean_of(trained: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Each weight as the mean over `trained`."""
    return {name: torch.stack([each[name] for each in trained]).mean(0) for name in trained[0]}


def weights_of(graph: Path) -> dict[str, torch.Tensor]:
    """The weights of a graph that `export` made, each to within a 255th of its largest; what is frozen, as it came."""
    reader = Reader(Path(__import__(START).__file__).parent / "model")
    held = {item.name: numpy_helper.to_array(item) for item in onnx.load(graph).graph.initializer}
    names = (name.removesuffix("_quantized") for name in held if name.endswith("_quantized"))
    products = sorted((n for n in names if n.startswith("onnx::MatMul_")), key=lambda n: int(n.rpartition("_")[2]))
    layers = range(len(reader.encoder.encoder.layer))
    linear = [f"encoder.encoder.layer.{i}.{part}.weight" for i in layers for part in PARTS]
    found = reader.state_dict()
    for name, product in zip([*linear, "look.weight", "head.weight"], products, strict=True):
        found[name] = torch.from_numpy(_plain(held, product).T.copy())
    found["voice.weight"] = torch.from_numpy(_plain(held, "voice.weight"))
    return found | {name: torch.from_numpy(held[name].copy()) for name in found if name in held}


def _plain(held: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    steps = held[f"{name}_quantized"].astype(np.float32) - held[f"{name}_zero_point"].astype(np.float32)
    plain: np.ndarray = steps * held[f"{name}_scale"]
    return plain


def main() -> None:
    """Read the paths and export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("graph", type=Path)
    parser.add_argument("--back", action="store_true")
    options = parser.parse_args()
    if options.back:
        torch.save(weights_of(options.graph), *options.weights)
    else:
        export(options.weights, options.graph)


if __name__ == "__main__":
    main()
