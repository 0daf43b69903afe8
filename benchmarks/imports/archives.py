"""An archive that is thrown away, and what a command of it costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ..running import ROOT


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of the processors, and the memory of the largest process, in MB."""

    wall: float
    processors: float
    peak: float


@contextmanager
def thrown_away() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        command(data, "migrate", "--verbosity", "0")
        yield data


def command(data: Path, *words: str) -> Cost:
    """Runs `manage.py` on the archive in `data`. Raises `RuntimeError` where the command fails."""
    begun = time.perf_counter()
    running = subprocess.Popen(  # noqa: S603 (ours)
        [sys.executable, "-W", "ignore", "manage.py", *words],
        cwd=ROOT, env={**os.environ, "NEWSARCHIVE_DATA": str(data)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise RuntimeError(f"manage.py {words[0]} ended with {running.returncode}; its last words are above.")
    return Cost(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
