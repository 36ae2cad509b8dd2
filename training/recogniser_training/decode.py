"""What the network wrote, and how near it is to what stands there."""

import math
from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor
from torch.nn import functional

from .alphabet import BLANK, Alphabet

# No share is told to be smaller, as in the service.
LEAST = 1e-6


def greedy(logits: Tensor, frames: Tensor, alphabet: Alphabet) -> list[str]:
    """Reads the likeliest class of each frame; repetitions and CTC's blanks fall away."""
    best = logits.argmax(dim=2)
    changes = torch.ones_like(best, dtype=torch.bool)
    changes[:, 1:] = best[:, 1:] != best[:, :-1]
    changes &= best != BLANK
    changes &= torch.arange(best.shape[1], device=best.device) < frames.view(-1, 1)
    best, changes = best.cpu(), changes.cpu()
    return [alphabet.decode(row[kept].tolist()) for row, kept in zip(best, changes)]


@dataclass(frozen=True, slots=True)
class Letter:
    """A character that was read, and the network's share for it."""

    text: str
    share: float


def letters(logits: Tensor, frames: int, alphabet: Alphabet) -> list[Letter]:
    """Reads one line as the service does (src/ocr/recogniser/decode.rs), with shares.

    A character's share is that of its surest frame; what may have stood after it, unread,
    is held against it. In proportion to the doubt in each they share the chance of the whole.
    """
    scores = logits[:frames].log_softmax(dim=1)
    shares = scores.exp()
    read: list[Letter] = []
    start = 0
    for number, run in groupby(shares.argmax(dim=1).tolist()):
        end = start + len(list(run))
        if number != BLANK:
            share = float(shares[start:end, number].max())
            read.append(Letter(alphabet.decode([number]), share))
        elif read:
            nothing = float(shares[start:end, BLANK].min())
            read[-1] = Letter(read[-1].text, min(read[-1].share, nothing))
        start = end
    return weighed(read, scores, alphabet)


def weighed(read: list[Letter], scores: Tensor, alphabet: Alphabet) -> list[Letter]:
    """Makes the product of all shares the chance of the text, as CTC has it."""
    apart = sum(math.log(max(letter.share, LEAST)) for letter in read)
    if apart >= 0.0:
        return read
    text = torch.tensor(alphabet.encode("".join(letter.text for letter in read)))
    sizes = torch.tensor([len(scores)]), torch.tensor([len(text)])
    loss = functional.ctc_loss(scores.unsqueeze(1), text.unsqueeze(0), *sizes, BLANK, "none")
    part = -min(float(loss), -math.log(LEAST)) / apart
    return [Letter(letter.text, max(letter.share, LEAST) ** part) for letter in read]


def aligned(expected: str, got: str) -> list[tuple[str, str]]:
    """Pairs the characters of both with the fewest edits; '' stands against what is alone."""
    costs = [list(range(len(got) + 1))]
    for row, wanted in enumerate(expected, start=1):
        above = costs[-1]
        line = [row]
        for column, found in enumerate(got, start=1):
            change = above[column - 1] + (wanted != found)
            line.append(min(change, above[column] + 1, line[column - 1] + 1))
        costs.append(line)
    pairs = []
    row, column = len(expected), len(got)
    while row or column:
        here = costs[row][column]
        wanted = expected[row - 1] if row else ""
        found = got[column - 1] if column else ""
        if row and column and here == costs[row - 1][column - 1] + (wanted != found):
            row, column = row - 1, column - 1
        elif row and here == costs[row - 1][column] + 1:
            found, row = "", row - 1
        else:
            wanted, column = "", column - 1
        pairs.append((wanted, found))
    return pairs[::-1]


def edits(expected: str, got: str) -> list[tuple[str, str]]:
    """Returns the pairs that differ."""
    return [(wanted, found) for wanted, found in aligned(expected, got) if wanted != found]


def wilson(right: int, of: int) -> tuple[float, float]:
    """Returns Wilson's 95 % interval of a share."""
    if of == 0:
        return 0.0, 1.0
    z = 1.959964
    share, square = right / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)
