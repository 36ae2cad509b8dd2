"""Batches of lines of similar width, out of shards."""

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .model import HALVES, HEIGHT, STRIDE
from .records import Line, Shard, tones

# Shards that are mixed at a time, and lines that are sorted by width at a time.
MIXED = 12
SORTED = 2048
# Width of a batch is a multiple of this; the network needs 8.
STEP = 16


@dataclass
class Batch:
    """Lines side by side, not yet normalised."""

    pictures: Tensor
    """[batch, 40, width] bytes."""
    tones: Tensor
    """[batch, 2]: black, and how far white is from it."""
    widths: Tensor
    """[batch]: columns of each line."""
    lines: list[Line]

    def to(self, device: torch.device) -> "Batch":
        """Returns the batch on a device."""
        return Batch(
            self.pictures.to(device, non_blocking=True),
            self.tones.to(device, non_blocking=True),
            self.widths.to(device, non_blocking=True),
            self.lines,
        )


def frames(widths: Tensor) -> Tensor:
    """Returns how many frames of the answer belong to lines of these widths."""
    return (widths + STRIDE - 1).div(STRIDE, rounding_mode="floor") * HALVES


def assemble(lines: list[Line], room: float = 0.0) -> Batch:
    """Lays lines side by side, with `room` (a share of the width) for being stretched."""
    widths = np.array([line.picture.shape[1] for line in lines])
    width = -(-int(widths.max() * (1.0 + room)) // STEP) * STEP
    pictures = np.full((len(lines), HEIGHT, width), 255, dtype=np.uint8)
    for picture, line in zip(pictures, lines):
        picture[:, : line.picture.shape[1]] = line.picture
    black_and_span = np.array([tones(line.picture) for line in lines], dtype=np.float32)
    return Batch(
        torch.from_numpy(pictures),
        torch.from_numpy(black_and_span),
        torch.from_numpy(widths),
        lines,
    )


def cut(widths: np.ndarray, columns: int) -> list[np.ndarray]:
    """Sorts lines by width and cuts them into batches of at most so many columns."""
    order = np.argsort(widths, kind="stable")
    cuts, start = [], 0
    for end in range(1, len(order) + 1):
        if end == len(order) or (end + 1 - start) * widths[order[end]] > columns:
            cuts.append(order[start:end])
            start = end
    return cuts


def in_order(shard: Shard, columns: int) -> Iterator[tuple[np.ndarray, Batch]]:
    """Returns each line of a shard once, by width, with its number in the shard."""
    for numbers in cut(shard.widths, columns):
        yield numbers, assemble([shard[number] for number in numbers])


class Source:
    """An endless stream of training batches from a folder to which shards are being added.

    All shards are used equally often; a new one comes in at the next mixing.
    """

    def __init__(self, data: Path, columns: int, room: float, seed: int, loaders: int) -> None:
        self._data, self._columns, self._room = data, columns, room
        self._uses: dict[Path, int] = {}
        self._lock = threading.Lock()
        self._batches: queue.Queue[Batch] = queue.Queue(maxsize=8 * loaders)
        for number in range(loaders):
            random = np.random.default_rng([seed, number])
            threading.Thread(target=self._work, args=(random,), daemon=True).start()

    def __iter__(self) -> Iterator[Batch]:
        while True:
            yield self._batches.get()

    @property
    def shards(self) -> int:
        """How many shards there are by now."""
        return len(self._uses)

    def _work(self, random: np.random.Generator) -> None:
        while True:
            shards = [Shard(path) for path in self._least_used(random)]
            if not shards:
                time.sleep(1.0)
                continue
            for numbers in self._shuffled(shards, random):
                lines = [shards[shard][number] for shard, number in numbers]
                self._batches.put(assemble(lines, self._room))

    def _least_used(self, random: np.random.Generator) -> list[Path]:
        with self._lock:
            present = sorted(self._data.glob("train-*.lines"))
            # New ones wait for their turn: many that are alike would be learned one after another.
            least = min((self._uses[path] for path in present if path in self._uses), default=0)
            self._uses = {path: self._uses.get(path, least) for path in present}
            random.shuffle(present)
            chosen = sorted(present, key=self._uses.__getitem__)[:MIXED]
            for path in chosen:
                self._uses[path] += 1
            return chosen

    def _shuffled(
        self, shards: Sequence[Shard], random: np.random.Generator
    ) -> Iterator[list[tuple[int, int]]]:
        numbers = [(s, n) for s, shard in enumerate(shards) for n in range(len(shard))]
        random.shuffle(numbers)
        batches = []
        for start in range(0, len(numbers), SORTED):
            some = numbers[start : start + SORTED]
            widths = np.array([shards[shard].widths[number] for shard, number in some])
            batches += [[some[place] for place in places] for places in cut(widths, self._columns)]
        random.shuffle(batches)
        return iter(batches)
