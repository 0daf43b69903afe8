"""The disk takes no more, at several sizes: nothing hangs, nothing is lost, and with room again it goes on."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .archive import Archive

# In kB: from one on which not even the database finds room to one that is filled by imports.
NUMBER = int(os.environ.get("SIZES", "5"))
SIZES = [400 + 12_800 * step // NUMBER for step in range(NUMBER)]
# Seconds after which something that stands still counts as hanging.
PATIENCE = 30
FULL = ("No space left on device", "disk is full", "disk I/O error")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted by this account")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def resize(disk: Path, kilobytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", disk], check=True)


@pytest.mark.parametrize("kilobytes", SIZES)
def test_a_full_disk_loses_nothing_and_is_gone_on_from(disk: Path, tmp_path: Path, kilobytes: int):
    with Archive(disk / "data", tmp_path / "notes") as archive:
        resize(disk, kilobytes)
        prepared = archive.wait(archive.begin("prepare")) == 0
        if prepared:
            fill_up(archive)
        told = archive.errors()
        assert all(any(words in error for words in FULL) for error in filter(None, told.split("\n\n\n"))), told
        resize(disk, 64 * 1024)
        if not prepared:
            archive.do("prepare")
        assert archive.complaints() == []


def fill_up(archive: Archive) -> None:
    """Until nothing more can be handed in."""
    work, upload = archive.begin("work"), archive.begin("upload", life="full", seed=1)
    began = time.monotonic()
    while not archive.errors():
        assert time.monotonic() < began + PATIENCE, "it hangs"
        time.sleep(0.1)
    archive.wait(upload)
    time.sleep(0.5)
    archive.kill(work)
