"""The network: a small convolutional line recogniser with a CTC head.

Two strides shrink the picture to a quarter of its width and height; a few two-dimensional
convolutions see letters, a convolution over the whole height makes a sequence of it, and
residual one-dimensional blocks see words. All of it is Conv, Relu and Add, which every
small inference engine has; batch normalisation is folded at export.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

HEIGHT = 40
# Columns of the picture that become one place of the sequence.
STRIDE = 4
# Frames of the answer for each place: teeth of small Arabic letters stand four columns apart,
# and two of one letter need a frame for nothing between them.
HALVES = 2
# Batches are of lines of one width, and differ: what is kept of them is averaged over many.
MOMENTUM = 0.02


@dataclass(frozen=True)
class Shape:
    """Sizes of a network."""

    stem: int
    """Channels at half of the picture's size."""
    letters: int
    """Channels at a quarter of the picture's size."""
    strokes: int
    """Residual blocks there."""
    columns: int
    """Channels at an eighth of the height."""
    words: int
    """Channels of the sequence."""
    kernels: tuple[int, ...]
    """Width, in frames, of each block of the sequence."""
    recurrent: int = 0
    """Units of a bidirectional GRU after the blocks; 0 for none."""


SHAPES = {
    "tiny": Shape(16, 32, 0, 48, 112, (9, 9, 15)),
    "small": Shape(24, 48, 1, 80, 160, (9, 9, 15, 15)),
    "base": Shape(32, 64, 1, 112, 224, (9, 9, 11, 15, 15)),
    "small-gru": Shape(24, 48, 1, 80, 160, (9, 9), 96),
}


def convolution(
    inputs: int,
    outputs: int,
    kernel: tuple[int, int],
    stride: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> nn.Sequential:
    """Returns a convolution with batch normalisation that keeps the size but for its stride."""
    padding = (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, momentum=MOMENTUM),
    )


class Strokes(nn.Module):
    """A residual block of two 3 × 3 convolutions."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = convolution(channels, channels, (3, 3))
        self.second = convolution(channels, channels, (3, 3))

    def forward(self, picture: Tensor) -> Tensor:
        """Returns a picture of the same size."""
        return torch.relu(picture + self.second(torch.relu(self.first(picture))))


class Words(nn.Module):
    """A residual block over the sequence: each channel along the line, then all channels."""

    def __init__(self, channels: int, kernel: int, expansion: int = 2) -> None:
        super().__init__()
        self.along = convolution(channels, channels, (1, kernel), groups=channels)
        self.widen = convolution(channels, channels * expansion, (1, 1))
        self.narrow = convolution(channels * expansion, channels, (1, 1))

    def forward(self, sequence: Tensor) -> Tensor:
        """Returns a sequence of the same size."""
        return sequence + self.narrow(torch.relu(self.widen(self.along(sequence))))


class Recogniser(nn.Module):
    """Makes logits [batch, width / 2, classes] of pictures [batch, 1, 40, width], white 1."""

    def __init__(self, shape: Shape, classes: int) -> None:
        super().__init__()
        self.shape = shape
        self.classes = classes
        self.letters = nn.Sequential(
            convolution(1, shape.stem, (5, 5), (2, 2)),
            nn.ReLU(inplace=True),
            convolution(shape.stem, shape.letters, (3, 3), (2, 2)),
            nn.ReLU(inplace=True),
            *(Strokes(shape.letters) for _ in range(shape.strokes)),
            convolution(shape.letters, shape.columns, (3, 3), (2, 1)),
            nn.ReLU(inplace=True),
        )
        self.collapse = nn.Sequential(
            nn.Conv2d(shape.columns, shape.words, (HEIGHT // 8, 1), bias=False),
            nn.BatchNorm2d(shape.words, momentum=MOMENTUM),
            nn.ReLU(inplace=True),
        )
        self.blocks = nn.ModuleList(Words(shape.words, kernel) for kernel in shape.kernels)
        outputs = shape.words
        if shape.recurrent:
            self.recurrent = nn.GRU(outputs, shape.recurrent, bidirectional=True, batch_first=True)
            outputs = 2 * shape.recurrent
        self.head = nn.Linear(outputs, HALVES * classes)
        # Only in training: what is read half-way up the sequence.
        self.early = nn.Linear(shape.words, HALVES * classes)

    def forward(self, lines: Tensor) -> Tensor:
        """Returns the logits."""
        return self.halved(self.places(lines)[0])

    def read(self, lines: Tensor) -> tuple[Tensor, Tensor | None]:
        """Returns the logits and, in training, those of the early head."""
        logits, early = self.places(lines)
        return self.halved(logits), None if early is None else self.halved(early)

    def halved(self, places: Tensor) -> Tensor:
        """Returns the frames of all places one after the other."""
        return places.reshape(places.shape[0], -1, self.classes)

    def places(self, lines: Tensor) -> tuple[Tensor, Tensor | None]:
        """Returns the same with the frames of each place side by side."""
        # White is zero, as the borders that convolutions add are.
        sequence = self.collapse(self.letters(1.0 - lines))
        middle = sequence
        for number, block in enumerate(self.blocks):
            sequence = block(sequence)
            if number + 1 == len(self.blocks) // 2:
                middle = sequence
        frames = torch.relu(sequence).squeeze(2).transpose(1, 2)
        if self.shape.recurrent:
            frames = self.recurrent(frames)[0]
        early = self.early(torch.relu(middle).squeeze(2).transpose(1, 2)) if self.training else None
        return self.head(frames), early


def settle(model: nn.Module) -> None:
    """Lets batch normalisation use what it has averaged, as the service does.

    Short lines come in batches of their own, whose statistics are unlike the average; a
    network that was never trained on the average misreads them.
    """
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.eval()


def multiplications(model: nn.Module, width: int) -> int:
    """Counts the multiplications of convolutions and of the head for one line."""
    counted = 0

    def count(layer: nn.Module, _: object, output: Tensor) -> None:
        nonlocal counted
        if isinstance(layer, nn.Conv2d):
            counted += output.numel() * layer.weight[0].numel()
        elif isinstance(layer, nn.Linear):
            counted += output.numel() * layer.in_features
        elif isinstance(layer, nn.GRU):
            frames = output[0].shape[1]
            counted += frames * sum(p.numel() for p in layer.parameters() if p.dim() == 2)

    hooks = [layer.register_forward_hook(count) for layer in model.modules()]
    was_training = model.training
    model.eval()
    with torch.no_grad():
        model(torch.ones(1, 1, HEIGHT, width))
    model.train(was_training)
    for hook in hooks:
        hook.remove()
    return counted
