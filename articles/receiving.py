"""Files on their way in: each is kept under the path that it came with, or it is said why it is not read."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import importers, originals
from .importers import folders
from .importers.entries import SavedPages
from .models import Original
from .records import UnreadableFile, storable

EMPTY = "the file is empty"
# Half characters that stand for no byte of a name on a disk; a browser may send them.
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


@dataclass(frozen=True)
class Incoming:
    """One file on its way in: its name, with the folders that it was in, and its bytes in pieces.

    The pieces raise `UnreadableFile` where they cannot be had. `left_out` is why nobody asks for them at all.
    """

    name: str
    chunks: Iterable[bytes] = ()
    left_out: str = ""


@dataclass(frozen=True)
class Received:
    """A file that came. Without an original `reason` says why it was not kept, with one why it is not read.

    `passed_over` is whether nobody would take it for an article.
    """

    name: str
    original: Original | None = None
    reason: str = ""
    passed_over: bool = False


def receive(files: Iterable[Incoming], *, by: Any = None, most: int | None = None) -> list[Received]:
    """Keep the files, in their order; one over `most` bytes is not kept.

    Raises `OSError` when the disk does not take them.
    """
    received = [_receive(incoming, path_of(incoming.name), by, most) for incoming in files]
    pages = SavedPages(file.name for file in received)
    return [_beside(pages, file) for file in received]


def _beside(pages: SavedPages, file: Received) -> Received:
    """A page may come behind its parts, so this is asked when all are here."""
    page = pages.around(file.name)
    return dataclasses.replace(file, reason=page, passed_over=True) if page else file


def _receive(incoming: Incoming, name: str, by: Any, most: int | None) -> Received:
    if left_out := incoming.left_out or folders.left_out(name):
        return Received(name, reason=left_out, passed_over=True)
    try:
        return _kept(name, iter(incoming.chunks), by, most)
    except UnreadableFile as error:
        return Received(name, reason=str(error))
    except originals.TooLarge as error:
        return Received(name, reason=f"{error}: split the file, or raise the limit in the settings")


def _kept(name: str, chunks: Iterable[bytes], by: Any, most: int | None) -> Received:
    head = next(iter(chunks), b"")
    if not head:
        return Received(name, reason=EMPTY)
    everything = itertools.chain([head], chunks)
    original = originals.keep(everything, name=name, media_type=_media_type(name, head), received_by=by, most=most)
    beside = folders.no_article(name, head)
    return Received(name, original, beside, passed_over=bool(beside))


def _media_type(name: str, head: bytes) -> str:
    try:
        return importers.detect(name, head[: importers.HEAD_BYTES]).media_type
    except UnreadableFile:
        return "application/octet-stream"


def path_of(name: str) -> str:
    """The path that a file is known by here, which says nothing of any other place."""
    return folders.shown(readable(name))


def readable(name: str) -> str:
    """The name of a file as text: on a disk it may be any bytes, and those that are no text come as half characters."""
    whole = _HALVES.sub("\ufffd", name)
    return storable(whole.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
