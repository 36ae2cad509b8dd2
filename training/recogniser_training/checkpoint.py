"""Weights on disk: half precision in one `.npz`, with what they are beside them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .alphabet import Alphabet
from .model import HALVES, Recogniser, Shape

HEADS = ("head.weight", "head.bias", "early.weight", "early.bias")


def save_weights(
    path: Path, weights: dict[str, Tensor], shape: Shape, alphabet: Alphabet, about: dict[str, Any]
) -> None:
    """Writes weights in half precision, so that training can go on from a small file."""
    arrays = {
        name: value.cpu().to(torch.float16).numpy()
        for name, value in weights.items()
        if value.is_floating_point()
    }
    header = {"shape": asdict(shape), "alphabet": alphabet.characters, "about": about}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez_compressed(file, **arrays)
    partial.replace(path)


def load_weights(path: Path) -> tuple[Recogniser, Alphabet, dict[str, Any]]:
    """Reads what `save_weights` wrote: the network, its alphabet and what is said of it."""
    with np.load(path) as arrays:
        header = json.loads(bytes(arrays["header"]))
        weights = {
            name: torch.from_numpy(arrays[name].astype(np.float32))
            for name in arrays.files
            if name != "header"
        }
    shape = Shape(**{**header["shape"], "kernels": tuple(header["shape"]["kernels"])})
    alphabet = Alphabet(header["alphabet"])
    model = Recogniser(shape, alphabet.classes)
    for name in HEADS:
        # Of a network with one frame to a place: both halves begin as that frame.
        if weights[name].shape[0] == alphabet.classes:
            weights[name] = torch.cat([weights[name]] * HALVES)
    # BatchNorm's counter of batches is no weight and is not kept.
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or any(not name.endswith("num_batches_tracked") for name in missing):
        raise ValueError(f"{path}: not the weights of this network")
    return model, alphabet, header["about"]


def adopt(model: Recogniser, alphabet: Alphabet, path: Path) -> None:
    """Gives a network the weights of a file whose alphabet may have other characters.

    The heads' rows follow their characters; those of new characters stay as they are.
    """
    other, known, _ = load_weights(path)
    weights = other.state_dict()
    if known != alphabet:
        rows = [0] + [known.characters.find(character) + 1 for character in alphabet.characters]
        kept = [(new, old) for new, old in enumerate(rows) if new == 0 or old > 0]
        fresh = model.state_dict()
        for name in HEADS:
            for half in range(HALVES):
                for new, old in kept:
                    row = half * known.classes + old
                    fresh[name][half * alphabet.classes + new] = weights[name][row]
            weights[name] = fresh[name]
    model.load_state_dict(weights)
