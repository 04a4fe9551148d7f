"""Turn fine-tuned weights into the file that reads calls: an ONNX graph with 8-bit weights.

    python -m training.export FOLDER/reader.pt OUT.onnx
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.encoder import START, Reader


def export(weights: Path, out: Path) -> None:
    """Write `weights` as an ONNX graph (ids, mask, voice, pooling -> found) with 8-bit weights."""
    reader = Reader(Path(__import__(START).__file__).parent / "model")
    reader.load_state_dict(torch.load(weights, weights_only=True))
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


def main() -> None:
    """Read the paths and export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    export(options.weights, options.out)


if __name__ == "__main__":
    main()
