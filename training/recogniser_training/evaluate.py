"""Reads freshly drawn lines and says how many were read exactly, as Markdown tables."""

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from .alphabet import REPOSITORY, Alphabet
from .augment import normalise
from .batches import frames, in_order
from .checkpoint import load_weights
from .decode import edits, greedy, wilson
from .drawing import default_data, default_program, draw, kinds
from .records import LEVELS, Line, Shard

FONTS = REPOSITORY / "crates" / "lines" / "data" / "fonts.csv"
# Columns of a batch: as many lines as fit into the processor's cache.
COLUMNS = 8192
WORST = 12
# What the tables group kinds by.
GROUPS = {
    "latin-name": "latin words",
    "latin-letters": "latin words",
    "latin-words": "latin words",
    "latin-address": "latin words",
    "vehicle": "latin words",
    "number": "digits, dates, codes",
    "date": "digits, dates, codes",
    "code": "digits, dates, codes",
    "amount": "digits, dates, codes",
    "arabic-name": "arabic names, places",
    "arabic-place": "arabic names, places",
    "arabic-letters": "arabic invented words",
    "arabic-address": "arabic addresses",
    "plate": "plates",
    "mrz": "mrz",
    "latin-label": "labels",
    "arabic-label": "labels",
    "mixed": "mixed",
    "mark": "marks",
    "nothing": "nothing",
}


def group(kind: str) -> str:
    """Returns the group of a kind."""
    return GROUPS.get(kind, "other")


def main() -> None:
    """Runs the command line."""
    options = arguments()
    model, alphabet = load(options.model)
    path = draw(options.lines, options.data, options.split, options.seed, options.count)
    names = kinds(options.lines, options.data)
    shard = Shard(path)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    texts = read_shard(model, alphabet, shard, device)
    readings = [Reading(line, text) for line, text in zip(shard, texts)]
    print(f"`{options.split}`, seed {options.seed}, {len(readings)} lines\n")
    print(by_group_and_level(readings, names))
    print(by_kind(readings, names))
    print(by_font(readings))
    if options.split != "held":
        # What fails on the held-back fonts is nobody's to look at.
        print(confusions(readings))
        print(failures(readings, names, options.failures))


def arguments() -> argparse.Namespace:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="training/evaluate",
        description="Reads drawn lines and prints the shares of exact ones as Markdown.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("model", type=Path, help="weights (.npz) or an exported network (.onnx)")
    add("--split", choices=["check", "held"], default="check", help="which lines to draw")
    add("--count", type=int, default=4000, help="how many")
    add("--seed", type=int, default=1000, help="which ones")
    add("--failures", type=int, default=0, help="misread lines to print (never of held)")
    add("--data", type=Path, default=default_data(), help="folder of the drawn lines")
    add("--lines", type=Path, default=default_program(), help="the program that draws")
    return parser.parse_args()


@dataclass(frozen=True, slots=True)
class Reading:
    """A line, and what the network wrote for it."""

    line: Line
    text: str

    @property
    def exact(self) -> bool:
        """Whether every character is right."""
        return self.line.label == self.text


def load(path: Path) -> tuple[Callable[[Tensor], Tensor], Alphabet]:
    """Loads weights or an exported network."""
    if path.suffix == ".npz":
        model, alphabet, _ = load_weights(path)
        return model.eval(), alphabet
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def run(lines: Tensor) -> Tensor:
        return torch.from_numpy(session.run(["logits"], {"lines": lines.cpu().numpy()})[0])

    return run, Alphabet.read(path.with_suffix(".alphabet.txt"))


@torch.no_grad()
def read_shard(
    model: Callable[[Tensor], Tensor], alphabet: Alphabet, shard: Shard, device: torch.device
) -> list[str]:
    """Reads every line of a shard, in its order."""
    if isinstance(model, nn.Module):
        model.to(device)
    texts = [""] * len(shard)
    for numbers, batch in in_order(shard, COLUMNS):
        batch = batch.to(device)
        logits = model(normalise(batch.pictures, batch.tones, batch.widths))
        counts = frames(batch.widths).to(logits.device)
        for number, text in zip(numbers, greedy(logits, counts, alphabet)):
            texts[number] = text
    return texts


