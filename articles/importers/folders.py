"""A folder on a disk, or in an upload: its files with their paths in it, and what of it is not taken in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from articles.importers.entries import (
    DEVICE,
    HEAD_BYTES,
    LINK,
    NO_ARTICLE,
    hidden_in,
    not_an_article,
    shortened,
    without_unshown,
)

HIDDEN = "hidden, and not taken in: bring it in by itself if there are articles in it"
CLOSED = "it cannot be opened: {}"


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file under the path that it is known by, which begins with the name of the folder that was asked for.

    `left_out` says why it is passed over unopened, `problem` why it cannot be opened; both may be of a folder.
    """

    file: Path
    path: str
    left_out: str = ""
    problem: str = ""


def files(folder: Path) -> Iterator[OnDisk]:
    """The files of a folder and of those in it, in the order of their names. Links are not followed."""
    waiting = [(folder, folder.name or folder.resolve().name)]
    while waiting:
        here, path = waiting.pop()
        try:
            with os.scandir(here) as listing:
                found = sorted(listing, key=lambda item: item.name)
        except OSError as error:
            yield OnDisk(here, path, problem=CLOSED.format(error.strerror))
            continue
        each = [(item, f"{path}/{item.name}".removeprefix("/")) for item in found]
        yield from (_on_disk(item, below) for item, below in each if not _is_folder(item, below))
        waiting += [(Path(item), below) for item, below in reversed(each) if _is_folder(item, below)]


def _is_folder(item: os.DirEntry[str], path: str) -> bool:
    """Whether it is gone through. A hidden one is left out as a whole."""
    return item.is_dir(follow_symlinks=False) and not left_out(path)


def _on_disk(item: os.DirEntry[str], path: str) -> OnDisk:
    if item.is_symlink():
        return OnDisk(Path(item), path, left_out=LINK)
    if item.is_file() or item.is_dir():
        return OnDisk(Path(item), path, left_out=left_out(path))
    return OnDisk(Path(item), path, left_out=DEVICE)


def left_out(path: str) -> str:
    """Why a file is not taken in, by its path; "" if it is."""
    return HIDDEN if hidden_in(path) else ""


def no_article(path: str, head: bytes) -> str:
    """Why a file of a folder is none, by its first bytes; "" if it may be one.

    Who brings in a picture by itself takes it for an article, and is told that it is none by its refusal.
    """
    what = not_an_article(path, head[:HEAD_BYTES]) if "/" in path else ""
    return NO_ARTICLE.format(what) if what else ""


def shown(path: str) -> str:
    """The path that a file is known by here: nothing in it leads up or is not seen, and it can be kept."""
    parts = (part.strip() for part in without_unshown(path).split("/"))
    return shortened("/".join(part for part in parts if part not in ("", ".", ".."))) or "without a name"
