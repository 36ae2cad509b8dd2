"""Trains a line recogniser for a given time, on lines that are drawn beside it."""

import argparse
import copy
import json
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from . import workers
from .alphabet import ALPHABET, BLANK, Alphabet
from .augment import AMOUNTS, augment, normalise
from .batches import Batch, Source, frames
from .checkpoint import adopt, save_weights
from .drawing import SHARD, Drawer, default_data, default_program, draw, kinds
from .evaluate import read_shard
from .model import SHAPES, Recogniser, multiplications, settle
from .records import Shard

# Weight of the head half-way up, beside the true one.
EARLY = 0.3
# Share of the time in which the learning rate rises.
WARM_UP = 0.04
# Share of the time after which batch normalisation's statistics stay as they are.
SETTLED = 0.6
# Steps after which processes that learn together agree on those statistics.
EVENED = 20
CHECKED = 2000
REPORT_SECONDS = 30.0


def main() -> None:
    """Runs the command line."""
    options = arguments()
    if options.lines.exists():
        kinds(options.lines, options.data)
        draw(options.lines, options.data, "check", 1, CHECKED)
    workers.spawn(learn, options.workers, options)


def learn(rank: int, options: argparse.Namespace) -> None:
    """Is one of the processes that learn together; the first also draws, checks and writes."""
    # The same weights in all of them.
    torch.manual_seed(options.seed)
    alphabet = Alphabet.read(options.alphabet)
    drawer = None
    if options.draw and rank == 0:
        limit = max(1, options.draw // SHARD)
        drawer = Drawer(
            options.lines, options.data, options.processes, options.first, limit, options.fresh
        )
    Training(options, alphabet, drawer, rank).run()
    if drawer:
        drawer.stop()


def arguments() -> argparse.Namespace:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="training/train",
        description="Trains a line recogniser for a given time, on lines drawn beside it.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--minutes", type=float, default=60.0, help="time of the whole training")
    add("--shape", choices=SHAPES, default="small", help="size of the network")
    add("--run", type=Path, help="folder of the run (beside --data, named after the shape)")
    add("--resume", action="store_true", help="go on with the run that --run holds")
    add("--from", dest="start", type=Path, help="begin with the weights of an .npz")
    add("--data", type=Path, default=default_data(), help="folder of the drawn lines")
    add("--lines", type=Path, default=default_program(), help="the program that draws")
    add("--draw", type=int, default=0, help="draw until so many lines lie in --data")
    add("--processes", type=int, default=1, help="how many draw at a time")
    add("--first", type=int, default=1, help="first seed to draw")
    add("--fresh", action="store_true", help="never stop drawing: new lines replace the oldest")
    add("--rate", type=float, default=3e-3, help="highest learning rate")
    add("--columns", type=int, default=16640, help="pixel columns of a batch")
    add("--seed", type=int, default=1, help="of weights, order and augmentation")
    add("--no-augment", action="store_true", help="use lines as they were drawn")
    add("--precision", choices=["auto", "f32", "bf16"], default="auto", help="of the arithmetic")
    add("--threads", type=int, default=0, help="of PyTorch and of drawing; 0: all cores")
    add("--workers", type=int, default=1, help="processes that learn as one (processors only)")
    add("--loaders", type=int, default=1, help="threads that put batches together")
    add("--check-minutes", type=float, default=5.0, help="time between checks and checkpoints")
    add("--alphabet", type=Path, default=ALPHABET, help="the characters")
    return parser.parse_args()


@dataclass
class Progress:
    """What a run has done so far."""

    steps: int = 0
    lines: int = 0
    seconds: float = 0.0