def share(readings: Iterable[Reading]) -> str:
    """Returns the share of exact lines in percent, its interval, and how many there were."""
    outcomes = [reading.exact for reading in readings]
    if not outcomes:
        return "–"
    low, high = wilson(sum(outcomes), len(outcomes))
    middle = 100 * sum(outcomes) / len(outcomes)
    return f"{middle:.1f} ({100 * low:.1f}–{100 * high:.1f}; {len(outcomes)})"


def error_rate(readings: Iterable[Reading]) -> str:
    """Returns edits for each hundred characters."""
    wrong = total = 0
    for reading in readings:
        total += len(reading.line.label)
        wrong += 0 if reading.exact else len(edits(reading.line.label, reading.text))
    return f"{100 * wrong / total:.2f}" if total else "–"


def table(heading: list[str], rows: Iterable[list[str]]) -> str:
    """Returns a Markdown table."""
    marks = ["---"] + ["---:"] * (len(heading) - 1)
    lines = [heading, marks, *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def split_by(
    readings: Iterable[Reading], key: Callable[[Reading], object]
) -> dict[object, list[Reading]]:
    """Groups readings."""
    groups: dict[object, list[Reading]] = defaultdict(list)
    for reading in readings:
        groups[key(reading)].append(reading)
    return groups


def by_group_and_level(readings: list[Reading], names: list[str]) -> str:
    """Returns the main table: what is printed × how the picture was taken."""
    groups = split_by(readings, lambda reading: group(names[reading.line.kind]))
    rows = []
    for name in [*dict.fromkeys(GROUPS.values()), "other", "all"]:
        members = readings if name == "all" else groups.get(name, [])
        if not members:
            continue
        levels = split_by(members, lambda reading: reading.line.level)
        cells = [share(levels.get(level, [])) for level in range(len(LEVELS))]
        rows.append([name, *cells, share(members), error_rate(members)])
    return table(["Exact lines, % (95 %; lines)", *LEVELS, "all", "CER %"], rows)


def by_kind(readings: list[Reading], names: list[str]) -> str:
    """Returns the exact lines of each kind."""
    kinds_read = split_by(readings, lambda reading: reading.line.kind)
    rows = [
        [
            f"{names[kind]} ({group(names[kind])})",
            share(kinds_read[kind]),
            error_rate(kinds_read[kind]),
        ]
        for kind in sorted(kinds_read)
    ]
    return table(["Kind", "exact % (95 %; lines)", "CER %"], rows)


def by_font(readings: list[Reading]) -> str:
    """Returns the fonts whose lines were read worst."""
    fonts = font_names()
    groups = split_by((r for r in readings if r.line.label), lambda reading: reading.line.font)
    ranked = sorted(groups, key=lambda font: np.mean([r.exact for r in groups[font]]))
    rows = [
        [fonts.get(font, str(font)), share(groups[font]), error_rate(groups[font])]
        for font in ranked[:WORST]
    ]
    return table([f"Worst of {len(ranked)} fonts", "exact % (95 %; lines)", "CER %"], rows)


def font_names() -> dict[int, str]:
    """Returns the file of each row of fonts.csv."""
    with FONTS.open(encoding="utf-8", newline="") as file:
        return {row: next(iter(font.values())) for row, font in enumerate(csv.DictReader(file))}


def confusions(readings: list[Reading], most: int = 30) -> str:
    """Returns the commonest edits: what stands there, what was read."""
    counted = Counter(pair for r in readings if not r.exact for pair in edits(r.line.label, r.text))
    rows = [
        [f"`{wanted or '∅'}`", f"`{found or '∅'}`", str(times)]
        for (wanted, found), times in counted.most_common(most)
    ]
    return table(["Printed", "read", "times"], rows)


def failures(readings: list[Reading], names: list[str], most: int) -> str:
    """Returns misread lines: what stands there, what was read."""
    fonts = font_names()
    rows = []
    for reading in [reading for reading in readings if not reading.exact][:most]:
        line = reading.line
        seen = [names[line.kind], LEVELS[line.level], fonts.get(line.font, "")]
        rows.append([*seen, f"`{line.label}`", f"`{reading.text}`"])
    return table(["Kind", "level", "font", "printed", "read"], rows) if most else ""


if __name__ == "__main__":
    main()
