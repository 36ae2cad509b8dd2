"""Fits what makes of the network's shares how often it is right: a logistic curve over odds."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from .alphabet import Alphabet
from .augment import normalise
from .batches import frames, in_order
from .decode import LEAST, Letter, aligned, letters
from .records import Shard

COLUMNS = 8192


@torch.no_grad()
def calibrate(
    model: Callable[[Tensor], Tensor], alphabet: Alphabet, shard: Shard
) -> dict[str, float]:
    """Returns slope and offset that fit the characters of a shard's lines."""
    shares, right = [], []
    for _, batch in in_order(shard, COLUMNS):
        logits = model(normalise(batch.pictures, batch.tones, batch.widths))
        for row, line, count in zip(logits, batch.lines, frames(batch.widths).tolist()):
            read = letters(row, count, alphabet)
            shares += [letter.share for letter in read]
            right += correct(line.label, read)
    slope, offset = fit(np.array(shares), np.array(right, dtype=np.float64))
    return {"slope": round(slope, 4), "offset": round(offset, 4)}


def correct(label: str, read: list[Letter]) -> list[bool]:
    """Says of each character that was read whether it is right and none is missing after it."""
    outcomes: list[bool] = []
    for wanted, found in aligned(label, "".join(letter.text for letter in read)):
        if found:
            outcomes.append(wanted == found)
        elif outcomes:
            outcomes[-1] = False
    return outcomes


def fit(shares: np.ndarray, right: np.ndarray, rounds: int = 50) -> tuple[float, float]:
    """Fits right = logistic(slope · odds + offset) by Newton's method."""
    shares = shares.clip(LEAST, 1.0 - LEAST)
    inputs = np.stack([np.log(shares / (1.0 - shares)), np.ones_like(shares)])
    weights = np.array([1.0, 0.0])
    for _ in range(rounds):
        guess = 1.0 / (1.0 + np.exp(-(weights @ inputs)))
        slopes = inputs @ (right - guess)
        curvature = (inputs * (guess * (1.0 - guess) + 1e-9)) @ inputs.T
        weights = weights + np.linalg.solve(curvature, slopes)
    return float(weights[0]), float(weights[1])
