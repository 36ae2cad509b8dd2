"""Draws lines with the program `lines` into shard files, several processes at a time."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from .alphabet import REPOSITORY

# Lines of one shard: some 50 MB.
SHARD = 4096


def default_program() -> Path:
    """Returns where cargo puts the release build of `lines`."""
    target = os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")
    return Path(target) / "release" / "lines"


def default_data() -> Path:
    """Returns the folder that keeps what was drawn."""
    cache = os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")
    return Path(cache) / "wathiqa" / "training" / "lines"


def shard_path(data: Path, split: str, seed: int, count: int) -> Path:
    """Returns the file of one seed; its name says all that it depends on."""
    return data / f"{split}-{seed:08}-{count}.lines"


def draw(program: Path, data: Path, split: str, seed: int, count: int) -> Path:
    """Draws one shard unless it is there already, and returns its file."""
    path = shard_path(data, split, seed, count)
    if path.exists():
        return path
    data.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    command = [program, "stream", "--split", split, "--seed", str(seed), "--count", str(count)]
    try:
        with partial.open("wb") as file:
            subprocess.run(command, stdout=file, check=True)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def kinds(program: Path, data: Path) -> list[str]:
    """Returns the names of the kinds, and keeps them beside the shards.

    A machine that has the shards need not have the program.
    """
    kept = data / "kinds.txt"
    if program.exists():
        names = subprocess.run(
            [program, "kinds"], check=True, capture_output=True, text=True
        ).stdout.split()
        data.mkdir(parents=True, exist_ok=True)
        kept.write_text("\n".join(names) + "\n", "utf-8")
    return kept.read_text("utf-8").split()


class Drawer:
    """Draws training shards in the background, from `first` seed on.

    `limit` is how many shards may lie in the folder. With `fresh` the oldest make room for
    new ones, else drawing ends there.
    """

    def __init__(
        self, program: Path, data: Path, processes: int, first: int, limit: int, fresh: bool
    ) -> None:
        self._program, self._data, self._limit, self._fresh = program, data, limit, fresh
        self._seed = first
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(processes)]
        for thread in self._threads:
            thread.start()

    @property
    def busy(self) -> int:
        """How many processes are drawing."""
        return sum(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Waits for the shards that are being drawn, and draws no more."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while not self._stopped.is_set():
            with self._lock:
                seed = self._seed
                self._seed += 1
                if not self._room():
                    return
            if shard_path(self._data, "train", seed, SHARD).exists():
                continue
            try:
                draw(self._program, self._data, "train", seed, SHARD)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"drawing seed {seed}: {error}", file=sys.stderr, flush=True)
                return

    def _room(self) -> bool:
        shards = sorted(self._data.glob("train-*.lines"))
        if len(shards) < self._limit:
            return True
        if self._fresh:
            # Who reads it has it mapped and goes on reading.
            shards[0].unlink(missing_ok=True)
        return self._fresh
