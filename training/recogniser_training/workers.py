"""Several processes that learn as one, each with a thread and batches of its own.

On processors that others use too, threads that share each operation wait for one another
at every one of them; processes wait once a step.
"""

import os
import socket
import time
from collections.abc import Callable, Iterable
from threading import Thread

import torch
from torch import Tensor, distributed, nn
from torch import multiprocessing as processes


def spawn(work: Callable[..., None], count: int, *arguments: object) -> None:
    """Runs `work(rank, ...)` in so many processes, or here if there is but one."""
    if count == 1:
        work(0, *arguments)
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        os.environ["MASTER_PORT"] = str(free.getsockname()[1])
    os.environ["MASTER_ADDR"] = "127.0.0.1"
    processes.spawn(_join, (count, work, arguments), nprocs=count)


def _join(rank: int, count: int, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    distributed.init_process_group("gloo", rank=rank, world_size=count)
    work(rank, *arguments)
    distributed.destroy_process_group()


def _end_with(parent: int) -> None:
    """Ends this process when the one that began it is gone, however that ended."""
    while os.getppid() == parent:
        time.sleep(2.0)
    os._exit(1)


def count() -> int:
    """Returns how many processes learn."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def share(weights: Iterable[nn.Parameter], numbers: list[float]) -> list[float]:
    """Gives all processes the mean of their gradients, and returns that of some numbers."""
    if count() == 1:
        return numbers
    gradients = [weight.grad for weight in weights if weight.grad is not None]
    told = torch.tensor(numbers, dtype=torch.float64)
    whole, rest = told.floor().float(), (told - told.floor()).float()
    flat = torch.cat([*(gradient.flatten() for gradient in gradients), whole, rest])
    distributed.all_reduce(flat)
    flat /= count()
    start = 0
    for gradient in gradients:
        gradient.copy_(flat[start : start + gradient.numel()].view_as(gradient))
        start += gradient.numel()
    whole, rest = flat[start:].double().view(2, -1)
    return (whole + rest).tolist()


def even_out(buffers: Iterable[Tensor]) -> None:
    """Gives all processes the mean of their statistics."""
    if count() == 1:
        return
    for buffer in buffers:
        if buffer.is_floating_point():
            distributed.all_reduce(buffer)
            buffer /= count()