class Training:
    """One run: its network, what makes it learn, and its folder."""

    def __init__(
        self, options: argparse.Namespace, alphabet: Alphabet, drawer: Drawer | None, rank: int
    ) -> None:
        self.options, self.alphabet, self.drawer, self.rank = options, alphabet, drawer, rank
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.run_folder = options.run or options.data.parent / f"run-{options.shape}"
        self.run_folder.mkdir(parents=True, exist_ok=True)
        model = Recogniser(SHAPES[options.shape], alphabet.classes)
        if options.start:
            adopt(model, alphabet, options.start)
        self.model = model.to(self.device, memory_format=torch.channels_last)
        # Averaged weights read better than those of the last step.
        self.averaged = copy.deepcopy(self.model).eval()
        self.optimizer = torch.optim.AdamW(
            decayed(self.model), lr=options.rate, betas=(0.9, 0.98), fused=True
        )
        self.progress = Progress()
        if options.resume:
            self._resume()

    def run(self) -> None:
        """Learns until the time is over; writes a checkpoint now and then and at the end."""
        options = self.options
        room = 0.0 if options.no_augment else AMOUNTS.stretch * 0.8
        seed = workers.count() * (options.seed + self.progress.steps) + self.rank
        torch.manual_seed(seed)
        source = Source(options.data, options.columns, room, seed, options.loaders)
        size = multiplications(copy.deepcopy(self.model).cpu(), 264) / 1e6
        self._log(event="start", device=str(self.device), megamacs=round(size, 1))
        self.started = time.monotonic() - self.progress.seconds
        reported = checked = self.progress.seconds
        since, loss_sum, steps = self.progress.lines, 0.0, 0
        self.model.train()
        self.share_cores()
        for batch in source:
            loss_sum += self.step(batch.to(self.device))
            steps += 1
            over = self.progress.seconds >= options.minutes * 60
            if self.progress.seconds - reported >= REPORT_SECONDS or over:
                rate = (self.progress.lines - since) / (self.progress.seconds - reported)
                self._log(
                    event="step",
                    loss=round(float(loss_sum) / steps, 4),
                    lines_per_second=round(rate),
                    shards=source.shards,
                    rate=round(self.rate(), 6),
                )
                self.share_cores()
                reported, since = self.progress.seconds, self.progress.lines
                loss_sum, steps = 0.0, 0
            if self.progress.seconds - checked >= options.check_minutes * 60 or over:
                self.check()
                checked = self.progress.seconds
            if over:
                return

    def step(self, batch: Batch) -> Tensor:
        """Learns from one batch and returns its loss per character."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        if self.done() >= SETTLED:
            settle(self.model)
        elif self.progress.steps % EVENED == 0:
            workers.even_out(self.model.buffers())
        lines = normalise(batch.pictures, batch.tones, batch.widths)
        widths = batch.widths
        if not self.options.no_augment:
            lines, widths = augment(lines, widths)
        with self.precision():
            logits, early = self.model.read(lines.contiguous(memory_format=torch.channels_last))
        labels = [line.label for line in batch.lines]
        targets, lengths = self.targets(labels)
        loss = ctc(logits, widths, targets, lengths)
        total = loss + EARLY * ctc(early, widths, targets, lengths)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        elapsed, lines_read = workers.share(
            self.model.parameters(), [time.monotonic() - self.started, float(len(labels))]
        )
        nn.utils.clip_grad_norm_(self.model.parameters(), 2.0)
        self.optimizer.step()
        self.progress.steps += 1
        self.progress.lines += round(lines_read * workers.count())
        self.progress.seconds = elapsed
        self.average()
        return loss.detach()

    def share_cores(self) -> None:
        """Leaves a core to each process that draws: threads that wait for each other crawl else."""
        threads = (self.options.threads or os.cpu_count() or 1) // workers.count()
        drawing = self.drawer.busy if self.drawer else 0
        torch.set_num_threads(max(1, threads - drawing))

    def precision(self) -> torch.autocast:
        """Returns the arithmetic's precision: half where the machine is faster with it."""
        chosen = self.options.precision
        quick = self.device.type == "cuda" or bf16_instructions()
        half = chosen == "bf16" or (chosen == "auto" and quick)
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=half)

    def targets(self, labels: list[str]) -> tuple[Tensor, Tensor]:
        """Returns the classes of all labels one after the other, and their lengths."""
        classes = [self.alphabet.encode(label) for label in labels]
        flat = torch.tensor([number for one in classes for number in one], dtype=torch.long)
        lengths = torch.tensor([len(one) for one in classes], dtype=torch.long)
        return flat.to(self.device), lengths.to(self.device)

    def done(self) -> float:
        """Returns the share of the time that is over."""
        return min(1.0, self.progress.seconds / (self.options.minutes * 60))

    def rate(self) -> float:
        """Returns the learning rate: it rises a short while, then falls as a cosine does."""
        done = self.done()
        if done < WARM_UP:
            return self.options.rate * (0.02 + 0.98 * done / WARM_UP)
        fall = (done - WARM_UP) / (1.0 - WARM_UP)
        return self.options.rate * (0.005 + 0.995 * 0.5 * (1.0 + math.cos(math.pi * fall)))

    @torch.no_grad()
    def average(self) -> None:
        """Moves the averaged weights towards the present ones."""
        keep = min(0.999, (1.0 + self.progress.steps) / (10.0 + self.progress.steps))
        for kept, new in zip(
            self.averaged.state_dict().values(), self.model.state_dict().values(), strict=True
        ):
            if kept.is_floating_point():
                kept.lerp_(new, 1.0 - keep)

    def check(self) -> None:
        """Writes a checkpoint, then reads lines that are never trained on."""
        if self.rank != 0:
            return
        self._save()
        files = sorted(self.options.data.glob("check-*.lines"))
        if not files:
            return
        shard = Shard(files[0])
        texts = read_shard(self.averaged, self.alphabet, shard, self.device)
        right = sum(line.label == text for line, text in zip(shard, texts))
        self._log(event="check", exact=round(right / len(shard), 4), of=len(shard))

    def _save(self) -> None:
        about = {**vars(self.progress), "seed": self.options.seed, "shape": self.options.shape}
        save_weights(
            self.run_folder / "weights.npz",
            self.averaged.state_dict(), self.model.shape, self.alphabet, about,
        )  # fmt: skip
        state = {
            "model": self.model.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "progress": vars(self.progress),
        }
        partial = self.run_folder / "state.partial"
        torch.save(state, partial)
        os.replace(partial, self.run_folder / "state.pt")

    def _resume(self) -> None:
        state = torch.load(self.run_folder / "state.pt", map_location=self.device)
        self.model.load_state_dict(state["model"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.progress = Progress(**state["progress"])

    def _log(self, **fields: Any) -> None:
        if self.rank != 0:
            return
        line = json.dumps(
            {
                "minutes": round(self.progress.seconds / 60, 2),
                "steps": self.progress.steps,
                "lines": self.progress.lines,
                **fields,
            }
        )
        print(line, flush=True)
        with (self.run_folder / "log.jsonl").open("a") as file:
            file.write(line + "\n")


def ctc(logits: Tensor, widths: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
    """Returns CTC's loss per character of a batch; a line without text counts as one."""
    chances = functional.log_softmax(logits.float(), dim=2).transpose(0, 1)
    losses = functional.ctc_loss(
        chances, targets, frames(widths), lengths,
        blank=BLANK, reduction="none", zero_infinity=True,
    )  # fmt: skip
    return losses.sum() / lengths.clamp(min=1).sum()


def bf16_instructions() -> bool:
    """Says whether the processor multiplies in half precision: then twice as fast (measured)."""
    described = Path("/proc/cpuinfo")
    return described.exists() and "avx512_bf16" in described.read_text()


def decayed(model: nn.Module) -> list[dict[str, Any]]:
    """Splits weights into those that decay and those that do not: biases, normalisation."""
    many = [weight for weight in model.parameters() if weight.dim() > 1]
    few = [weight for weight in model.parameters() if weight.dim() <= 1]
    return [{"params": many, "weight_decay": 0.02}, {"params": few, "weight_decay": 0.0}]


if __name__ == "__main__":
    main()
