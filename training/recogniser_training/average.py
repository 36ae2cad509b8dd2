"""Averages the weights of two runs that began with the same ones."""

import argparse
from pathlib import Path

import torch

from .checkpoint import load_weights, save_weights


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        prog="training/average",
        description="Averages the weights of two runs of one shape and alphabet, of which one began"
        " with the other's or both with the same: together they read better than either.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("first", type=Path, help="weights (.npz)")
    add("second", type=Path, help="weights (.npz)")
    add("--share", type=float, default=0.5, help="of the second")
    add("--out", type=Path, required=True, help="the .npz to write")
    options = parser.parse_args()
    first, alphabet, _ = load_weights(options.first)
    second, other, about = load_weights(options.second)
    if alphabet != other or first.shape != second.shape:
        raise SystemExit("the two are not of one shape and alphabet")
    weights = second.state_dict()
    for name, value in first.state_dict().items():
        if value.is_floating_point():
            weights[name] = torch.lerp(value, weights[name], options.share)
    save_weights(options.out, weights, second.shape, alphabet, {**about, "averaged": options.share})


if __name__ == "__main__":
    main()
