"""Normalises a batch of lines and makes each a little different every time it is used.

All of it works on whole batches on the device of the network. Pictures are "ink" here: white
0 and black 2, so that what convolutions and blurs see beyond a border is white.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from .model import HEIGHT


@dataclass(frozen=True)
class Amounts:
    """How much may change at most; each line draws its own amounts, evenly."""

    stretch: float = 0.12
    """Of the width, more or less."""
    height: float = 0.08
    """Of the letters' height, more or less."""
    rise: float = 2.0
    """Pixels up or down."""
    shear: float = 0.12
    """Pixels to the side for each pixel up."""
    contrast: float = 0.2
    brightness: float = 0.12
    bend: float = 0.25
    """Of middle greys, as a gamma does."""
    blur: float = 0.22
    """Weight of each neighbour, along the line and across it."""
    noise: float = 0.2
    """Standard deviation."""
    erasures: float = 0.15
    """Share of lines that lose a speck of ink."""


AMOUNTS = Amounts()


def normalise(pictures: Tensor, tones: Tensor, widths: Tensor) -> Tensor:
    """Returns [batch, 1, 40, width], black -1 and white 1, white beyond each line's width."""
    low, span = tones[:, 0].view(-1, 1, 1, 1), tones[:, 1].view(-1, 1, 1, 1)
    lines = ((pictures.unsqueeze(1).float() - low) / span).clamp(-0.5, 1.5) * 2.0 - 1.0
    return torch.where(beyond(widths, lines.shape[3]), 1.0, lines)


def beyond(widths: Tensor, width: int) -> Tensor:
    """Marks the columns that lie to the right of each line."""
    columns = torch.arange(width, device=widths.device)
    return (columns >= widths.view(-1, 1)).view(-1, 1, 1, width)


def augment(lines: Tensor, widths: Tensor, amounts: Amounts = AMOUNTS) -> tuple[Tensor, Tensor]:
    """Returns lines that differ somewhat, and their widths."""
    ink = 1.0 - lines
    ink, widths = moved(ink, widths, amounts)
    ink = erased(ink, widths, amounts)
    ink = blurred(ink, amounts)
    ink = toned(ink, amounts)
    return 1.0 - torch.where(beyond(widths, ink.shape[3]), 0.0, ink), widths


def evenly(ink: Tensor, low: float, high: float) -> Tensor:
    """Draws one number for each line."""
    return torch.empty(ink.shape[0], 1, 1, device=ink.device).uniform_(low, high)


def sometimes(ink: Tensor, share: float) -> Tensor:
    """Draws for each line whether something happens to it, as 0 or 1."""
    return (evenly(ink, 0.0, 1.0) < share).float()


def moved(ink: Tensor, widths: Tensor, amounts: Amounts) -> tuple[Tensor, Tensor]:
    """Stretches, shears and shifts; what comes from beyond an edge is the edge's tone."""
    width = ink.shape[3]
    stretch = torch.exp(evenly(ink, -amounts.stretch, amounts.stretch))
    # No line grows beyond the batch.
    stretch = torch.minimum(stretch, width / widths.view(-1, 1, 1))
    scale = torch.exp(evenly(ink, -amounts.height, amounts.height))
    rise = evenly(ink, -amounts.rise, amounts.rise)
    shear = evenly(ink, -amounts.shear, amounts.shear)
    middle = (HEIGHT - 1) / 2
    x = torch.arange(width, device=ink.device).view(1, 1, -1)
    y = torch.arange(HEIGHT, device=ink.device).view(1, -1, 1) - middle
    source_x = (x + 0.5) / stretch - 0.5 + shear * y
    source_x = torch.minimum(source_x.clamp(min=0.0), widths.view(-1, 1, 1) - 1.0)
    source_y = (y + rise) / scale + middle + torch.zeros_like(source_x)
    grid = torch.stack(
        [source_x * (2.0 / (width - 1)) - 1.0, source_y * (2.0 / (HEIGHT - 1)) - 1.0], dim=3
    )
    ink = functional.grid_sample(ink, grid, padding_mode="border", align_corners=True)
    return ink, (widths * stretch.view(-1)).round().to(widths.dtype).clamp(min=1)


def erased(ink: Tensor, widths: Tensor, amounts: Amounts) -> Tensor:
    """Takes a speck of a few pixels out of some lines."""
    chosen = sometimes(ink, amounts.erasures)
    x = torch.arange(ink.shape[3], device=ink.device).view(1, 1, -1)
    y = torch.arange(HEIGHT, device=ink.device).view(1, -1, 1)
    from_x = evenly(ink, 0.0, 1.0) * widths.view(-1, 1, 1)
    from_y = evenly(ink, 0.0, float(HEIGHT))
    inside = (x >= from_x) & (x < from_x + evenly(ink, 1.0, 4.0))
    inside = inside & (y >= from_y) & (y < from_y + evenly(ink, 1.0, 6.0))
    return ink * (1.0 - chosen * inside).unsqueeze(1)


def blurred(ink: Tensor, amounts: Amounts) -> Tensor:
    """Spreads or sharpens by a row of three in both directions, each line its own."""
    for dimension in (2, 3):
        weight = evenly(ink, -0.25 * amounts.blur, amounts.blur) * sometimes(ink, 0.6)
        weight = weight.unsqueeze(1)
        before = torch.roll(ink, 1, dimension)
        after = torch.roll(ink, -1, dimension)
        ink = ink + weight * (before + after - 2.0 * ink)
    return ink


def toned(ink: Tensor, amounts: Amounts) -> Tensor:
    """Changes contrast, brightness and middle greys, and adds noise."""
    contrast = 1.0 + evenly(ink, -amounts.contrast, 0.5 * amounts.contrast).unsqueeze(1)
    brightness = evenly(ink, -amounts.brightness, amounts.brightness).unsqueeze(1)
    bend = evenly(ink, -amounts.bend, amounts.bend).unsqueeze(1)
    noise = evenly(ink, 0.0, amounts.noise) * sometimes(ink, 0.5)
    middle = ink.clamp(0.0, 2.0)
    ink = contrast * (ink + bend * middle * (2.0 - middle)) + brightness
    ink = ink + noise.unsqueeze(1) * torch.randn_like(ink)
    # The normalisation's own bounds.
    return ink.clamp(-1.0, 3.0)
