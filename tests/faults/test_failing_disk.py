"""The disk fails at some call: nothing hangs, nothing that was acknowledged is lost, and it goes on afterwards."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .archive import Archive

NUMBER = int(os.environ.get("FAILS", "4"))
SEED = int(os.environ.get("SEED", random.randrange(1_000_000)))
CALLS = ("fsync,fdatasync", "write,pwrite64")
# How many such calls a life makes at least before it is killed.
MOST = {CALLS[0]: 40, CALLS[1]: 400}
FAILED = ("Input/output error", "disk I/O error")
# Seconds that each life has.
LIFE = 2.0
PATIENCE = 30


def cases() -> list[tuple[str, int]]:
    dice = random.Random(SEED)
    return [(calls := CALLS[number % 2], dice.randint(1, MOST[calls])) for number in range(NUMBER)]


@contextmanager
def failing(process: int, calls: str, nth: int, told: Path) -> Iterator[None]:
    """Each thread of a process meets an I/O error at its nth call."""
    fault = f"inject={calls}:error=EIO:when={nth}"
    command = ["strace", "-f", "-e", f"trace={calls}", "-e", fault, "-o", told, "-p", str(process)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        if "attached" not in tracer.stderr.readline():
            tracer.wait(PATIENCE)
            pytest.skip("no process can be traced by this account")
        yield
        tracer.terminate()


def strange(errors: str) -> list[str]:
    """Those that do not say that the disk failed."""
    return [error for error in filter(None, errors.split("\n\n\n")) if not any(words in error for words in FAILED)]


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_a_disk_that_fails_at_some_call_loses_nothing_and_is_gone_on_from(tmp_path: Path):
    print(f"SEED={SEED} FAILS={NUMBER}")
    with Archive(tmp_path / "data", tmp_path / "notes") as archive:
        archive.do("prepare")
        injected = 0
        for number, (calls, nth) in enumerate(cases()):
            start = tmp_path / f"start{number}"
            lives = [
                archive.begin("work", after=str(start)),
                archive.begin("upload", after=str(start), life=f"fail{number}", seed=number),
            ]
            told = [tmp_path / f"told{number}.{life}" for life in lives]
            with failing(lives[0], calls, nth, told[0]), failing(lives[1], calls, nth, told[1]):
                start.touch()
                time.sleep(LIFE)
                archive.kill(*lives)
            injected += sum(path.read_text(errors="replace").count("(INJECTED)") for path in told)
            errors = archive.errors()
            assert all(any(words in error for words in FAILED) for error in filter(None, errors.split("\n\n\n"))), (
                errors
            )
            assert archive.complaints() == [], (calls, nth)
        print(f"{injected} calls failed; {len(archive.promises())} uploads were promised")
        assert injected >= 1
