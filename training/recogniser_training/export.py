"""Writes a network as ONNX for the service, and checks it against PyTorch."""

import argparse
import copy
import hashlib
import json
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .alphabet import ALPHABET, Alphabet
from .calibrate import calibrate
from .checkpoint import load_weights
from .drawing import default_data, default_program, draw
from .model import HALVES, HEIGHT, SHAPES, STRIDE, Recogniser, multiplications
from .records import Shard

OPSET = 17
TOLERANCE = 1e-3
CALIBRATION_SEED = 2000


def main() -> None:
    """Runs the command line."""
    options = arguments()
    if options.random:
        torch.manual_seed(1)
        alphabet = Alphabet.read(options.alphabet)
        model, about = Recogniser(SHAPES[options.random], alphabet.classes), {"lines": 0}
    else:
        model, alphabet, about = load_weights(options.weights)
    folded = fold(model)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write(folded, options.out)
    difference = largest_difference(folded, options.out)
    if difference > TOLERANCE:
        raise SystemExit(f"export: ONNX differs from PyTorch by {difference}")
    store(options.out, options.storage)
    if options.calibrate:
        path = draw(options.lines, options.data, "check", CALIBRATION_SEED, options.calibrate)
        about["calibration"] = calibrate(folded, alphabet, Shard(path))
    (options.out.with_suffix(".alphabet.txt")).write_text(alphabet.characters + "\n", "utf-8")
    figures = describe(model, alphabet, options.out, options.storage, difference) | about
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    options.out.with_suffix(".json").write_text(text + "\n", "utf-8")
    print(text)


def arguments() -> argparse.Namespace:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="training/export",
        description="Writes a network as ONNX, with its alphabet and its figures beside it.",
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--weights", type=Path, help="an .npz that training/train has written")
    source.add_argument(
        "--random", choices=SHAPES, help="no weights: a network that has learned nothing"
    )
    parser.add_argument("--out", type=Path, required=True, help="the .onnx to write")
    parser.add_argument(
        "--storage",
        choices=["f32", "f16", "int8"],
        default="f32",
        help="how weights lie in the file; the network computes in f32 (default: f32)",
    )
    parser.add_argument(
        "--calibrate",
        type=int,
        default=0,
        metavar="COUNT",
        help="fit the confidences on so many lines of the check split",
    )
    parser.add_argument("--data", type=Path, default=default_data(), help="folder of drawn lines")
    parser.add_argument("--lines", type=Path, default=default_program(), help="what draws them")
    parser.add_argument("--alphabet", type=Path, default=ALPHABET, help="for --random")
    return parser.parse_args()


def fold(model: Recogniser) -> Recogniser:
    """Returns a copy whose convolutions have taken in their batch normalisation."""
    model = copy.deepcopy(model).cpu().float().eval()
    for sequence in [layer for layer in model.modules() if isinstance(layer, nn.Sequential)]:
        layers = list(sequence)
        for number, (first, second) in enumerate(pairwise(layers)):
            if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                sequence[number] = fuse_conv_bn_eval(first, second)
                sequence[number + 1] = nn.Identity()
    del model.early
    return model


def write(model: Recogniser, path: Path) -> None:
    """Exports a folded network with free batch and width."""
    with warnings.catch_warnings():
        # The exporter that traces needs no further package, and the network has no branches.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Places(model).eval(),
            (torch.ones(2, 1, HEIGHT, 64),),
            str(path),
            opset_version=OPSET,
            input_names=["lines"],
            output_names=["places"],
            dynamic_axes={
                "lines": {0: "batch", 3: "width"},
                "places": {0: "batch", 1: "places"},
            },
            dynamo=False,
        )
    network = onnx.load(path)
    halve(network.graph, model.classes)
    onnx.checker.check_model(network, full_check=True)
    onnx.save(network, path)


class Places(nn.Module):
    """A network without its last step, which a trace would make six operators of."""

    def __init__(self, model: Recogniser) -> None:
        super().__init__()
        self.model = model

    def forward(self, lines: torch.Tensor) -> torch.Tensor:
        """Returns the logits with the frames of each place side by side."""
        return self.model.places(lines)[0]


def halve(graph: onnx.GraphProto, classes: int) -> None:
    """Adds the step from places to frames: the batch stays, the last axis has the classes."""
    shape = numpy_helper.from_array(np.array([0, -1, classes], dtype=np.int64), "frames_shape")
    graph.initializer.append(shape)
    graph.node.append(helper.make_node("Reshape", ["places", shape.name], ["logits"]))
    logits = helper.make_tensor_value_info(
        "logits", TensorProto.FLOAT, ["batch", "frames", classes]
    )
    del graph.output[:]
    graph.output.append(logits)


def largest_difference(model: Recogniser, path: Path) -> float:
    """Runs both on noise of several widths and batch sizes."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    random = np.random.default_rng(1)
    largest = 0.0
    for batch, width in [(1, 16), (1, 264), (3, 120), (7, 512), (2, 1200)]:
        lines = random.uniform(-1.0, 1.0, (batch, 1, HEIGHT, width)).astype(np.float32)
        (logits,) = session.run(["logits"], {"lines": lines})
        with torch.no_grad():
            expected = model(torch.from_numpy(lines)).numpy()
        if logits.shape != expected.shape or logits.shape[1] != width // STRIDE * HALVES:
            raise SystemExit(f"export: shape {logits.shape} at width {width}")
        largest = max(largest, float(np.abs(logits - expected).max()))
    return largest


def store(path: Path, storage: str) -> None:
    """Stores large weights in fewer bits; nodes before the first layer make f32 of them."""
    if storage == "f32":
        return
    model = onnx.load(path)
    graph = model.graph
    first = []
    for weight in list(graph.initializer):
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.ndim < 2:
            continue
        graph.initializer.remove(weight)
        if storage == "f16":
            kept = numpy_helper.from_array(values.astype(np.float16), weight.name + ".f16")
            graph.initializer.append(kept)
            first.append(helper.make_node("Cast", [kept.name], [weight.name], to=TensorProto.FLOAT))
        else:
            first.append(quantised(graph, weight.name, values))
    nodes = first + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def quantised(graph: onnx.GraphProto, name: str, values: np.ndarray) -> onnx.NodeProto:
    """Adds a weight as signed bytes with a scale for each output channel."""
    # The head's matrix has its outputs last, a convolution first.
    axis = values.ndim - 1 if values.ndim == 2 else 0
    others = tuple(number for number in range(values.ndim) if number != axis)
    scale = np.maximum(np.abs(values).max(axis=others) / 127.0, 1e-12).astype(np.float32)
    spread = scale.reshape([-1 if number == axis else 1 for number in range(values.ndim)])
    steps = np.round(values / spread).astype(np.int8)
    graph.initializer.append(numpy_helper.from_array(steps, name + ".int8"))
    graph.initializer.append(numpy_helper.from_array(scale, name + ".scale"))
    return helper.make_node(
        "DequantizeLinear", [name + ".int8", name + ".scale"], [name], axis=axis
    )


def describe(
    model: Recogniser, alphabet: Alphabet, path: Path, storage: str, difference: float
) -> dict[str, object]:
    """Returns the figures that stand beside the network."""
    content = path.read_bytes()
    used = sorted({node.op_type for node in onnx.load(path).graph.node})
    return {
        "alphabet": alphabet.characters,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "storage": storage,
        "classes": alphabet.classes,
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "multiplications_at_width_260": multiplications(fold(model), 264) * 260 // 264,
        "operators": used,
        "largest_difference_from_pytorch": difference,
    }


if __name__ == "__main__":
    main()
