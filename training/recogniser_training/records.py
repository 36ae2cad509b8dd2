"""The records that `lines stream` writes, read from memory or from a mapped file.

A record is a header of ten bytes, little-endian: width (u16), kind (u8), level (u8), font
(u16), ground × 16 + camera (u16), bytes of the label (u16); then the label in UTF-8 and
40 × width bytes of grey, row by row.
"""

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .model import HEIGHT

HEADER = struct.Struct("<HBBHHH")
LEVELS = ("clean", "scan", "photo", "hard")
# A line of even tone is not stretched into noise.
LEAST_CONTRAST = 24
# Pixels of a hundred that may be darker than black, or lighter than white.
TAIL = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn line; the picture is [40, width] bytes, white 255."""

    picture: np.ndarray
    label: str
    kind: int
    level: int
    font: int
    ground: int
    camera: int


class Shard:
    """A file of records, mapped into memory and indexed by its headers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._offsets, self.widths = index(self._bytes)

    def __len__(self) -> int:
        return len(self._offsets)

    def __iter__(self) -> Iterator[Line]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> Line:
        return parse(self._bytes, self._offsets[number])


def index(content: mmap.mmap | bytes) -> tuple[list[int], np.ndarray]:
    """Returns where each record begins and how wide its picture is."""
    offsets, widths, offset = [], [], 0
    while offset < len(content):
        width, _, _, _, _, label = HEADER.unpack_from(content, offset)
        offsets.append(offset)
        widths.append(width)
        offset += HEADER.size + label + HEIGHT * width
    if offset != len(content):
        raise ValueError("the last record is cut off")
    return offsets, np.array(widths, dtype=np.int32)


def parse(content: mmap.mmap | bytes, offset: int) -> Line:
    """Reads the record that begins at an offset."""
    width, kind, level, font, scene, length = HEADER.unpack_from(content, offset)
    start = offset + HEADER.size
    label = bytes(content[start : start + length]).decode("utf-8")
    picture = np.frombuffer(content, np.uint8, HEIGHT * width, start + length)
    picture = picture.reshape(HEIGHT, width)
    return Line(picture, label, kind, level, font, scene // 16, scene % 16)


def tones(picture: np.ndarray) -> tuple[float, float]:
    """Returns what counts as black, and how much lighter white is.

    Two of a hundred pixels may be darker, and as many lighter. The service computes the same
    (src/ocr/recogniser/strip.rs).
    """
    counts = np.bincount(picture.reshape(-1), minlength=256).cumsum()
    few = picture.size * TAIL // 100
    low = int(np.searchsorted(counts, few, side="right"))
    high = int(np.searchsorted(counts, picture.size - few))
    return float(low), float(max(high - low, LEAST_CONTRAST))
